"""How Sphinx makes the site; the tables of kinds and themes come from the program itself."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

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
exclude_patterns = ["_made"]
MADE = Path(__file__).parent / "_made"


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


def _make() -> None:
    order = list(rungs())
    kinds = sorted(ws.kinds(), key=lambda kind: order.index(kind.name))
    picture = template("ladder.svg.jinja").module.ladder(ladder.picture(order))
    MADE.mkdir(exist_ok=True)
    (MADE / "kinds.md").write_text("\n".join(_kinds(kinds)) + "\n", "utf-8")
    (MADE / "themes.md").write_text("\n".join(_themes(ws.themes())) + "\n", "utf-8")
    (MADE / "ladder.html").write_text(str(picture), "utf-8")


_make()
