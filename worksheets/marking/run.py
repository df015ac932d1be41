"""Mark everything that was handed in: each sheet once, the newest of it, nothing dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby

from numpy import ndindex

from worksheets import exercise
from worksheets.errors import InputError
from worksheets.ids import Identity
from worksheets.marking.follow import follow
from worksheets.marking.judge import findings, judged, step_marks
from worksheets.marking.marks import Marked, Marking, Superseded
from worksheets.marking.paper import paper
from worksheets.marking.register import Student
from worksheets.marking.scheme import Scheme
from worksheets.marking.submission import CellName, SetAside, Submission
from worksheets.sheet import make, read_id
from worksheets.vocabulary.theme import Theme

Known = tuple[Identity, Submission]
NOBODY: Mapping[str, Student] = {}


def mark_all(
    handed_in: Iterable[Submission | SetAside],
    scheme: Scheme,
    register: Mapping[str, Student] = NOBODY,
    own_theme: Theme | None = None,
) -> Marking:
    """Mark submissions. With a register, sheets that are not in it are set aside.

    Without one, several students may have written the same sheet: then their names tell them
    apart.
    """
    aside: list[SetAside] = []
    known: list[Known] = []
    for one in handed_in:
        try:
            known.append(_known(one, register, own_theme))
        except InputError as error:
            aside.append(SetAside(one.source, str(error)))
    newest, superseded = _newest(known, register)
    marked = list(_marked(newest, scheme, register, own_theme))
    if register:
        marked.sort(key=lambda one: register[one.sheet.id].place)
    return Marking(tuple(marked), tuple(superseded), tuple(aside))


def _known(
    one: Submission | SetAside, register: Mapping[str, Student], own_theme: Theme | None
) -> Known:
    """A submission's sheet.

    Raises:
        InputError: saying why it cannot be marked.
    """
    if isinstance(one, SetAside):
        raise InputError(one.reason)
    if not one.id.strip():
        raise InputError("it has no ID of a sheet")
    identity = read_id(one.id, own_theme)
    if register and identity.text not in register:
        raise InputError(f"ID {identity.text}: it is none of this class set’s sheets")
    strange = set(one.entries) - _answer_cells(identity.kind, identity.level)
    if strange:
        line, row, column = min(strange)
        raise InputError(
            f"ID {identity.text}: the sheet has no cell {line}.r{row + 1}.c{column + 1} to fill in"
        )
    return identity, one


@cache
def _answer_cells(code: str, level: int) -> frozenset[CellName]:
    lines = exercise.graph(exercise.name_of(exercise.by_code(code)), level).answers
    return frozenset((line.name, *place) for line in lines for place in ndindex(line.node.shape))


def _newest(
    known: Iterable[Known], register: Mapping[str, Student]
) -> tuple[list[Known], list[Superseded]]:
    """The newest submission of each student, in the order of IDs, and what it takes the place of.

    Files of the same moment count in the order of their names.
    """

    def whose(one: Known) -> tuple[str, str]:
        identity, submission = one
        return identity.text, "" if register else " ".join(submission.student.split()).casefold()

    def age(one: Known) -> tuple[int, str]:
        return one[1].modified, one[1].source

    newest: list[Known] = []
    superseded: list[Superseded] = []
    for _, some in groupby(sorted(known, key=lambda one: (whose(one), age(one))), key=whose):
        *older, last = some
        newest.append(last)
        superseded += [Superseded(one[1], last[1]) for one in older]
    return newest, superseded


def _marked(
    known: Sequence[Known],
    scheme: Scheme,
    register: Mapping[str, Student],
    own_theme: Theme | None,
) -> Iterator[Marked]:
    sheets = make([identity for identity, _ in known], own_theme)
    papers = [
        paper(submission, sheet) for (_, submission), sheet in zip(known, sheets, strict=True)
    ]
    for _, group in groupby(
        papers, key=lambda one: (one.sheet.kind.CODE, one.sheet.identity.level)
    ):
        some = list(group)
        for one, followed in zip(some, follow(some), strict=True):
            cells = judged(one, followed)
            student = register.get(one.sheet.id)
            yield Marked(
                one.submission,
                one.sheet,
                student.identifier if student else one.submission.student,
                student.name if student else one.submission.student,
                cells,
                step_marks(one, cells, scheme),
                findings(one, cells),
                scheme.decimals,
                student.section if student else "",
            )
