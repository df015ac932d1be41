"""How Sphinx makes the site; tables of kinds and themes come from the program itself."""

import re
import sys
from collections.abc import Iterator, Sequence
from logging import WARNING, getLogger
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import worksheets as ws  # noqa: E402  (once the program is on the path)
from scripts import lessons  # noqa: E402
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
LESSONS = "lessons"  # the folder of the pages that are made here, and the page that lists them
PAGES = (
    "teachers",
    "learners",
    LESSONS,
    "browser",
    "reference",
    "authors",
    "translators",
    "programs",
)


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
        "lessons": lessons.contents(LESSONS),
    }


def _insert(_app: Any, _page: str, source: list[str]) -> None:
    for name, text in INSERTED.items():
        source[0] = source[0].replace(f"<!-- {name} -->", text)
    source[0] = INCLUDED.sub(r"```{literalinclude} \1```", source[0])


INSERTED = _inserted()
INCLUDED = re.compile("<!-- literalinclude (.*?)-->", re.DOTALL)  # of a file of the program


def _make_lessons(app: Any) -> None:
    """Write the lessons' pages before Sphinx looks for pages; they are no files of the project."""
    getLogger("weasyprint.progress").setLevel(WARNING)  # which Sphinx would print
    pictured = app.config.lesson_pictures.split() or ws.kind_names()
    lessons.main(Path(app.srcdir) / LESSONS, pictured)


def _speak(_app: Any, page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    """Say of a lesson's page, LANGUAGE-KIND, in which language it is."""
    folder, _, name = page.rpartition("/")
    if folder == LESSONS:
        context["language"] = name.partition("-")[0]


def setup(app: Any) -> None:
    """Make what Sphinx is to read, and be asked for each page as it is read."""
    app.add_config_value("lesson_pictures", "", "env", str)  # of which kinds; of all if empty
    app.connect("builder-inited", _make_lessons)
    app.connect("source-read", _insert)
    app.connect("html-page-context", _speak)
