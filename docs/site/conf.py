"""How Sphinx makes the site; tables of kinds and themes come from the program itself."""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import worksheets as ws  # noqa: E402  (once the program is on the path)
from worksheets.ladder import rungs  # noqa: E402
from worksheets.render import ladder  # noqa: E402
from worksheets.render.page import template  # noqa: E402

project = "rlhf-worksheets"
author = "The rlhf-worksheets authors"
copyright = author
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "Worksheets on how language models are trained"
html_copy_source = False
myst_heading_anchors = 2
PAGES = ("teachers", "learners", "browser", "reference", "authors", "translators", "programs")


def _kinds(kinds: Sequence[ws.KindSummary]) -> Iterator[str]:
    yield "| kind | level | asks for | cells | minutes |"
    yield "|---|---|---|---|---|"
    for kind in kinds:
        for level in kind.levels:
            first = f"`{kind.name}`" if level.level == 1 else ""
            yield (f"| {first} | {level.level} | {level.does} | {level.cells} | {level.minutes} |")


def _themes(themes: Sequence[ws.ThemeSummary]) -> Iterator[str]:
    yield "| theme | what is preferred | why |"
    yield "|---|---|---|"
    for theme in themes:
        pair = f"{theme.winning}, not {theme.losing}"
        yield f"| `{theme.name}` | {pair} | {theme.value} |"


def _inserted() -> dict[str, str]:
    """Return what stands at comments of these names, which the repository's pages do without."""
    order = list(rungs())
    kinds = sorted(ws.kinds(), key=lambda kind: order.index(kind.name))
    picture = template("ladder.svg.jinja").module.ladder(ladder.picture(order))
    pages = "\n".join(PAGES)
    return {
        "pages": f"```{{toctree}}\n:hidden:\n:maxdepth: 2\n\n{pages}\n```",
        "ladder": f"```{{raw}} html\n{picture}\n```",
        "kinds": "\n".join(_kinds(kinds)),
        "themes": "\n".join(_themes(ws.themes())),
    }


def _insert(_app: Any, _page: str, source: list[str]) -> None:
    for name, text in INSERTED.items():
        source[0] = source[0].replace(f"<!-- {name} -->", text)
    source[0] = INCLUDED.sub(r"```{literalinclude} \1```", source[0])


INSERTED = _inserted()
INCLUDED = re.compile("<!-- literalinclude (.*?)-->", re.DOTALL)  # of a file of the program


def setup(app: Any) -> None:
    """Ask Sphinx for each page as it is read."""
    app.connect("source-read", _insert)
