"""Lay a page out: the renderer draws it with placeholders, and what it drew is read back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from html import escape

from worksheets.language import say_in
from worksheets.render import qr
from worksheets.stamp import content, structure
from worksheets.stamp.find_places import find_places, with_ids
from worksheets.stamp.layout import (
    CENTRE,
    LEFT,
    LENGTHS,
    RIGHT,
    Code,
    Layout,
    Leaf,
    Place,
    Slot,
    Style,
)
from worksheets.stamp.places import NOWHERE
from worksheets.stamp.rendered_pages import FONTS, RenderedPages
from worksheets.stamp.shape import repertoire
from worksheets.stamp.sizes import specimens
from worksheets.stamp.slots import Marked, Pattern, anchor, mark, placeholders, tokens

CODE = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>{qr.TITLE}</title>'
    '<path fill="none" stroke="#000" d="M0 .5h1"/></svg>'
)
SPECIMEN = "specimen"
NEAR = 0.05  # of a pixel: as exact as the renderer writes places
WRITTEN = 6  # decimals of a place in the renderer's PDF
PADDING = 4  # pixels between an edge of a box and its text, at most


def lay_out(
    filled: Callable[[dict[str, str]], str],
    names: Iterable[str],
    *,
    style: str = "",
    solved: Callable[[dict[str, str]], str] | None = None,
    parts: Sequence[str] = (),
    look: str = "",
) -> Layout:
    """Return the layout of pages whose HTML `filled` makes of the texts of these names.

    It has the places of their cells if `solved` makes the HTML that says what goes into them;
    `parts` are the titles of the sheet's parts, and `look` is what their codes say of the pages.

    Raises:
        ValueError: if what ought never to change does so with the texts.
    """
    known = list(names)
    shortest = tokens(known, LENGTHS[0])
    pages = [mark(filled(tokens(known, length)), known) for length in LENGTHS]
    marked = pages[0]
    html = with_ids(marked.html) if solved else marked.html
    drawn = RenderedPages(html.replace("</body>", f"{_repertoires()}</body>"), style)
    styles: list[Style] = []
    found = _found(marked.slots, drawn, styles)
    places = _every_length(pages, found, style, styles)
    slots = [
        Slot(marked.slots[slot], page, mcid, places[slot, page, mcid])
        for slot, page, mcid in _in_order(found)
    ]
    objects, renumbered = drawn.used_by(drawn.resources)
    resources = {
        name: renumbered(value if isinstance(value, bytes) else value.data)
        for name, value in drawn.resources.items()
    }
    leaves, codes, dropped = _bases(drawn, found)
    return Layout(
        drawn.language,
        marked.title,
        leaves,
        tuple(slots),
        marked.groups,
        codes,
        tuple(styles),
        structure.elements(drawn.objects, drawn.pages, dropped),
        objects,
        resources,
        drawn.faces,
        find_places(html, solved(shortest), known, parts, drawn.boxes) if solved else NOWHERE,
        look,
    )


# The place of each slot by its number, page and marked content: a page's margin repeats some.
Found = dict[tuple[int, int, int], Place]


def _in_order(found: Found) -> list[tuple[int, int, int]]:
    """Order every slot's first place by the slot's number, as groups refer to it, then the rest."""
    firsts: dict[int, tuple[int, int, int]] = {}
    for key in sorted(found):
        firsts.setdefault(key[0], key)
    return [*firsts.values(), *sorted(found.keys() - firsts.values())]


def _repertoires() -> str:
    """Write every character of each face, so that all of them are embedded."""
    return "".join(
        f'<p class="{SPECIMEN}" style="{css}">{escape(repertoire(file))}</p>'
        for file, css in FONTS.values()
    )


def _every_length(
    pages: list[Marked], found: Found, style: str, styles: list[Style]
) -> dict[tuple[int, int, int], tuple[Place, ...]]:
    """Return each slot's place, or one for every length if its text changes with them."""
    chosen = specimens(pages[0], pages[1:])
    if not chosen.of:
        return {key: (place,) for key, place in found.items()}
    patterns = [pages[0].slots[slot] for slot in chosen.originals]
    drawn = _found(patterns, RenderedPages(chosen.html, style), styles)
    cells = {number: place for (number, _, _), place in drawn.items()}
    for number, slot in enumerate(chosen.originals):
        usual = next(place for key, place in found.items() if key[0] == slot)
        if not _same_box(usual, cells[number]):
            raise ValueError(f"a cell changes with the length of its text: {patterns[number]}")

    def of_length(slot: int, length: int, usual: Place) -> Place:
        if (slot, length) not in chosen.of:
            return usual
        cell = cells[chosen.of[slot, length]]
        y = round(usual.top + cell.y - cell.top, WRITTEN)
        return replace(usual, style=cell.style, y=y)

    longer = range(len(pages) - 1)
    changing = {slot for slot, _ in chosen.of}
    return {
        key: (place, *(of_length(key[0], one, place) for one in longer if key[0] in changing))
        for key, place in found.items()
    }


