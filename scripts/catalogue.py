"""The catalogue: each kind and level, blank beside solved, as one PDF and one HTML page."""

import io
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pypdfium2
from PIL import ImageOps

from worksheets.files import write_all
from worksheets.ids import Identity
from worksheets.ladder import rungs
from worksheets.overview import kinds as all_kinds
from worksheets.render import ladder
from worksheets.render.page import template
from worksheets.render.pdf import own_styled_pdf, render_pdf
from worksheets.sheet import make

NUMBER, DOTS, PICTURES = 1, 100, "catalogue"
EDGE = "#8b8b94"


def main(folder: Path) -> None:
    """Render everything and write both files, and the pictures that the HTML page shows."""
    order = list(rungs())
    kinds = [asdict(kind) for kind in sorted(all_kinds(), key=lambda one: order.index(one.name))]
    families = [(kind["code"], level["level"]) for kind in kinds for level in kind["levels"]]
    with ProcessPoolExecutor() as executor:
        drawn = dict(zip(families, executor.map(_pages, families), strict=True))
    files: dict[str, bytes] = {}
    for kind in kinds:
        for level in kind["levels"]:
            name = f"{kind['name']}-{level['level']}"
            level["pages"] = [
                tuple(f"{PICTURES}/{name}-{side}-{page}.png" for side in ("blank", "solved"))
                for page in range(1, len(drawn[kind["code"], level["level"]]) + 1)
            ]
            for names, pair in zip(
                level["pages"], drawn[kind["code"], level["level"]], strict=True
            ):
                files |= {Path(name).name: one for name, one in zip(names, pair, strict=True)}
    write_all(folder / PICTURES, files, force=True)
    picture = ladder.picture(kind["name"] for kind in kinds)
    html = template("catalogue.html.jinja").render(kinds=kinds, picture=picture)
    pages = {"catalogue.html": html.encode(), "catalogue.pdf": own_styled_pdf(html, folder)}
    write_all(folder, pages, force=True)
    print(f"{folder / 'catalogue.html'} and {folder / 'catalogue.pdf'}")


def _pages(family: tuple[str, int]) -> list[tuple[bytes, bytes]]:
    """Each page of a kind's level, blank and solved."""
    (sheet,) = make([Identity(*family, NUMBER)])
    sides = (pictures(render_pdf(sheet, solved=solved)) for solved in (False, True))
    return list(zip(*sides, strict=True))


def pictures(pdf: bytes, dots: int = DOTS, edge: int = 0) -> list[bytes]:
    """Each page as PNG, of so many dots an inch, with an edge of so many around it."""
    pages = []
    for page in pypdfium2.PdfDocument(pdf):
        file = io.BytesIO()
        image = ImageOps.expand(page.render(scale=dots / 72).to_pil(), edge, EDGE)
        image.quantize(64).save(file, "png", optimize=True)
        pages.append(file.getvalue())
    return pages


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out"))
