"""Read the submission in a fillable PDF. Nothing in it is run, drawn or followed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from worksheets.errors import InputError
from worksheets.language import to_tell, told
from worksheets.machine.pdf_objects import PasswordError, Pdf, PdfError, opened
from worksheets.marking.reading.draft import Draft
from worksheets.marking.reading.fields import Field, fields
from worksheets.marking.reading.over import Shown, annotated, shown_over
from worksheets.tabular.row import shown as quoted
from worksheets.views.names import DATE, SHEET_FADE, SHEET_ID, STUDENT, WRITTEN

# How the PDF library begins a reason: with an object of the program, and a place in the bytes.
IN_THE_STREAM = re.compile(r".*<[^>]*>\s*(\([^)]*\))?\s*:\s*")
LONGEST_REASON = 100
SAVE_AGAIN = to_tell("open it in a PDF viewer and save it again")
# What programs make of the field's name where they join several forms.
ANOTHER_ID = re.compile(rf"(?:.*\W)?{SHEET_ID}(?:\W.*)?", re.DOTALL)
QUESTION = re.compile(rf"{WRITTEN}\d+")
ONLY_SHOWN = to_tell("the page shows something here, and the form’s field is empty")
BY_HAND = to_tell(
    "look at it, and take it in with `enter`, or have it filled in again in the fields"
)


def form_draft(source: str, content: bytes) -> Draft:
    """Return the submission in a filled PDF.

    What somebody wrote over an empty field is no answer, and the field is not blank: the cell could
    not be read. A form of which no field is filled in, and whose pages show more than a blank one,
    is set aside.

    Raises:
        InputError: if it is damaged, needs a password, holds JavaScript, or is not a sheet's form.
    """
    try:
        with opened(content) as pdf:
            return _draft(source, pdf)
    except (InputError, MemoryError):
        raise
    except PasswordError:
        raise InputError(told("the PDF needs a password; save it without one")) from None
    except Exception as error:  # pikepdf lets through whatever a damaged part causes
        if "bad_alloc" in str(error):
            raise MemoryError from None
        raise InputError(_damaged(error)) from None


def _draft(source: str, pdf: Pdf) -> Draft:
    found = fields(pdf)
    if not found:
        raise InputError(
            told(
                "the PDF has no form: it was scanned, or printed into a file; the fillable PDF "
                "itself is needed, saved after it was filled in"
            )
        )
    ids = {text for name, one in found.items() if ANOTHER_ID.fullmatch(name) for text in one.texts}
    if len(ids) > 1:
        raise InputError(
            told(
                "{count} sheets’ forms are in one PDF, {ids}: "
                "each has to be handed in as a file of its own",
                count=len(ids),
                ids=", ".join(sorted(map(quoted, ids))),
            )
        )
    if SHEET_ID not in found:
        raise InputError(
            told("the PDF’s form has no field {field}; it is not that of a sheet", field=SHEET_ID)
        )
    known = {name: found.pop(name, Field()) for name in (SHEET_ID, STUDENT, DATE, SHEET_FADE)}
    who, fade = " / ".join(known[STUDENT].texts), known[SHEET_FADE].text
    draft = Draft(source, known[SHEET_ID].text, who, fade=fade, complete=True)
    draft.written = [found.pop(name).text for name in sorted(filter(QUESTION.fullmatch, found))]
    empty = {name: one for name, one in found.items() if not one.texts}
    over = shown_over(pdf, empty) if empty else {}
    if len(empty) == len(found):
        _refuse_shown(pdf, over)
    for name, one in found.items():
        for text, where in one.texts.items():
            draft.add(name, text, where)
        if not one.texts:
            what = over.get(name)
            draft.add(name, *((what.text, what.where, told(ONLY_SHOWN)) if what else ("",)))
    if over:
        draft.notes.append(
            told(
                "{over} an empty field under what the page shows: {by_hand}",
                over=_cells(over),
                by_hand=told(BY_HAND),
            )
        )
    return draft


def _refuse_shown(pdf: Pdf, over: Mapping[str, Shown]) -> None:
    """Refuse a form in which no field is filled in, while its pages show more than a blank one."""
    if over:
        raise InputError(
            told(
                "no field is filled in, but the pages show something over {over} of them: it was "
                "written beside the form; {by_hand}",
                over=len(over),
                by_hand=told(BY_HAND),
            )
        )
    if notes := annotated(pdf):
        raise InputError(
            told(
                "no field is filled in, but {notes} on the pages: it was written beside the "
                "form; {by_hand}",
                notes=_notes(notes),
                by_hand=told(BY_HAND),
            )
        )


def _notes(count: int) -> str:
    return (
        told("a note or a drawing lies")
        if count == 1
        else told("{count} notes or drawings lie", count=count)
    )


def _cells(over: Mapping[str, Shown]) -> str:
    return told("1 cell has") if len(over) == 1 else told("{over} cells have", over=len(over))


def _damaged(error: Exception) -> str:
    """Say that a PDF is damaged, and how, where that is the PDF library's to say."""
    said = str(error).partition("\n")[0] if isinstance(error, PdfError) else ""
    why = IN_THE_STREAM.sub("", said)[:LONGEST_REASON]
    return told(
        "the PDF is damaged or not complete{why}; {save_again}",
        why=f" ({why})" if why else "",
        save_again=told(SAVE_AGAIN),
    )
