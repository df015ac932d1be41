"""Make a marked sheet to hand back: its pages with signs in the cells, and a page of feedback."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from worksheets import exercise
from worksheets.engine.notation import MINUS, on_paper
from worksheets.ids import FIRST_LONG_NUMBER, Identity
from worksheets.language import ENGLISH
from worksheets.layouts.store import kept
from worksheets.marking.marks import CellMark, Mark, Marked
from worksheets.marking.paper import answer_cells
from worksheets.marking.remarks import closing, in_full, more, remarks, taken, teachers
from worksheets.marking.sanitise import CUT, TextFitter, drawable, tidy
from worksheets.render.grid import SIGNS, sign_name
from worksheets.render.page import filled
from worksheets.render.texts import texts
from worksheets.sheet import make
from worksheets.stamp.document import alone
from worksheets.stamp.fallback import FallbackTexts, draw
from worksheets.stamp.layout import Layout
from worksheets.stamp.sheets import Stamp
from worksheets.stamp.writing import APART
from worksheets.views.faded import faded
from worksheets.views.look import look
from worksheets.views.page import Page
from worksheets.views.view import cell_name

# What a mark is drawn as, and which of a cell's small texts that is.
SHOWN = {
    Mark.RIGHT: ("tick", "✓"),
    Mark.FOLLOWS: ("follows", "→"),
    Mark.WRONG: ("wrong", "✗"),
    Mark.BLANK: ("wrong", "○"),
    Mark.UNREADABLE: ("wrong", "?"),
}
# What was tried in vain is shown right; what was not tried stays to be done.
CORRECTED = (Mark.WRONG, Mark.UNREADABLE)
NAME = "student"  # what a page calls the line with the name
LONGEST_NAME = 60
MORE = "feedback.more"  # what the steps have no room for
ADVICE_LINES, MORE_LINES = 2, 4


class Feedback:
    """Make marked sheets of one kind, level, language and fade, from a cached layout."""

    def __init__(
        self, kind: str, level: int, paper: str, language: str = ENGLISH, fade: str = ""
    ) -> None:
        self.stamp = Stamp(
            kept(
                decided(kind, level, paper, language, fade),
                _lay_out(kind, level, paper, language, fade),
                kind,
            )
        )
        self.rooms = TextFitter(self.stamp.layout)
        self.empty = dict.fromkeys(_names(kind, level), "")
        lines = answer_cells(exercise.find(kind).CODE, level, fade)
        self.cells = {cell: cell_name(*cell) for _, cells in lines for cell in cells}

    def pdf(self, marked: Marked) -> bytes:
        """Return the document; the same bytes each time, whatever else is marked with it."""
        fallback = draw(self.lacking(marked))
        shown = self.texts(marked, fallback)
        return alone(
            self.stamp, self.stamp.shown(shown, fallback), self.stamp.title(shown), fallback
        )

    def texts(self, marked: Marked, fallback: FallbackTexts) -> dict[str, str]:
        """Return all that stands on a marked sheet; `fallback` has what the fonts lack of it."""
        shown = self.empty | texts(marked.sheet, self._student(marked, fallback))
        cut_down = []
        for cell, name in self.cells.items():
            shown[name] = ""
            if cell not in marked.cells:
                continue
            one = marked.cells[cell]
            self._cell(name, one, shown)
            # What could not be read is quoted anyway.
            if shown[name].endswith(CUT) and one.mark is not Mark.UNREADABLE:
                cut_down.append(cell)
        return shown | self._page(marked, in_full(marked, cut_down))

    def _cell(self, name: str, cell: CellMark, shown: dict[str, str]) -> None:
        """Write one marked cell: the answer, its sign, and the right value beside a wrong one."""
        # What somebody with the paper in hand took as right is not typed.
        written = cell.written or (cell.right if cell.mark is Mark.RIGHT else "")
        shown[name] = self.rooms.cell(name, written.replace("-", MINUS))
        sign, text = SHOWN[cell.mark]
        shown[sign_name(name, sign)] = text
        if cell.mark in CORRECTED:
            shown[sign_name(name, "right")] = on_paper(cell.right)

    def _page(self, marked: Marked, whole: Mapping[int, str]) -> dict[str, str]:
        """Return the texts of the page of feedback; `whole` has long answers, by step."""
        page = {mark.value: str(count) for mark, count in marked.counts.items()}
        page["points"] = score(marked)
        page["closing"] = closing(marked)
        said = remarks(marked)
        for step, earned in marked.shown_steps:
            page[f"{step.number}.points"] = f"{earned} / {marked.shown(step.points)}"
            page[f"{step.number}.what"] = said[step.number].what
        named = {f"feedback.{name}": text for name, text in page.items()}
        for name, text in named.items():
            if name.endswith((".what", ".closing")):
                named[name] = self.rooms.lines(name, text, 1)
        by_hand = teachers(marked)
        advice = {
            step.number: [
                *by_hand.get(step.number, ()),
                *said[step.number].advice,
                *([whole[step.number]] if step.number in whole else []),
            ]
            for step in marked.steps
        }
        first = " ".join(filter(None, (*by_hand.get(0, ()), taken(marked))))
        return named | self._advice(advice, first, marked.sheet.identity.language)

    def _advice(
        self, said: Mapping[int, Sequence[str]], first: str, language: str
    ) -> dict[str, str]:
        """Place each step's sentences as far as they have room there, the others below the table.

        Those that have no room even there are counted; `first` comes before them.
        """
        page: dict[str, str] = {}
        others: list[tuple[int, str]] = []
        for step, sentences in said.items():
            name, here = f"feedback.{step}.advice", ""
            for sentence in sentences:
                longer = f"{here} {sentence}".strip()
                if self.rooms.holds(name, longer, ADVICE_LINES):
                    here = longer
                else:
                    others.append((step, sentence))
            page[name] = self.rooms.lines(name, here, ADVICE_LINES)
        texts = [
            f"{first} {more(others[:kept], len(others) - kept, language)}".strip()
            for kept in range(len(others), -1, -1)
        ]
        text = next((one for one in texts if self.rooms.holds(MORE, one, MORE_LINES)), texts[-1])
        return page | {MORE: self.rooms.lines(MORE, text, MORE_LINES)}

    def lacking(self, marked: Marked) -> list[str]:
        """Return what of name and identifier the page's own fonts lack."""
        return [part for part in _name_parts(marked) if self.stamp.writer.lacks(NAME, part)]

    def _student(self, marked: Marked, fallback: FallbackTexts) -> str:
        """Return name and identifier as far as the line holds them."""
        writer = self.stamp.writer
        known = [
            part if part in fallback.forms else self.rooms.lines(NAME, part, 1)
            for part in _name_parts(marked)
        ]
        line = APART.join(known)
        if known and writer.width(NAME, line, fallback.forms) > writer.room(NAME):
            line = known[0]
        return line


