"""Read the fields of a fillable PDF in a browser, by pypdf; what is drawn over them is not seen."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from pypdf import PdfReader

from worksheets.errors import InputError
from worksheets.marking.reading.draft import Draft
from worksheets.views.names import DATE, SHEET_FADE, SHEET_ID, STUDENT

MOST_FIELDS = 20_000
NOT_SEEN = "what was drawn or written beside its fields is not looked at in a browser"


def form_draft(source: str, content: bytes) -> Draft:
    """Return the submission in a filled PDF.

    Raises:
        InputError: if it is damaged, needs a password, holds JavaScript, or is not a sheet's form.
    """
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise InputError("the PDF needs a password; save it without one")
        _refuse_scripts(reader.trailer["/Root"])
        fields = (reader.get_fields() or {}).items()
        found = {name: _text(one) for name, one in fields if one.get("/FT")}
    except InputError:
        raise
    except Exception as error:  # pypdf lets through whatever a damaged part causes
        said = str(error)[:100] or type(error).__name__
        raise InputError(
            f"the PDF is damaged or not complete ({said}); open it in a PDF viewer and save it "
            "again"
        ) from None
    if len(found) > MOST_FIELDS:
        raise InputError(f"the PDF has more than {MOST_FIELDS:,} fields")
    if SHEET_ID not in found:
        raise InputError(
            f"the PDF’s form has no field {SHEET_ID}; the fillable PDF itself is needed, saved "
            "after it was filled in"
        )
    known = {name: found.pop(name, "") for name in (SHEET_ID, STUDENT, DATE, SHEET_FADE)}
    draft = Draft(source, known[SHEET_ID], known[STUDENT], fade=known[SHEET_FADE], complete=True)
    for name, text in found.items():
        draft.add(name, text)
    if not all(found.values()):
        draft.notes.append(NOT_SEEN)
    return draft


def _text(field: Any) -> str:
    """Return a field's value: a text, or a name."""
    _refuse_scripts(field)
    value = field.get("/V")
    if value is None:
        return ""
    return str(value) if field.get("/FT") == "/Tx" else str(value).removeprefix("/")


def _refuse_scripts(one: Any) -> None:
    """Refuse what would run a script in a viewer."""
    names = one.get("/Names")
    held = names.get_object() if names is not None else {}
    actions = [one.get(key) for key in ("/OpenAction", "/AA", "/A")]
    if "/JavaScript" in held or any("/JS" in str(action) for action in actions if action):
        raise InputError("the PDF holds JavaScript, which a sheet’s form does not have")
