"""Print a lesson as a teacher's leaflet, with pictures of the blank sheet's pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Name

from worksheets.lessons.lesson import Lesson
from worksheets.render.grey import grey_styles, in_grey
from worksheets.render.page import PAPERS, html, template
from worksheets.render.pdf import document, own_styled_pdf
from worksheets.render.speech import speech
from worksheets.sheet import make, read_id
from worksheets.views.page import Page

MARGIN, WIDTH = 12.0, 186.0  # mm, above and below; of what is printed, on either paper
GAP, WIDEST = 4.0, 91.0  # mm, between pictures; of one
POINTS = 72 / 25.4


@dataclass(frozen=True)
class Box:
    """Hold a picture's place on the first page, in mm from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Frames:
    """Hold the places of the pictures, side by side at the foot of the first page, in mm."""

    height: float
    boxes: tuple[Box, ...]


def leaflet(lesson: Lesson, paper: str = "a4", *, grey: bool = False) -> bytes:
    """Return the leaflet as PDF/UA-1, the same bytes each time.

    Raises:
        InputError: if there is no such paper.
        OSError: if the C libraries that draw pages are missing.
    """
    page = Page(paper=paper, grey=grey)
    width, height = PAPERS[page.paper]
    with pikepdf.open(BytesIO(_blank(lesson, page))) as blank:
        frames = _frames(len(blank.pages), width, height)
        text = template("lesson.html.jinja").render(
            **speech(lesson.language),
            lesson=lesson,
            frames=frames,
            paper_width=width,
            paper_height=height,
            side=(width - WIDTH) / 2,
            margin=MARGIN,
            inked=in_grey if grey else str,
        )
        with pikepdf.open(BytesIO(own_styled_pdf(text))) as pdf:
            _put(pdf, list(blank.pages), frames.boxes, height)
            file = BytesIO()
            pdf.save(file, deterministic_id=True)
    return file.getvalue()


def _blank(lesson: Lesson, page: Page) -> bytes:
    """Return the blank sheet without tags: in the leaflet its pages are pictures."""
    (sheet,) = make([read_id(lesson.id)])
    laid_out = document(html(sheet, solved=False, page=page), grey_styles() if page.grey else "")
    return bytes(laid_out.write_pdf())


def _frames(count: int, width: float, height: float) -> Frames:
    """Return where so many pages of this size are shown, in mm."""
    wide = min(WIDEST, (WIDTH - GAP * (count - 1)) / count)
    high = wide * height / width
    left = (width - count * wide - GAP * (count - 1)) / 2
    boxes = (
        Box(left + place * (wide + GAP), height - MARGIN - high, wide, high)
        for place in range(count)
    )
    return Frames(high, tuple(boxes))


def _put(pdf: pikepdf.Pdf, pages: Sequence[Any], boxes: Sequence[Box], height: float) -> None:
    """Draw pages of another document in their frames, as artifacts: the frames have their texts."""
    first = pdf.pages[0]
    first.contents_add(b"q", prepend=True)  # the renderer's transform is left open at its end
    first.contents_add(b"Q")
    for number, (page, box) in enumerate(zip(pages, boxes, strict=True), start=1):
        picture = pdf.copy_foreign(page.as_form_xobject())
        name = first.add_resource(picture, Name.XObject, Name(f"/Picture{number}"))
        scale = box.width * POINTS / float(page.mediabox[2])
        left, bottom = box.left * POINTS, (height - box.top - box.height) * POINTS
        drawn = f"{scale:.6f} 0 0 {scale:.6f} {left:.4f} {bottom:.4f} cm {name} Do"
        first.contents_add(f"q /Artifact BMC {drawn} EMC Q".encode())
