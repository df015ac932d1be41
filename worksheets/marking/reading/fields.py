"""Find a PDF form's fields, in its own list of them and on its pages, with all their values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from worksheets.errors import InputError
from worksheets.language import told
from worksheets.machine.pdf_objects import Array, Dictionary, Name, Pdf, Stream, String, text_of

MOST_FIELDS, MOST_PAGES = 20_000, 1_000
LONGEST_STREAM = 10_000
DEEPEST = 32  # groups of a field
SIGNATURE = "/Sig"

Reference: TypeAlias = tuple[int, int]


@dataclass
class Field:
    """Hold a field as read: its different values that are not blank, with where each stands.

    `widgets` are what shows it, with the numbers of their pages, from 1.
    """

    texts: dict[str, str] = field(default_factory=dict)
    widgets: list[tuple[int, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the field's value, the first of several."""
        return next(iter(self.texts), "")

    def add(self, text: str, where: str) -> None:
        """Note a value."""
        if text and text.strip() not in ("", *map(str.strip, self.texts)):
            self.texts[text] = where


def fields(pdf: Pdf) -> dict[str, Field]:
    """Return the form's fields that are no groups of others, by their whole names.

    Some programs keep what somebody typed in the pages' widgets alone: in copies of the fields, or
    where the form does not list them. A field has the values of all that are called like it. What
    is signed is no answer.

    Raises:
        InputError: if there are far too many, if they lead back to themselves, or if a script is
            in them.
    """
    _refuse_actions(pdf.Root, "OpenAction")
    if "/JavaScript" in _dictionary(pdf.Root.get("/Names")):
        raise InputError(told("the PDF holds JavaScript, which a sheet’s form does not have"))
    pages = _page_numbers(pdf)
    found: dict[str, Field] = {}
    names: dict[Reference, str] = {}
    for name, one, value, kids in _listed(pdf):
        known = found.setdefault(name, Field())
        names[one.objgen] = name
        known.add(_text(value), _where(kids[0] if kids else one, pages))
        for widget in kids:
            if isinstance(widget, Dictionary):
                names[widget.objgen] = name
                known.add(_text(widget.get("/V")), _where(widget, pages))
    names.pop((0, 0), None)  # which stands for all that are written where they are used
    for number, one in on_pages(pdf):
        name = names.get(one.objgen, "")
        if not name and one.get("/Subtype") == "/Widget":
            name, value = _of_its_own(one)
            if name:
                found.setdefault(name, Field()).add(
                    _text(value), told("page {number}", number=number)
                )
        if name:
            found[name].widgets.append((number, one))
    return found


def _listed(pdf: Pdf) -> Iterator[tuple[str, Any, Any, list[Any]]]:
    """Yield the fields that the form lists: name, field, value, and what shows it if several do."""
    form = _dictionary(pdf.Root.get("/AcroForm"))
    seen: set[Reference] = set()
    below = 0  # kids in all, which many fields may share
    # A field, its group's name, and the value and the type that it inherits.
    waiting: list[tuple[Any, str, Any, Any]] = []
    waiting += [(one, "", None, None) for one in reversed(_kids(form, "/Fields"))]
    while waiting:
        one, above, value, kind = waiting.pop()
        if not isinstance(one, Dictionary):
            continue
        if one.objgen in seen and one.objgen != (0, 0):
            raise InputError(told("the PDF’s fields lead back to themselves"))
        seen.add(one.objgen)
        if len(seen) > MOST_FIELDS:
            raise InputError(told("the PDF has more than {most:,} fields", most=MOST_FIELDS))
        _refuse_actions(one, "A")
        value, kind = one.get("/V", value), one.get("/FT", kind)
        if kind == SIGNATURE:
            continue
        kids = _kids(one, "/Kids")
        below += len(kids)
        if below > MOST_FIELDS:
            raise InputError(told("the PDF has more than {most:,} fields", most=MOST_FIELDS))
        name = _joined(above, one)
        if any(isinstance(kid, Dictionary) and "/T" in kid for kid in kids):
            waiting += [(kid, name, value, kind) for kid in reversed(kids)]
        else:
            yield name, one, value, kids


def _joined(above: str, one: Any) -> str:
    name = ".".join(filter(None, (above, str(one.get("/T", "")))))
    if len(name) > LONGEST_STREAM:
        raise InputError(told("a field’s name is far too long"))
    return name


def on_pages(pdf: Pdf) -> Iterator[tuple[int, Any]]:
    """Yield all that lies on the pages, with the numbers of their pages.

    Raises:
        InputError: if it is far too much.
    """
    count = 0
    for number, page in enumerate(pdf.pages, 1):
        for one in _kids(page.obj, "/Annots"):
            count += 1
            if count > MOST_FIELDS:
                raise InputError(
                    told("the PDF has more than {most:,} fields and notes", most=MOST_FIELDS)
                )
            if isinstance(one, Dictionary):
                yield number, one


def _of_its_own(widget: Any) -> tuple[str, Any]:
    """Return name and value of a widget that the form does not list, by the groups that it names.

    The name is empty if it is no field with a text, or its groups lead back to themselves.
    """
    _refuse_actions(widget, "A")
    name, value, one = "", None, widget
    for _ in range(DEEPEST):
        if one.get("/FT") == SIGNATURE:
            break
        value = one.get("/V") if value is None else value
        name = ".".join(filter(None, (str(one.get("/T", "")), name)))
        above = one.get("/Parent")
        if not isinstance(above, Dictionary):
            return name[:LONGEST_STREAM], value
        one = above
    return "", None


def _kids(parent: Any, key: str) -> list[Any]:
    kids = parent.get(key)
    if not isinstance(kids, Array):
        return []
    if len(kids) > MOST_FIELDS:
        raise InputError(told("the PDF has more than {most:,} fields", most=MOST_FIELDS))
    return list(kids)


def _page_numbers(pdf: Pdf) -> dict[tuple[int, int], int]:
    if len(pdf.pages) > MOST_PAGES:
        raise InputError(
            told(
                "the PDF has {pages:,} pages; at most {most:,} are read",
                pages=len(pdf.pages),
                most=MOST_PAGES,
            )
        )
    numbers: dict[tuple[int, int], int] = {}
    for number, page in enumerate(pdf.pages, 1):
        _refuse_actions(page.obj)
        numbers[page.obj.objgen] = number
    return numbers


def _where(widget: Any, pages: dict[tuple[int, int], int]) -> str:
    page = widget.get("/P") if isinstance(widget, Dictionary) else None
    number = pages.get(page.objgen) if isinstance(page, Dictionary) else None
    return told("page {number}", number=number) if number else ""


def _text(value: Any) -> str:
    """Return a field's value: a text, a name, or a stream that holds a text."""
    if value is None:
        return ""
    if isinstance(value, Stream):
        return text_of(value.read_bytes()[:LONGEST_STREAM])
    if isinstance(value, Name):
        return str(value).removeprefix("/")
    if isinstance(value, String):
        return str(value)
    raise InputError(told("a field’s value is no text"))


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
            raise InputError(told("the PDF holds JavaScript, which a sheet’s form does not have"))


def _dictionary(value: Any) -> Any:
    return value if isinstance(value, Dictionary) else {}
