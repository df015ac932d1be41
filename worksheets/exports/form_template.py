"""Make forms for many sheets of a layout: over one of them, then added to each as an update."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import pikepdf

from worksheets.exports.fillable import add_form
from worksheets.exports.form_texts import FormTexts, form_texts
from worksheets.machine.deflate import compress
from worksheets.sheet import Sheet
from worksheets.stamp.layout import Layout

# What stands in a form in place of the ID and of what its fields say, by number.
STAND_IN = "@{}@"
TOKEN = re.compile(rb"\(@(\d+)@\)")
LENGTH = re.compile(rb"/Length \d+")
SIZE = re.compile(rb"/Size (\d+)")
END = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
LONGEST_END = 50
ROW = np.dtype([("kind", "u1"), ("place", ">u4"), ("index", ">u2")])
IN_FILE, IN_STREAM = 1, 2


@dataclass(frozen=True)
class Update:
    """Hold the objects that turn a blank sheet into a form, but for its texts.

    `bodies` are the new and the changed objects; `texts` are those among them that hold texts,
    literal, number of a text, literal, ... `streams` are objects that stand by themselves, with
    where each starts. The last two numbers are for what holds the bodies, and for the table.
    """

    numbers: tuple[int, ...]
    bodies: tuple[bytes, ...]
    texts: tuple[tuple[int, tuple[bytes, ...]], ...]
    streams: bytes
    starts: tuple[int, ...]
    stream_numbers: tuple[int, ...]
    root: int


class FormTemplate:
    """Make forms of one layout's stamped blank sheets; what they share is made once."""

    def __init__(self, layout: Layout, fade: str) -> None:
        self.layout, self.fade = layout, fade
        self.updates: dict[bytes, Update] = {}

    def form(self, sheet: Sheet, blank: bytes) -> bytes:
        """Return a blank sheet as a form.

        Sheets of a layout have the same objects under the same numbers if they have as many.
        """
        size = SIZE.search(blank, blank.rindex(b"/Type/XRef"))
        end = END.search(blank, max(0, len(blank) - LONGEST_END))
        if not (size and end):
            raise ValueError(f"sheet {sheet.id} does not end in a table of its objects")
        said = form_texts(sheet, self.fade)
        update = self.updates.get(size[1])
        if update is None:
            update = self.updates[size[1]] = _update(blank, said, self.layout)
        return blank + _added(update, said, len(blank), int(end[1]))


def _update(blank: bytes, said: FormTexts, layout: Layout) -> Update:
    """Put a form of stand-ins over a sheet, and take what is new and what is changed."""
    stand_ins = {cell: STAND_IN.format(place) for place, cell in enumerate(said.cells, 1)}
    with pikepdf.open(BytesIO(blank)) as pdf:
        before = {one.objgen: one.unparse(resolved=True) for one in _plain(pdf)}
        old = {one.objgen for one in _streams(pdf)}
        stood_in = replace(said, id=STAND_IN.format(0), cells=stand_ins)
        add_form(pdf, stood_in, layout)
        after = {one.objgen: one.unparse(resolved=True) for one in _plain(pdf)}
        changed = {key[0]: body for key, body in after.items() if before.get(key) != body}
        streams = {one.objgen[0]: _whole(one) for one in _streams(pdf) if one.objgen not in old}
        last = max(number for number, _ in (*after, *old, *((one, 0) for one in streams)))
        root = pdf.Root.objgen[0]
    texts = (
        (place, tuple(TOKEN.split(body)))
        for place, body in enumerate(changed.values())
        if TOKEN.search(body)
    )
    return Update(
        (*changed, last + 1, last + 2),
        tuple(changed.values()),
        tuple(texts),
        b"".join(streams.values()),
        tuple(accumulate(map(len, streams.values()), initial=0))[:-1],
        tuple(streams),
        root,
    )


def _plain(pdf: pikepdf.Pdf) -> list[Any]:
    return [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary | pikepdf.Array)]


def _streams(pdf: pikepdf.Pdf) -> list[Any]:
    return [one for one in pdf.objects if isinstance(one, pikepdf.Stream)]


def _whole(one: Any) -> bytes:
    """Write a new stream as an object with its number."""
    data = one.read_raw_bytes()
    more = one.stream_dict.unparse().strip().removeprefix(b"<<").removesuffix(b">>")
    more = LENGTH.sub(b"", more)
    return _stream(one.objgen[0], more, data, packed=len(data) > 1_000)


def _added(update: Update, said: FormTexts, at: int, previous: int) -> bytes:
    """Write the update of a sheet `at` bytes long, whose table stands at `previous`."""
    texts = [_encoded(text) for text in (said.id, *said.cells.values())]
    bodies = list(update.bodies)
    for place, parts in update.texts:
        bodies[place] = b"".join(
            texts[int(part)] if odd % 2 else part for odd, part in enumerate(parts)
        )
    *numbers, container, table = update.numbers
    starts = accumulate((len(body) + 1 for body in bodies), initial=0)
    head = b" ".join(b"%d %d" % pair for pair in zip(numbers, starts, strict=False))
    held = _stream(
        container,
        b"/Type/ObjStm/N %d/First %d" % (len(bodies), len(head) + 1),
        b"\n".join([head, *bodies]),
        packed=True,
    )
    rows = [(number, IN_STREAM, container, place) for place, number in enumerate(numbers)]
    rows += [
        (number, IN_FILE, at + start, 0)
        for number, start in zip(update.stream_numbers, update.starts, strict=True)
    ]
    where = at + len(update.streams)
    rows += [(container, IN_FILE, where, 0), (table, IN_FILE, where + len(held), 0)]
    rows.sort()
    entries = np.array([row[1:] for row in rows], dtype=ROW).tobytes()
    index = " ".join(f"{first} {count}" for first, count in _runs([row[0] for row in rows]))
    more = f"/Type/XRef/Size {table + 1}/W[1 4 2]/Index[{index}]/Root {update.root} 0 R"
    more += f"/Prev {previous}"
    last = _stream(table, more.encode(), entries, packed=True)
    return b"".join([update.streams, held, last, b"startxref\n%d\n%%%%EOF\n" % (where + len(held))])


def _runs(numbers: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Yield the first number and the length of every run of numbers without gaps."""
    neighbours = enumerate(pairwise(numbers), 1)
    breaks = [place for place, (number, after) in neighbours if after != number + 1]
    for start, stop in pairwise([0, *breaks, len(numbers)]):
        yield numbers[start], stop - start


def _stream(number: int, more: bytes, data: bytes, *, packed: bool) -> bytes:
    if packed:
        data = compress(data)
        more += b"/Filter/FlateDecode"
    head = b"%d 0 obj\n<<%s/Length %d>>stream\n" % (number, more, len(data))
    return b"".join((head, data, b"\nendstream\nendobj\n"))


@lru_cache(10_000)
def _encoded(text: str) -> bytes:
    """Encode a text as a PDF holds it."""
    return pikepdf.String(text).unparse()
