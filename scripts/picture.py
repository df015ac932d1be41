"""The pictures in the README: a page beside its solved twin, a class set, and its marks."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "blank-and-solved.png"
SHEET = ["rlhf", "--level", "1", "--edition", "published", "--number", "1"]
PRINT_FILE = ROOT / "docs" / "class-set.png"
CLASS = ["rlhf", "docs/roster.csv", "--level", "1", "--set", "autumn 7"]
MARKS = ROOT / "docs" / "marks.png"
EDGE = 12


def main() -> None:
    """Render the sheet and put its first pages side by side."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "generator.py", "sheet", *SHEET, "--output", folder]
        subprocess.run(command, check=True, cwd=ROOT)
        pages = [_page(path) for path in sorted(Path(folder).glob("*.pdf"))]
    _beside(pages, PICTURE)
    with TemporaryDirectory() as folder:
        command = [sys.executable, "generator.py", "class", *CLASS, "--output", folder]
        subprocess.run(command, check=True, cwd=ROOT)
        blanks = Path(folder) / "blanks-7a.pdf"  # of two students
        _beside([_page(blanks, number, "40") for number in (1, 2, 3, 4)], PRINT_FILE)
        marks = Path(folder) / "marks"
        command = [sys.executable, "generator.py", "mark", "docs/answers.csv"]
        subprocess.run([*command, "--class", folder, "--output", marks], check=True, cwd=ROOT)
        feedback = sorted((marks / "feedback").iterdir())[1]
        heat_map = _pages(marks / "report.pdf") - 1
        _beside([_page(feedback), _page(marks / "report.pdf", heat_map)], MARKS)


def _beside(pages: list[Image.Image], path: Path) -> None:
    width, height = pages[0].size
    picture = Image.new("RGB", ((len(pages) * (width + EDGE)) + EDGE, height + 2 * EDGE), "#d8d8de")
    for place, page in enumerate(pages):
        picture.paste(page, (EDGE + place * (width + EDGE), EDGE))
    path.parent.mkdir(exist_ok=True)
    picture.quantize(256).save(path, optimize=True)
    print(path.relative_to(ROOT))


def _pages(path: Path) -> int:
    done = subprocess.run(["pdfinfo", path], check=True, capture_output=True, text=True)
    return int(done.stdout.partition("Pages:")[2].split()[0])


def _page(path: Path, number: int = 1, dots: str = "75") -> Image.Image:
    image = path.with_suffix(".png")
    options = ["-r", dots, "-f", str(number), "-l", str(number), "-png", "-singlefile"]
    subprocess.run(["pdftoppm", *options, path, image.with_suffix("")], check=True)
    with Image.open(image) as page:
        return page.convert("RGB")


if __name__ == "__main__":
    main()
