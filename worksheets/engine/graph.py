"""Trace a worksheet's lines, once, from the steps that a kind writes down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction

from worksheets.engine import operations as op
from worksheets.engine.matrix import BIAS, Labels, Matrix
from worksheets.engine.node import Node
from worksheets.language import Say

GIVEN, ANSWER = "given", "answer"
# The pencil rule: two digits before the point and two after it.
TWO_DIGITS, HUNDREDTHS = 99, 100
COLOURS = ("purple", "orange")  # those that the style sheet has


@dataclass(frozen=True)
class Part:
    """A part of the page: its title, its colour's name in the CSS, and its goal in one line.

    The goal is a sentence, which the kind's catalogue has.

    Raises:
        ValueError: if there is no such colour.
    """

    title: str
    colour: str
    goal: str = ""

    def __post_init__(self) -> None:
        if self.colour not in COLOURS:
            known = ", ".join(COLOURS)
            raise ValueError(f"part {self.title!r}: colour {self.colour!r}: it is one of {known}")


@dataclass(frozen=True)
class Step:
    """A numbered circle of the page.

    `note` is a sentence on what to do, if the kind's catalogue has one. In it, words of the sheet
    stand in braces as they do in labels: "{subject}".
    """

    number: int
    title: str
    part: Part
    note: str = ""

    def said(self, say: Say, goal: Say, note: Say) -> Step:
        """Translate the step, with its sentences."""
        part = replace(self.part, title=say(self.part.title), goal=goal(self.part.title))
        return replace(self, title=say(self.title), note=note(self.title), part=part)


@dataclass(frozen=True)
class Line:
    """A named matrix of the sheet.

    Labels that stand in braces, "{subject}", are words of the sheet; others are printed as they
    are. `decimals` is the rounding of a rounded line, else None. `entries` says what a word
    line's values index: "words" (the start symbol and the vocabulary) or "verdict" (no, yes).
    `symbol` is what the page calls it, such as W₁; else it goes by its name. `words` are the name
    in another language. `how` says in words how it comes about, where they say it better than
    its operation; empty words leave it open, where telling would give it away.
    """

    name: str
    node: Node
    role: str
    step: Step
    decimals: int | None
    row_labels: Labels
    column_labels: Labels
    entries: str = "words"
    symbol: str = ""
    words: str = ""
    how: str | None = None

    @property
    def label(self) -> str:
        """Return its name as it is read."""
        return self.words or self.name.replace("_", " ")

    @property
    def title(self) -> str:
        """Return the page's name for it: its symbol, else its label."""
        return self.symbol or self.label

    def said(self, say: Say, step: Step) -> Line:
        """Translate the line, but for its name, and for the bias's label, by which it is found."""
        rows, columns = (
            tuple(label if label == BIAS else say(label) for label in labels)
            for labels in (self.row_labels, self.column_labels)
        )
        return replace(
            self, step=step, row_labels=rows, column_labels=columns,
            symbol=say(self.symbol), words=say(self.label), how=self.how and say(self.how),
        )  # fmt: skip


@dataclass(frozen=True)
class Mistake:
    """A usual slip, declared as other ways to compute some lines.

    `instead` maps a line's name to its wrong expression over the lines before it, and the inverses
    of learning rates by their names; lines that a level lacks are passed over, and so is the
    mistake on a sheet without the line it `needs`. What to do about it stands in the kind's
    catalogue.
    """

    name: str
    instead: Mapping[str, Callable[[Mapping[str, Matrix]], Matrix]]
    needs: str | None = None


@dataclass(frozen=True)
class Graph:
    """The traced sheet: lines in the order of the key, words, and constants.

    `rates` maps a drawn learning rate's name to the node of its inverse, and `constants` that of a
    constant that all sheets have to its value. `slips` holds each mistake's expressions over the
    right lines, by the mistake's and the line's name.
    """

    lines: Mapping[str, Line]
    words: Mapping[str, Node]
    rates: Mapping[str, Node]
    slips: Mapping[str, Mapping[str, Node]] = field(default_factory=dict)
    constants: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def answers(self) -> tuple[Line, ...]:
        """Return the lines that a student fills in."""
        return tuple(line for line in self.lines.values() if line.role == ANSWER)

    @property
    def givens(self) -> tuple[Line, ...]:
        """Return the lines that are printed on the blank sheet."""
        return tuple(line for line in self.lines.values() if line.role == GIVEN)

    def said(self, say: Say, goal: Say, note: Say) -> Graph:
        """Translate the texts; nodes and names stay.

        `say` translates; `goal` and `note` have the sentence for a part's and for a step's title.
        """
        every = {line.step for line in self.lines.values()}
        steps = {step: step.said(say, goal, note) for step in every}
        lines = {name: line.said(say, steps[line.step]) for name, line in self.lines.items()}
        return replace(self, lines=lines)


