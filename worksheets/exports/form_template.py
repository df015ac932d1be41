"""Make forms for many sheets of a layout: what they share is made once, then added as an update."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise

import numpy as np

from worksheets.exports.form_texts import FormTexts, form_texts
from worksheets.layouts.specification import Specification
from worksheets.machine.deflate import compress
from worksheets.machine.executors import BROWSER
from worksheets.sheet import Sheet

# What stands in a form in place of the ID and of what its fields say, by number.
STAND_IN = "@{}@"
TOKEN = re.compile(rb"\(@(\d+)@\)")
# Numbers of objects, and keys of the tree of parents, in which a page's key is its own number.
REFERENCE = re.compile(
    rb"\d+(?= 0 R\b)|(?<=/StructParent )\d+|(?<=/StructParents )\d+|(?<=/ParentTreeNextKey )\d+"
)
IN_TREE = re.compile(
    rb"\d+(?= 0 R\b)|\d+(?= \d+ 0 R\b)|\d+(?= \[)|(?<=/Limits \[ )\d+|\d+(?= \] /Nums)"
)
SIZE = re.compile(rb"/Size (\d+)")
END = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
LONGEST_END = 50
ROW = np.dtype([("kind", "u1"), ("place", ">u4"), ("index", ">u2")])
IN_FILE, IN_STREAM = 1, 2
ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\()"})


@dataclass(frozen=True)
class Update:
    """Hold the objects that turn a blank sheet of `size` objects into a form, but for its texts.

    `bodies` are the new and the changed objects, by `numbers`; `streams` those that stand by
    themselves: number, dictionary and data of each. `container` is the number of what holds the
    bodies, the next one is the table's. Names that the sheets' fonts lack come before the sheet's
    own objects, from number `after` on.
    """

    size: int
    after: int
    root: int
    container: int
    numbers: tuple[int, ...]
    bodies: tuple[bytes, ...]
    streams: tuple[tuple[int, bytes, bytes], ...]

    @cached_property
    def texts(self) -> tuple[tuple[int, tuple[bytes, ...]], ...]:
        """Return the places of bodies that hold texts: literal, number of a text, literal, ..."""
        return tuple(
            (place, tuple(TOKEN.split(body)))
            for place, body in enumerate(self.bodies)
            if TOKEN.search(body)
        )

    @cached_property
    def whole_streams(self) -> tuple[bytes, ...]:
        """Return the streams as objects with their numbers."""
        return tuple(_stream(*one) for one in self.streams)

    def moved(self, size: int) -> Update:
        """Return the update of a sheet that has more objects before its own, or fewer."""
        by = size - self.size

        def number(one: int) -> int:
            return one + by if one >= self.after else one

        def body(one: bytes) -> bytes:
            numbers = IN_TREE if b"/Nums" in one else REFERENCE
            return numbers.sub(lambda found: b"%d" % number(int(found[0])), one)

        return Update(
            size,
            self.after,
            number(self.root),
            number(self.container),
            tuple(map(number, self.numbers)),
            tuple(map(body, self.bodies)),
            tuple((number(one), body(more), data) for one, more, data in self.streams),
        )


class FormTemplate:
    """Make forms of one layout's stamped blank sheets; what they share is made once."""

    def __init__(self, blank: Specification) -> None:
        self.blank = blank
        self.updates: dict[int, Update] = {}

    def form(self, sheet: Sheet, blank: bytes) -> bytes:
        """Return a blank sheet as a form.

        Sheets of a layout have the same objects under the same numbers if they have as many.

        Raises:
            InputError: in a browser, if the page does not carry the form.
        """
        found = SIZE.search(blank, blank.rindex(b"/Type/XRef"))
        end = END.search(blank, max(0, len(blank) - LONGEST_END))
        if not (found and end):
            raise ValueError(f"sheet {sheet.id} does not end in a table of its objects")
        said, size = form_texts(sheet, self.blank.page.fade), int(found[1])
        if size not in self.updates:
            self.updates[size] = self._update(blank, said, size)
        return blank + _added(self.updates[size], said, len(blank), int(end[1]))

    def _update(self, blank: bytes, said: FormTexts, size: int) -> Update:
        if BROWSER:
            from worksheets.exports.form_format import carried_update

            return carried_update(self.blank).moved(size)
        from worksheets.exports.form_update import update_over

        return update_over(blank, said, self.blank.stamp())


def _added(update: Update, said: FormTexts, at: int, previous: int) -> bytes:
    """Write the update of a sheet `at` bytes long, whose table stands at `previous`."""
    texts = [_encoded(text) for text in (said.id, *said.cells.values())]
    bodies = list(update.bodies)
    for place, parts in update.texts:
        bodies[place] = b"".join(
            texts[int(part)] if odd % 2 else part for odd, part in enumerate(parts)
        )
    numbers, container, table = update.numbers, update.container, update.container + 1
    starts = accumulate((len(body) + 1 for body in bodies), initial=0)
    head = b" ".join(b"%d %d" % pair for pair in zip(numbers, starts, strict=False))
    held = _packed_stream(
        container,
        b"/Type/ObjStm/N %d/First %d" % (len(bodies), len(head) + 1),
        b"\n".join([head, *bodies]),
    )
    rows = [(number, IN_STREAM, container, place) for place, number in enumerate(numbers)]
    *places, where = accumulate(map(len, update.whole_streams), initial=at)
    rows += [
        (number, IN_FILE, start, 0)
        for (number, _, _), start in zip(update.streams, places, strict=True)
    ]
    rows += [(container, IN_FILE, where, 0), (table, IN_FILE, where + len(held), 0)]
    rows.sort()
    entries = np.array([row[1:] for row in rows], dtype=ROW).tobytes()
    index = " ".join(f"{first} {count}" for first, count in _runs([row[0] for row in rows]))
    more = f"/Type/XRef/Size {table + 1}/W[1 4 2]/Index[{index}]/Root {update.root} 0 R"
    more += f"/Prev {previous}"
    last = _packed_stream(table, more.encode(), entries)
    return b"".join(
        [*update.whole_streams, held, last, b"startxref\n%d\n%%%%EOF\n" % (where + len(held))]
    )


def _runs(numbers: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Yield the first number and the length of every run of numbers without gaps."""
    neighbours = enumerate(pairwise(numbers), 1)
    breaks = [place for place, (number, after) in neighbours if after != number + 1]
    for start, stop in pairwise([0, *breaks, len(numbers)]):
        yield numbers[start], stop - start


def _packed_stream(number: int, more: bytes, data: bytes) -> bytes:
    return _stream(number, more + b"/Filter/FlateDecode", compress(data))


def _stream(number: int, more: bytes, data: bytes) -> bytes:
    head = b"%d 0 obj\n<<%s/Length %d>>stream\n" % (number, more, len(data))
    return b"".join((head, data, b"\nendstream\nendobj\n"))


@lru_cache(10_000)
def _encoded(text: str) -> bytes:
    """Encode a text as a PDF holds it."""
    if text.isascii() and text.isprintable():
        return b"(%s)" % text.translate(ESCAPED).encode()
    return b"<FEFF%s>" % text.encode("utf-16-be").hex().encode()
