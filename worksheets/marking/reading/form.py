"""Read the fields of a fillable PDF. Nothing in it is run, drawn or followed."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

from worksheets.errors import InputError
from worksheets.marking.reading.draft import Draft
from worksheets.marking.submission import Entry
from worksheets.views.names import DATE, SHEET_FADE, SHEET_ID, STUDENT

MOST_FIELDS, MOST_PAGES = 20_000, 1_000
LONGEST_STREAM = 10_000
SAVE_AGAIN = "open it in a PDF viewer and save it again"


def form_draft(source: str, content: bytes) -> Draft:
    """Return the submission in a filled PDF.

    Raises:
        InputError: if it is damaged, needs a password, holds JavaScript, or is not a sheet's form.
    """
    try:
        with pikepdf.open(BytesIO(content), attempt_recovery=False, suppress_warnings=True) as pdf:
            values: dict[str, Entry] = {}
            for name, entry in _fields(pdf):
                if values.setdefault(name, entry) != entry:
                    raise InputError(f"two fields are called {name[:100]!r}")
    except pikepdf.PasswordError:
        raise InputError("the PDF needs a password; save it without one") from None
    except pikepdf.PdfError as error:
        if "bad_alloc" in str(error):
            raise MemoryError from None
        raise InputError(_damaged(error)) from None
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise InputError(_damaged(error)) from None
    if not values:
        raise InputError(
            "the PDF has no form: it was scanned, or printed into a file; the fillable PDF itself "
            "is needed, saved after it was filled in"
        )
    if SHEET_ID not in values:
        raise InputError(f"the PDF’s form has no field {SHEET_ID}; it is not that of a sheet")
    sheet_id = values.pop(SHEET_ID).text
    student = values.pop(STUDENT, Entry("")).text
    values.pop(DATE, None)
    fade = values.pop(SHEET_FADE, Entry("")).text
    draft = Draft(source, sheet_id, student, fade=fade, complete=True)
    for name, entry in values.items():
        draft.add(name, entry.text, entry.where)
    return draft


def _fields(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Entry]]:
    """Yield the form's fields that are no groups of others, by their whole names."""
    _refuse_actions(pdf.Root, "OpenAction")
    if "/JavaScript" in _dictionary(pdf.Root.get("/Names")):
        raise InputError("the PDF holds JavaScript, which a sheet’s form does not have")
    form = _dictionary(pdf.Root.get("/AcroForm"))
    pages = _page_numbers(pdf)
    seen: set[tuple[int, int]] = set()
    # A field, its group's name, and the value that it inherits.
    waiting: list[tuple[Any, str, Any]] = []
    waiting += [(field, "", None) for field in reversed(_kids(form, "/Fields"))]
    while waiting:
        field, above, inherited = waiting.pop()
        if not isinstance(field, pikepdf.Dictionary):
            continue
        if field.objgen in seen and field.objgen != (0, 0):
            raise InputError("the PDF’s fields lead back to themselves")
        seen.add(field.objgen)
        if len(seen) > MOST_FIELDS:
            raise InputError(f"the PDF has more than {MOST_FIELDS:,} fields")
        _refuse_actions(field, "A")
        value = field.get("/V", inherited)
        kids = _kids(field, "/Kids")
        name = ".".join(filter(None, (above, str(field.get("/T", "")))))
        if len(name) > LONGEST_STREAM:
            raise InputError("a field’s name is far too long")
        groups = [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/T" in kid]
        if groups:
            waiting += [(kid, name, value) for kid in reversed(kids)]
        else:
            widget = kids[0] if kids else field
            yield name, Entry(_text(value), _where(widget, pages))


def _kids(parent: Any, key: str) -> list[Any]:
    kids = parent.get(key)
    if not isinstance(kids, pikepdf.Array):
        return []
    if len(kids) > MOST_FIELDS:
        raise InputError(f"the PDF has more than {MOST_FIELDS:,} fields")
    return list(kids)


def _page_numbers(pdf: pikepdf.Pdf) -> dict[tuple[int, int], int]:
    if len(pdf.pages) > MOST_PAGES:
        raise InputError(f"the PDF has {len(pdf.pages):,} pages; at most {MOST_PAGES:,} are read")
    numbers: dict[tuple[int, int], int] = {}
    for number, page in enumerate(pdf.pages, 1):
        _refuse_actions(page.obj)
        numbers[page.obj.objgen] = number
    return numbers


def _where(widget: Any, pages: dict[tuple[int, int], int]) -> str:
    page = widget.get("/P") if isinstance(widget, pikepdf.Dictionary) else None
    number = pages.get(page.objgen) if isinstance(page, pikepdf.Dictionary) else None
    return f"page {number}" if number else ""


def _text(value: Any) -> str:
    """Return a field's value: a text, a name, or a stream that holds a text."""
    if value is None:
        return ""
    if isinstance(value, pikepdf.Stream):
        return str(pikepdf.String(value.read_bytes()[:LONGEST_STREAM]))
    if isinstance(value, pikepdf.Name):
        return str(value).removeprefix("/")
    if isinstance(value, pikepdf.String):
        return str(value)
    raise InputError("a field’s value is no text")


def _refuse_actions(one: Any, *keys: str) -> None:
    """Refuse what would run a script in a viewer; actions of other kinds are passed over."""
    if "/AA" not in one and not any(f"/{key}" in one for key in keys):
        return  # nearly always
    actions = [one.get(f"/{key}") for key in keys]
    more = _dictionary(one.get("/AA"))
    actions += [more.get(key) for key in more]
    for action in actions:
        found = _dictionary(action)
        if "/JS" in found or found.get("/S") == "/JavaScript" or "/Next" in found:
            raise InputError("the PDF holds JavaScript, which a sheet’s form does not have")


def _dictionary(value: Any) -> Any:
    return value if isinstance(value, pikepdf.Dictionary) else {}


def _damaged(error: Exception) -> str:
    reason = (str(error).splitlines() or [type(error).__name__])[0][:100]
    return f"the PDF is damaged or not complete ({reason}); {SAVE_AGAIN}"
