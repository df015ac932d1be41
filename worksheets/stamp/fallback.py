"""Draw texts that the package's fonts lack, by the renderer with the machine's fonts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape

from worksheets.machine.executors import BROWSER
from worksheets.render.unsupported import unsupported

SIZE = 16  # in pixels, at which a text is drawn: forms can be scaled
LINE = 2 * SIZE  # high enough for the marks above and below any script's letters
WIDE = 4000  # pixels: no line is as long
STYLES = f"""
@page {{ size: {WIDE}px {LINE}px; margin: 0 }}
p {{ break-after: page; margin: 0; font: 700 {SIZE}px/{LINE}px Sheet Sans, Noto Sans, sans-serif;
  white-space: pre }}
"""


@dataclass(frozen=True)
class FallbackForm:
    """Hold a text as a form: its place among the objects, and its width in pixels."""

    place: int
    width: float


@dataclass(frozen=True)
class FallbackTexts:
    """Hold texts as forms, among objects that refer to each other by `{n} 0 R`, from 0 on.

    In a document they are the objects from `at` on, `of` so many. Texts with a character that no
    font of the machine has are not among the forms.
    """

    objects: tuple[bytes, ...] = ()
    forms: dict[str, FallbackForm] = field(default_factory=dict)
    at: int = 0
    of: int = 0

    def alone(self) -> FallbackTexts:
        """Return the same in a document that has no others."""
        return replace(self, at=0, of=len(self.objects))

    def only(self, texts: Iterable[str]) -> FallbackTexts:
        """Return the same with the forms of these texts alone."""
        return replace(self, forms={text: self.forms[text] for text in texts})


NOTHING = FallbackTexts()
NONE: Mapping[str, FallbackForm] = {}


def placed(some: Iterable[FallbackTexts]) -> list[FallbackTexts]:
    """Place these one after the other in one document."""
    every = list(some)
    of, at, found = sum(len(one.objects) for one in every), 0, []
    for one in every:
        found.append(replace(one, at=at, of=of))
        at += len(one.objects)
    return found


def together(some: Sequence[FallbackTexts]) -> FallbackTexts:
    """Return all forms of these, which stand one after the other in one document."""
    forms = {
        text: FallbackForm(one.at + form.place, form.width)
        for one in some
        for text, form in one.forms.items()
    }
    return FallbackTexts(forms=forms, of=some[0].of if some else 0)


def draw(texts: Sequence[str]) -> FallbackTexts:
    """Draw texts, one a page, and make a form of each page."""
    if not texts:
        return NOTHING
    if BROWSER:
        return _by_canvas(texts)
    from worksheets.stamp.content import without
    from worksheets.stamp.objects import stream
    from worksheets.stamp.rendered_pages import RenderedPages

    lines = "".join(
        f'<p><span id="text{place}">{escape(text)}</span></p>' for place, text in enumerate(texts)
    )
    with unsupported() as missing:
        drawn = RenderedPages(
            f"<html><head></head><body>{lines}</body></html>", STYLES, tagged=False
        )
    drawn.complete_mappings()
    objects, renumbered = drawn.used_by(drawn.resources)
    resources = len(objects)
    all_objects = [*objects, renumbered(drawn.resources.data)]
    forms = {}
    for place, text in enumerate(texts):
        if missing.intersection(text):
            continue
        runs, _ = drawn.contents[place]
        left, _, right, _ = drawn.boxes[place][f"text{place}"]
        baseline = 0.75 * (LINE - max((run.y for run in runs), default=LINE * 0.7))
        head = (
            b"/Type/XObject/Subtype/Form/BBox[-9 0 %.3f %.3f]/Matrix[1 0 0 1 0 %.6f]"
            b"/Resources {%d} 0 R" % (0.75 * (right - left) + 9, 0.75 * LINE, -baseline, resources)
        )
        forms[text] = FallbackForm(len(all_objects), right - left)
        all_objects.append(stream(without(drawn.streams[place], ()), head))
    return FallbackTexts(tuple(all_objects), forms, of=len(all_objects))


def _by_canvas(texts: Sequence[str]) -> FallbackTexts:
    """Draw texts by a browser's fonts: each an image of ink, in a form at its baseline."""
    from worksheets.machine.canvas import drawn
    from worksheets.stamp.objects import stream

    objects: list[bytes] = []
    forms = {}
    for text in texts:
        one = drawn(text, SIZE)
        width, height, below = (0.75 * length for length in (one.width, one.height, one.below))
        image = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 1"
        image += b"/ImageMask true/Decode[1 0]"
        objects.append(stream(one.bits, image % (one.columns, one.rows)))
        head = b"/Type/XObject/Subtype/Form/BBox[0 %.3f %.3f %.3f]"
        head += b"/Resources<</XObject<</Ink {%d} 0 R>>>>"
        shown = b"0 g %.4f 0 0 %.4f 0 %.4f cm /Ink Do" % (width, height, -below)
        forms[text] = FallbackForm(len(objects), one.width)
        objects.append(stream(shown, head % (-below, width, height - below, len(objects) - 1)))
    return FallbackTexts(tuple(objects), forms, of=len(objects))