class Tracer:
    """Record what a kind's steps say; the `sheet` of `steps(sheet, ...)`."""

    def __init__(self, mistake: Mistake | None = None) -> None:
        """Start a trace, in which one mistake may replace some lines' expressions."""
        self._mistake = mistake
        self._lines: dict[str, Line] = {}
        self._matrices: dict[str, Matrix] = {}
        self._words: dict[str, Matrix] = {}
        self._rates: dict[str, Node] = {}
        self._constants: dict[str, Fraction] = {}
        self._step: Step | None = None

    @contextmanager
    def step(self, number: int, title: str, part: Part) -> Iterator[None]:
        """Put the lines declared inside under this numbered circle."""
        self._step = Step(number, title, part)
        yield
        self._step = None

    def word(self, role: str) -> Matrix:
        """Return the word that plays this role on the sheet, such as the rated subject, 1×1."""
        if role not in self._words:
            self._words[role] = Matrix(op.given_word(), (f"{{{role}}}",), ("word",))
        return self._words[role]

    def given(
        self,
        name: str,
        rows: Labels,
        columns: Labels,
        bound: int,
        symbol: str = "",
        finest: int = 1,
    ) -> Matrix:
        """Declare a printed matrix: multiples of 1/`finest`, of magnitude at most `bound`."""
        node = op.given((len(rows), len(columns)), bound, finest)
        return self._record(name, Matrix(node, rows, columns), GIVEN, symbol=symbol)

    def given_words(self, name: str, words: Matrix) -> Matrix:
        """Declare words that are printed."""
        return self._record(name, words, GIVEN)

    def answer(
        self,
        name: str,
        matrix: Matrix,
        entries: str = "words",
        limit: int = TWO_DIGITS,
        finest: int = HUNDREDTHS,
        symbol: str = "",
        how: str | None = None,
    ) -> Matrix:
        """Declare a matrix that the student fills in; `how` it comes about is drawn, or said so.

        A sheet on which an entry lies beyond ±`limit`, or is no multiple of 1/`finest`, is refused.
        A mistake may copy a given, which is declared with its own bounds and comes from the draw.

        Raises:
            ValueError: if the line stands under no step, or is declared twice.
        """
        if self._mistake and name in self._mistake.instead:
            wrong = self._wrong(self._mistake, name)
            matrix = wrong.labelled(matrix.row_labels, matrix.column_labels)
        if not (matrix.node.is_word or matrix.node.operation == "given"):
            node = replace(matrix.node, limit=limit, finest=finest)
            matrix = Matrix(node, matrix.row_labels, matrix.column_labels)
            if matrix.shape == (1, 1):
                matrix = matrix.labelled((name.replace("_", " "),), ("value",))
        return self._publish(name, self._record(name, matrix, ANSWER, entries, symbol, how))

    def rate(self, name: str, inverse: Matrix) -> Matrix:
        """Declare a learning rate, printed as a constant of the sheet: 1 / inverse."""
        self._rates[name] = inverse.node
        return self._publish(name, inverse)

    def constant(self, name: str, value: Fraction | int) -> Fraction:
        """Declare a constant of all sheets, such as β: its page says it, and its key has it."""
        self._constants[name] = Fraction(value)
        return self._constants[name]

    def _publish(self, name: str, matrix: Matrix) -> Matrix:
        """Hand an answer or rate to later lines and mistakes; other tracers hand on another."""
        self._matrices[name] = matrix
        return matrix

    def _record(
        self,
        name: str,
        matrix: Matrix,
        role: str,
        entries: str = "words",
        symbol: str = "",
        how: str | None = None,
    ) -> Matrix:
        if self._step is None:
            raise ValueError(f"line {name!r} stands under no step: use `with sheet.step(...)`")
        if name in self._lines:
            raise ValueError(f"line {name!r} is declared twice")
        self._lines[name] = Line(
            name,
            matrix.node,
            role,
            self._step,
            _decimals(matrix.node),
            matrix.row_labels,
            matrix.column_labels,
            entries,
            symbol,
            how=how,
        )
        self._matrices[name] = matrix
        return matrix

    def _wrong(self, mistake: Mistake, name: str) -> Matrix:
        """Return what a line comes to with this mistake, from the lines before it."""
        try:
            return mistake.instead[name](self._matrices)
        except KeyError as error:
            raise ValueError(
                f"mistake {mistake.name!r}: {name} is made of {error}, and no line or rate before "
                "it has that name; if another level has it, `needs` names it"
            ) from error

    def _slip(self, mistake: Mistake, name: str) -> Node:
        node, right = self._wrong(mistake, name).node, self._lines[name].node
        if node.shape != right.shape:
            raise ValueError(f"mistake {mistake.name!r}: {name} is {right.shape}, not {node.shape}")
        return node

    def graph(self, mistakes: tuple[Mistake, ...] = ()) -> Graph:
        """Return the recorded graph, with the mistakes that its lines allow.

        Raises:
            ValueError: if a mistake gives a line another shape, or is made of what is no line.
        """
        slips = {
            mistake.name: {
                name: self._slip(mistake, name) for name in mistake.instead if name in self._lines
            }
            for mistake in mistakes
            if mistake.needs is None or mistake.needs in self._lines
        }
        words = {role: matrix.node for role, matrix in self._words.items()}
        present = {name: nodes for name, nodes in slips.items() if nodes}
        return Graph(self._lines, words, self._rates, present, self._constants)


def _decimals(node: Node) -> int | None:
    """Return a line's decimals if it is rounded, also where its sign is changed or it is turned."""
    while node.operation in ("negative", "transpose"):
        (node,) = node.parents
    return node.decimals
