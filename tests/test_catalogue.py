"""The catalogue shows what there is: each kind and level, page by page, blank beside solved."""

import re
from dataclasses import replace
from io import BytesIO

import pdfplumber
import pytest
from PIL import Image, ImageChops

from scripts import catalogue
from worksheets.overview import kinds

pytestmark = pytest.mark.slow


def test_each_page_stands_beside_its_solved_twin(tmp_path, monkeypatch):
    one = next(kind for kind in kinds() if kind.name == "matmul")
    few = tuple(level for level in one.levels if level.level in (1, 3))
    monkeypatch.setattr(catalogue, "all_kinds", lambda: (replace(one, levels=few),))
    catalogue.main(tmp_path)
    html = (tmp_path / "catalogue.html").read_text("utf-8")
    pictures = re.findall(r'<img src="([^"]+)"', html)
    assert pictures == [
        f"catalogue/matmul-{level}-{side}-{page}.png"
        for level, page in ((1, 1), (3, 1))
        for side in ("blank", "solved")
    ]
    for blank, solved in zip(pictures[::2], pictures[1::2], strict=True):
        with Image.open(tmp_path / blank) as before, Image.open(tmp_path / solved) as after:
            changed = ImageChops.difference(before.convert("L"), after.convert("L"))
            assert before.size == after.size
            assert changed.getbbox()
    with pdfplumber.open(BytesIO((tmp_path / "catalogue.pdf").read_bytes())) as document:
        text = "".join(page.extract_text() for page in document.pages)
        assert sum(len(page.images) for page in document.pages) == len(pictures)
    assert "Matrix products by hand" in text
    assert "sheet matmul --level 3" in text
