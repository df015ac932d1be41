"""The same texts at the same places by other programs: Typst and ReportLab, documents a second.

Each page carries every text that differs from sheet to sheet, in a box of its own, and nothing
else: less than our pages do. Typst's are tagged, as it does of itself; ReportLab's are not.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import seconds
from worksheets.ids import Identity
from worksheets.layouts.specification import Specification
from worksheets.render.texts import texts
from worksheets.sheet import make

LEVEL, CORES = 1, 2
WIDTH, HEIGHT = 595.28, 841.89
Box = tuple[float, float, str]
TYPST = """
#set page(width: 210mm, height: 297mm, margin: 0pt)
#set document(title: "Sheets")
#set text(lang: "en")
#for leaf in json(bytes(sys.inputs.leaves)) {
  for one in leaf {
    place(dx: one.at(0) * 1pt, dy: one.at(1) * 1pt,
      box(width: 25pt, height: 22pt, stroke: .5pt, text(size: 9pt, one.at(2))))
  }
  pagebreak(weak: true)
}
"""


def documents(first: int, count: int) -> list[list[list[Box]]]:
    """Blank and solved documents of so many sheets: their pages' texts and places, in points."""
    sheets = make([Identity("RLHF", LEVEL, first + place) for place in range(count)])
    found = []
    for solved in (False, True):
        layout = Specification("rlhf", LEVEL, solved=solved).stamp().layout
        for sheet in sheets:
            shown = texts(sheet, "Ada Lovelace")
            leaves: list[list[Box]] = [[] for _ in layout.leaves]
            for slot in layout.slots:
                place = slot.places[0]
                at = place.x * 0.75, place.y * 0.75
                leaves[slot.page].append((*at, slot.pattern.of(shown)))
            found.append(leaves)
    return found


def typst_single(first: int, count: int) -> int:
    """One compilation a document."""
    return sum(len(_typst(leaves)) for leaves in documents(first, count))


def typst_batch(first: int, count: int) -> int:
    """All documents in one compilation."""
    return len(_typst([leaf for leaves in documents(first, count) for leaf in leaves]))


def _typst(leaves: list[list[Box]]) -> bytes:
    import typst

    with TemporaryDirectory() as folder:
        source = Path(folder) / "sheets.typ"
        source.write_text(TYPST, encoding="utf-8")
        return bytes(typst.compile(str(source), sys_inputs={"leaves": json.dumps(leaves)}))


def reportlab(first: int, count: int) -> int:
    """One canvas a document."""
    from io import BytesIO

    from reportlab.pdfgen.canvas import Canvas

    size = 0
    for leaves in documents(first, count):
        file = BytesIO()
        canvas = Canvas(file, pagesize=(WIDTH, HEIGHT))
        for leaf in leaves:
            canvas.setFont("Helvetica", 9)
            for x, y, text in leaf:
                canvas.rect(x, HEIGHT - y, 25, 22)
                canvas.drawString(x, HEIGHT - y, text)
            canvas.showPage()
        canvas.save()
        size += len(file.getvalue())
    return size


PEERS: dict[str, tuple[Callable[[int, int], int], int]] = {
    "Typst, one by one": (typst_single, 100),
    "Typst, in one batch": (typst_batch, 200),
    "ReportLab, not tagged": (reportlab, 200),
}


def measured() -> dict[str, float]:
    """Documents a second on two cores, each core with half of the sheets."""
    rates = {}
    for name, (work, count) in PEERS.items():
        with ProcessPoolExecutor(CORES) as pool:
            halves = [0] * CORES, [10] * CORES
            list(pool.map(work, *halves))  # load first
            places = [100_000 + place * count for place in range(CORES)]

            def both(
                pool: ProcessPoolExecutor = pool,
                work: Callable[[int, int], int] = work,
                places: list[int] = places,
                count: int = count,
            ) -> None:
                list(pool.map(work, places, [count] * CORES))

            rates[name] = 2 * CORES * count / seconds(both)
    return rates


if __name__ == "__main__":
    for name, rate in measured().items():
        print(f"{name:24} {rate:8.1f}")