def _name_parts(marked: Marked) -> list[str]:
    """Return name and identifier, each as it can be drawn."""
    both = (drawable(tidy(text, LONGEST_NAME)) for text in (marked.name, marked.student))
    return list(dict.fromkeys(part.replace(APART, " ") for part in both if part))


def score(marked: Marked) -> str:
    """Return the points as the sheet's head shows them."""
    return f"{marked.shown(marked.earned)} / {marked.shown(marked.points)}"


@cache
def feedback(
    kind: str, level: int, paper: str, language: str = ENGLISH, fade: str = ""
) -> Feedback:
    """Return the maker of a level's marked sheets; cached, also its layout on disk."""
    return Feedback(kind, level, paper, language, fade)


def decided(kind: str, level: int, paper: str, language: str, fade: str = "") -> tuple[object, ...]:
    """Return all that decides the layout of a marked sheet."""
    return ("marked", kind, level, paper, language, fade)


def _names(kind: str, level: int) -> list[str]:
    """Return the names of the texts that a marked sheet has beyond those of a sheet."""
    answers = exercise.graph(kind, level).answers
    signs = [
        sign_name(cell_name(line.name, row, column), sign)
        for line in answers
        for row in range(line.node.shape[0])
        for column in range(line.node.shape[1])
        for sign in SIGNS
    ]
    steps = dict.fromkeys(line.step.number for line in answers)
    page = ["points", "closing", "more", *(mark.value for mark in Mark)]
    page += [f"{step}.{what}" for step in steps for what in ("points", "what", "advice")]
    return [*signs, *(f"feedback.{name}" for name in page)]


def _lay_out(
    kind_name: str, level: int, paper: str, language: str, fade: str
) -> Callable[[], Layout]:
    """Return a function that lays out the marked sheet; it runs only if no layout is cached."""

    def lay_out() -> Layout:
        from worksheets.stamp.lay_out import CODE, lay_out

        kind = exercise.find(kind_name)
        identity = Identity(kind.CODE, level, FIRST_LONG_NUMBER, language=language)
        names = [*texts(make([identity])[0]), *_names(kind_name, level)]
        graph, page = exercise.graph(kind_name, level), Page(paper=paper, fade=fade)
        view = faded(graph, fade)

        def html(tokens: dict[str, str]) -> str:
            return filled(kind, identity, tokens, marked=True, page=page, code=CODE, view=view)

        return lay_out(html, names, look=look(page, graph))

    return lay_out
