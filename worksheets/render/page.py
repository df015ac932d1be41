"""The HTML of a sheet, blank or solved, from its kind's template or from the one for all kinds."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound

from worksheets import exercise
from worksheets.render.grid import Grid, constant, grid
from worksheets.sheet import Sheet

PAPERS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}


@cache
def folder() -> Path:
    """Where the templates are: in the installed package, or at the top of the repository."""
    package = Path(str(files("worksheets")))
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "templates"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def html(sheet: Sheet, *, solved: bool, paper: str) -> str:
    """The whole document; nothing in it but words and numbers differs from sheet to sheet."""
    environment = _environment()
    kind = exercise.name_of(sheet.kind)
    try:
        template = environment.get_template(f"{kind}.html.jinja")
    except TemplateNotFound:
        template = environment.get_template("default.html.jinja")
    return template.render(_context(sheet, solved=solved, paper=paper))


def _context(sheet: Sheet, *, solved: bool, paper: str) -> dict[str, Any]:
    def line(name: str) -> Grid:
        return grid(sheet, name, solved=solved)

    lines = sheet.graph.lines.values()
    steps = {one.step.number: one.step for one in lines}
    return {
        "sheet": sheet,
        "kind": sheet.kind,
        "level": sheet.identity.level,
        "solved": solved,
        "paper": paper,
        "paper_width": PAPERS[paper][0],
        "paper_height": PAPERS[paper][1],
        "line": line,
        "steps": steps,
        "lines_by_step": {
            step.number: list(some) for step, some in groupby(lines, key=lambda one: one.step)
        },
        "word": {name.strip("{}"): text for name, text in sheet.texts.items()},
        "constant": constant,
        "qr": qr_code(sheet.id),
    }


def qr_code(text: str) -> str:
    """An ID as inline SVG, with its four modules of quiet ground around it."""
    code = segno.make(text, error="m", micro=False)
    return str(code.svg_inline(omitsize=True, border=4, title=f"QR code of the ID {text}"))
