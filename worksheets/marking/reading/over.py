"""Find what a PDF shows over the empty fields of its form: notes, drawings, pictures, texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from worksheets.language import told
from worksheets.machine.pdf_objects import Dictionary, Pdf, Stream, String
from worksheets.marking.reading.drawn import Drawn, Rectangle, marks_of, rectangle
from worksheets.marking.reading.fields import Field, on_pages

# What lies on a page beside notes and drawings: fields themselves, links, a note's own window.
NO_NOTES = {"/Widget", "/Link", "/Popup"}
NOT_SEEN = 2 | 32  # flags of what is hidden or not viewed
EDGE = 2  # points of a field that a cell's border may reach into; none of a blank's reaches further
SOMETHING = "…"  # in place of what cannot be read


@dataclass(frozen=True)
class Shown:
    """Hold what stands over a field, as far as it says so itself, and its page."""

    text: str
    where: str


def annotated(pdf: Pdf) -> int:
    """Count the notes and drawings on the pages."""
    return sum(1 for _ in _notes(pdf))


def shown_over(pdf: Pdf, empty: Mapping[str, Field]) -> dict[str, Shown]:
    """Return what the pages show over empty fields, by these fields' names."""
    notes: dict[int, list[tuple[Rectangle, str]]] = defaultdict(list)
    for number, one in _notes(pdf):
        if place := rectangle(one.get("/Rect")):
            notes[number].append((place, _text(one)))
    drawn: dict[int, Drawn] = {}
    found: dict[str, Shown] = {}
    for name, field in empty.items():
        for number, widget in field.widgets:
            place = rectangle(widget.get("/Rect"))
            if place is None or int(widget.get("/F", 0)) & NOT_SEEN:
                continue
            if number not in drawn:
                drawn[number] = Drawn.by(marks_of(pdf, pdf.pages[number - 1].obj))
            inside = place.inside(EDGE)
            texts = [text for note, text in notes[number] if note.meets(inside)]
            if texts or _draws(pdf, widget) or drawn[number].reaches(inside):
                text = " ".join(filter(None, texts)) or SOMETHING
                found[name] = Shown(text, told("page {number}", number=number))
    return found


def _notes(pdf: Pdf) -> Iterator[tuple[int, Any]]:
    for number, one in on_pages(pdf):
        if one.get("/Subtype") not in NO_NOTES and not int(one.get("/F", 0)) & NOT_SEEN:
            yield number, one


def _text(note: Any) -> str:
    text = note.get("/Contents")
    return str(text).strip() if isinstance(text, String) else ""


def _draws(pdf: Pdf, widget: Any) -> bool:
    """Tell whether a widget looks as if there were a text in its field."""
    looks = widget.get("/AP")
    normal = looks.get("/N") if isinstance(looks, Dictionary) else None
    return isinstance(normal, Stream) and any(
        one.is_text or one.name for one in marks_of(pdf, normal)
    )
