"""Write a sheet's HTML, blank or solved, from its kind's template or the one for all kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby

import numpy as np
from jinja2 import Template

from worksheets import exercise
from worksheets.engine.graph import Graph, Line
from worksheets.ids import Identity, page_code
from worksheets.language import ENGLISH, say_in
from worksheets.numbers import continued
from worksheets.render import qr
from worksheets.render.alignment import longest_numbers
from worksheets.render.autolayout.bands import Bands
from worksheets.render.autolayout.frame import ENDS, FOOT
from worksheets.render.autolayout.legend import TO_FIND, legend
from worksheets.render.autolayout.pages import narrative, pages
from worksheets.render.captions import captions
from worksheets.render.environment import environment
from worksheets.render.grid import Grid, constant, grid
from worksheets.render.large import CELLS, LETTERS, RULE, height, rules
from worksheets.render.shelves import compose
from worksheets.render.speech import filled_in, speech
from worksheets.render.task import asked, with_tasks
from worksheets.render.texts import folder, texts
from worksheets.sentences import Sentences
from worksheets.sheet import Sheet
from worksheets.views.look import look
from worksheets.views.page import A4, Page
from worksheets.views.view import USUAL, View, cell_name

MOST_PAGES = 99  # of a sheet in large print, whose codes are made before its pages are known
EARLIER = "n" * 9 + " nnnn" * 20  # as long as what says where a given comes from
PAPERS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}


def html(
    sheet: Sheet,
    *,
    solved: bool,
    page: Page = A4,
    student: str = "",
    view: View = USUAL,
) -> str:
    """Return the whole document. `student` is whose sheet it is, or nobody's."""
    return filled(
        sheet.kind,
        sheet.identity,
        texts(sheet, student),
        solved=solved,
        page=page,
        view=view,
    )


def filled(
    kind: exercise.Kind,
    identity: Identity,
    shown: Mapping[str, str],
    *,
    solved: bool = False,
    marked: bool = False,
    page: Page = A4,
    code: str | None = None,
    view: View = USUAL,
) -> str:
    """Fill a kind's template with texts; `code` stands in for the SVG of every page's code.

    A marked sheet has a page of feedback at its end.
    """
    name, language = kind.name, identity.language
    graph, say = exercise.graph(name, identity.level, language), say_in(language)

    def line(name: str) -> Grid:
        return grid(
            graph.lines[name],
            shown,
            solved=solved,
            marked=marked,
            hints=view.hints,
            hidden=view.hidden,
            longest=longest.get(name, ""),
        )

    def drawn_code(number: int) -> str:
        """Return the code of the page with this number."""
        seen = replace(page, fade="") if solved else page  # what a fade leaves to do is done there
        says = page_code(shown["id"], number, look(seen, graph))
        return (qr_code(says) if code is None else code).replace(qr.TITLE, say(qr.TITLE))

    longest = longest_numbers(graph)
    lines = graph.lines.values()
    goes_on = _goes_on(identity, graph)
    beside = narrative(name, identity.level, language)
    task = "" if marked else asked(view, say)
    constants = _named(shown, "constant.")
    source = Sentences(name, language).source
    said, parts = {}, []
    if page.large_print:
        said = captions(graph, say, constants)
        before = f"{task} {EARLIER * bool(goes_on)}"
        lying = Bands(graph).turned
        parts = compose(graph, said, lying, beside, before, source, PAPERS[page.paper][1])
    steps = {one.step.number: one.step for one in lines}
    return _template(name, page.large_print).render(
        **speech(language, shown),
        title=say(kind.TITLE),
        kind_name=name,
        level=identity.level,
        language=language,
        solved=solved,
        marked=marked,
        asked=task,
        continued=goes_on,
        paper=page.paper,
        paper_width=PAPERS[page.paper][0],
        paper_height=PAPERS[page.paper][1],
        drawn_height=ENDS[page.paper] + FOOT,
        line=line,
        source=source,
        beside=beside,
        steps=steps,
        lines_by_step={
            step.number: list(some) for step, some in groupby(lines, key=lambda one: one.step)
        },
        steps_to_do=[
            step.number
            for step, some in groupby(graph.answers, key=lambda one: one.step)
            if any(_is_to_do(one, view) for one in some)
        ],
        word={name.strip("{}"): text for name, text in shown.items() if name.startswith("{")},
        theme=_named(shown, "theme."),
        constants=constants,
        constant=constant,
        as_shown=lambda block: (
            line(block.line.name).turned if block.lies else line(block.line.name)
        ),
        cell_widths=CELLS,
        fitting=LETTERS,
        height=height,
        rules=rules,
        RULE=RULE,
        captions=said,
        parts=parts,
        drawn=lambda begins, given: with_tasks(
            lambda rooms: pages(name, identity.level, language, page.paper, rooms),
            line,
            begins,
            given,
            goes_on.get("name", ""),
        ),
        legend=lambda drawn: legend(drawn, line, say),
        sign_of_missing=say(TO_FIND) if view.hidden else "",
        said=lambda text: filled_in(text, shown),
        id=shown["id"],
        minutes=shown["minutes"],
        student=shown["student"],
        feedback=_named(shown, "feedback."),
        code=drawn_code,
        most_pages=MOST_PAGES,
    )


def _goes_on(identity: Identity, graph: Graph) -> dict[str, str]:
    """Return what a continued sheet's given is called here, and what on the sheet before."""
    if not (continues := continued(identity)):
        return {}
    before = exercise.graph(continues.kind, continues.level, identity.language)
    return {
        "name": continues.given,
        "given": graph.lines[continues.given].title,
        "line": before.lines[continues.line].title,
    }


def _is_to_do(line: Line, view: View) -> bool:
    """Tell whether a cell of an answer is left to a student."""
    return any(cell_name(line.name, *at) not in view.hints for at in np.ndindex(line.node.shape))


def template(name: str) -> Template:
    """Return a template by its file's name."""
    return environment(folder()).get_template(name)


def _template(kind: str, large_print: bool) -> Template:
    """Return the kind's own template, or one that suits every kind."""
    if large_print:
        return template("large.html.jinja")
    return environment(folder()).select_template([f"{kind}.html.jinja", "default.html.jinja"])


def _named(shown: Mapping[str, str], start: str) -> dict[str, str]:
    return {
        name.removeprefix(start): text for name, text in shown.items() if name.startswith(start)
    }


def cover(shown: Mapping[str, str], paper: str, language: str = ENGLISH) -> str:
    """Return a cover sheet, filled with texts."""
    width, height = PAPERS[paper]
    return template("cover.html.jinja").render(
        language=language, texts=shown, paper_width=width, paper_height=height
    )


def qr_code(text: str) -> str:
    """Draw a text as inline SVG, with its four modules of quiet ground around it."""
    modules, runs = qr.runs(text)
    side, places = qr.side(modules), (qr.place(run, modules) for run in runs)
    path = "".join(f"M{x} {y}.5h{length}" for x, y, length in places)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<title>{qr.TITLE}</title><path fill="none" stroke="#000" d="{path}"/></svg>'
    )
