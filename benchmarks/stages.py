"""Where a class set's time goes: its stages one by one, on one core and in one process."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from time import process_time
from typing import Any

from benchmarks.measure import table
from worksheets.class_set.chunk import facts
from worksheets.class_set.keys import cells, keys
from worksheets.class_set.proof import prove_all
from worksheets.ids import Identity
from worksheets.layouts.specification import Specification
from worksheets.render.texts import columns
from worksheets.sheet import make
from worksheets.stamp.document import Merged
from worksheets.stamp.objects import stream
from worksheets.stamp.sheets import SheetBlock, Shown

LEVEL, LOAD, LOADS = 1, 300, 6
FIRST = 32**5
DRAW, PROVE, FILL, CODE, COMPRESS, OBJECTS, MERGE = (
    "draw, compute and write keys",
    "prove every answer",
    "fill: texts to their places",
    "QR codes",
    "compress the pages",
    "number the structure, join",
    "merge: copy, digest, table",
)


def report() -> dict[str, float]:
    """Print and return the microseconds a document that each stage takes."""
    _load(FIRST - LOAD)  # load, trace, and remember texts first
    total: dict[str, float] = {}
    for load in range(LOADS):
        for stage, seconds in _load(FIRST + load * LOAD).items():
            total[stage] = total.get(stage, 0) + seconds
    each = {stage: seconds / (2 * LOAD * LOADS) * 1e6 for stage, seconds in total.items()}
    whole = sum(each.values())
    table(
        f"Where the time goes: level {LEVEL}, one core, without processes and papers",
        ("stage", "microseconds a document", "share"),
        [
            *([stage, f"{one:.0f}", f"{one / whole:.0%}"] for stage, one in each.items()),
            ["all", f"{whole:.0f}", "100%"],
        ],
    )
    return each


def _load(first: int) -> dict[str, float]:
    """The processor's seconds of each stage for one load of students."""
    took: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], Any]) -> Any:
        start = process_time()
        found = work()
        took[stage] = took.get(stage, 0) + process_time() - start
        return found

    identities = [Identity("RLHF", LEVEL, first + place) for place in range(LOAD)]
    sheets = timed(DRAW, lambda: make(identities))
    written = timed(DRAW, lambda: cells(sheets))
    timed(DRAW, lambda: keys(sheets, written))
    timed(PROVE, lambda: prove_all(sheets))
    shown = timed(FILL, lambda: columns(sheets, [f"Student {sheet.id}" for sheet in sheets]))
    timed(OBJECTS, lambda: list(facts(sheets, written)))
    for stamp in Specification("rlhf", LEVEL, solved=False).stamps():
        filled = timed(FILL, lambda: stamp.filler.contents(shown))  # noqa: B023
        codes = timed(CODE, lambda: stamp.codes(shown, LOAD))  # noqa: B023
        pages = timed(COMPRESS, lambda: [list(map(stream, some)) for some in filled])  # noqa: B023
        streams = [Shown((*some, *code)) for some, code in zip(pages, codes, strict=True)]

        def joined() -> SheetBlock:
            return SheetBlock.joined(
                [stamp.block(one, place) for place, one in enumerate(streams)]  # noqa: B023
            )

        block = timed(OBJECTS, joined)

        def merged() -> None:
            document = Merged(BytesIO(), "Stages")
            document.start(stamp)  # noqa: B023
            document.add(block)  # noqa: B023
            document.finish()

        timed(MERGE, merged)
    return took