def _same_box(one: Place, other: Place) -> bool:
    sizes = ((one.width, other.width), (one.leading, other.leading))
    return one.align == other.align and all(abs(a - b) < NEAR for a, b in sizes)


def _found(slots: Sequence[Pattern], drawn: RenderedPages, styles: list[Style]) -> Found:
    """Find where each slot is drawn; styles that are new go to the others."""
    texts = dict(zip(placeholders(), range(len(slots)), strict=False))
    glyphs = {
        (name, shaped.glyphs): (slot, text)
        for text, slot in texts.items()
        for name, face in drawn.faces.items()
        if (shaped := face.shape(text, 16))
    }
    found: Found = {}
    for page, (runs, _) in enumerate(drawn.contents):
        for run in runs:
            if (run.font, run.glyphs) not in glyphs:
                continue
            slot, text = glyphs[run.font, run.glyphs]
            shaped = drawn.faces[run.font].shape(text, run.size)
            if shaped is None:
                raise ValueError(f"{text} is of no known font")
            drawing = Style(run.font, run.size, run.ink)
            if drawing not in styles:
                styles.append(drawing)
            left, top, right, bottom = drawn.boxes[page][anchor(slot)]
            align = _align(run.x - left, right - run.x - shaped.width)
            x = run.x + align * shaped.width
            place = Place(styles.index(drawing), x, run.y, align, right - left, bottom - top, top)
            found[slot, page, run.mcid] = place
    if missing := set(range(len(slots))) - {slot for slot, _, _ in found}:
        raise ValueError(f"not drawn: {[slots[slot].parts for slot in missing]}")
    return found


def _align(before: float, after: float) -> float:
    """Return the alignment of a line that leaves so many pixels of its box on either side."""
    if abs(before) < NEAR:
        return LEFT
    if abs(before - after) < NEAR:
        return CENTRE
    if min(before, after) < PADDING:
        return LEFT if before < after else RIGHT
    raise ValueError(f"a line stands {before} and {after} pixels from its box's edges")


def _bases(
    drawn: RenderedPages, found: Found
) -> tuple[tuple[Leaf, ...], tuple[Code, ...], set[tuple[int, int]]]:
    """Return the pages without what differs, their codes, and the marked content left out."""
    leaves, codes = [], []
    title = say_in(drawn.language)(qr.TITLE)
    code_marks = structure.marked_by(drawn.objects, drawn.pages, "Figure", title)
    filled = {(page, mcid) for _, page, mcid in found}
    specimens = set()
    for page, (runs, matrices) in enumerate(drawn.contents):
        stream = drawn.streams[page]
        for run in runs:
            face = drawn.faces.get(run.font)
            if face and 2 * len(run.glyphs) > len(repertoire(face.file)):
                specimens.add((page, run.mcid))
        gone = {mcid for place, mcid in filled | code_marks | specimens if place == page}
        for place, mcid in sorted(code_marks):
            if place == page:
                codes.append(Code(page, mcid, matrices[mcid]))
        numbers = [int(number) for number in re.findall(rb"/MCID (\d+)", stream)]
        last = max((one for one in numbers if (page, one) not in specimens), default=-1)
        leaves.append(Leaf(*drawn.sizes[page], content.without(stream, gone), last + 1))
    return tuple(leaves), tuple(codes), specimens
