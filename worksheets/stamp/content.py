"""Read a page's content as the renderer wrote it: find its texts, take out what differs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from worksheets.affine import IDENTITY, Affine, affine, times

MARK = re.compile(rb"/(\w+)\n<</MCID (\d+)>>\nBDC|[^\n]+")
GLYPHS = re.compile(rb"<([0-9a-f]+)>")


@dataclass(frozen=True)
class TextRun:
    """Hold a text on the page: where its first glyph stands, in pixels, and how it is drawn."""

    mcid: int
    x: float
    y: float
    font: str
    size: float
    ink: bytes
    glyphs: tuple[int, ...]


@dataclass
class State:
    """Hold what texts and codes need of the graphics state, saved by q and brought back by Q.

    `matrix` is that of the drawing since its outermost q.
    """

    ink: dict[bytes, bytes] = field(default_factory=dict)
    matrix: Affine = IDENTITY

    def copy(self) -> State:
        """Return the same state, to be changed."""
        return State(dict(self.ink), self.matrix)


def read(stream: bytes) -> tuple[list[TextRun], dict[int, Affine]]:
    """Return a page's texts, and the matrix at the start of every marked drawing without text."""
    runs: list[TextRun] = []
    matrices: dict[int, Affine] = {}
    states, mcid = [State()], -1
    x = y = size = 0.0
    font = ""
    for line, _, number in _lines(stream):
        *operands, operator = line.split()
        state = states[-1]
        if number is not None:
            mcid = number
        elif operator == b"EMC":
            mcid = -1
        elif operator == b"q":
            states.append(state.copy())
        elif operator == b"Q":
            states.pop()
        elif operator == b"cm":
            state.matrix = times(affine(operands), state.matrix)
        elif operator in (b"rg", b"gs"):
            kind = b"gs A" if operands[0].startswith(b"/A") else operator
            state.ink[kind] = line
        elif operator == b"Tm":
            x, y = float(operands[4]), float(operands[5])
        elif operator == b"Tf":
            font, size = operands[0].decode()[1:], float(operands[1])
        elif operator in (b"TJ", b"Tj"):
            ink = b"\n".join(state.ink[kind] for kind in (b"gs", b"rg"))
            runs.append(TextRun(mcid, x, y, font, size, ink, _glyphs(line)))
        elif operator == b"m" and mcid not in matrices:
            matrices[mcid] = state.matrix
    return runs, matrices


def without(stream: bytes, gone: Iterable[int]) -> bytes:
    """Return a page without the content of these marks, its graphics state left as it was.

    Operators that set a colour or a font stay, as later ones rely on them. The renderer leaves
    its transformation of the page unbalanced: hence q and Q.
    """
    numbers = set(gone)
    kept = [b"q"]
    away = False
    for line, whole, number in _lines(stream):
        if number is not None:
            away = number in numbers
            if away:
                continue
        elif away:
            operator = line.split()[-1]
            if operator == b"EMC":
                away = False
                continue
            if operator in DRAWING:
                continue
        kept.append(whole)
    return b"\n".join([*kept, b"Q"])


DRAWING = frozenset(b"TJ Tj Tm m l c h re S s f f* B B* b b* n Do Ts Tf".split())


def _lines(stream: bytes) -> Iterator[tuple[bytes, bytes, int | None]]:
    """Yield every operation, whole too, and the number that starts marked content or None."""
    for found in MARK.finditer(stream):
        number = None if found[2] is None else int(found[2])
        yield found[0].replace(b"\n", b" "), found[0], number


def _glyphs(line: bytes) -> tuple[int, ...]:
    digits = b"".join(GLYPHS.findall(line))
    return tuple(int(digits[place : place + 4], 16) for place in range(0, len(digits), 4))
