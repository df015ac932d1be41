"""The picture in the README: a blank page beside its solved twin, from the PDFs of one sheet."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "blank-and-solved.png"
SHEET = ["rlhf", "--level", "1", "--edition", "published", "--number", "1"]
EDGE = 12


def main() -> None:
    """Render the sheet and put its first pages side by side."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "generator.py", "sheet", *SHEET, "--output", folder]
        subprocess.run(command, check=True, cwd=ROOT)
        pages = [_first_page(path) for path in sorted(Path(folder).glob("*.pdf"))]
    width, height = pages[0].size
    picture = Image.new("RGB", (2 * width + 3 * EDGE, height + 2 * EDGE), "#d8d8de")
    for place, page in enumerate(pages):
        picture.paste(page, (EDGE + place * (width + EDGE), EDGE))
    PICTURE.parent.mkdir(exist_ok=True)
    picture.quantize(64).save(PICTURE, optimize=True)
    print(PICTURE.relative_to(ROOT))


def _first_page(path: Path) -> Image.Image:
    image = path.with_suffix(".png")
    options = ["-r", "75", "-f", "1", "-l", "1", "-png", "-singlefile"]
    subprocess.run(["pdftoppm", *options, path, image.with_suffix("")], check=True)
    with Image.open(image) as page:
        return page.convert("RGB")


if __name__ == "__main__":
    main()
