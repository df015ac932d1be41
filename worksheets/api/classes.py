"""Write class sets and courses, from a list of students.

They start processes; in a program with threads, run them in a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from worksheets import exercise
from worksheets.errors import InputError
from worksheets.language import ENGLISH
from worksheets.selection import numbered
from worksheets.views.page import A4, Page

if TYPE_CHECKING:
    from worksheets.class_set.order import Order
    from worksheets.class_set.papers import Certificate
    from worksheets.course.plan import Course
    from worksheets.roster.students import Student

NONE = frozenset[str]()


def quiet(done: object) -> None:
    """Take what is told, and do nothing with it."""


def read_roster(
    path: Path, columns: Mapping[str, str] = {}, tell: Callable[[str], None] = quiet
) -> list[Student]:
    r"""Read the students of a CSV or XLSX file, in its order.

    `columns` maps any of id, name, first, last, email and section to a column's heading, letter or
    number, where the headings do not say it. `tell` is told of what was not used.

    Raises:
        InputError: with up to ten faults, one a line, each with its file, row, column and value.

    >>> _ = Path("class.csv").write_text("Nummer,Name\n17,Ada\n18,Alan\n")
    >>> [student.name for student in ws.read_roster(Path("class.csv"), {"id": "Nummer"})]
    ['Ada', 'Alan']
    """
    from worksheets.roster import students

    return students.read_roster(path, columns, tell)


def order(
    kind: str,
    students: Sequence[Student],
    *,
    set_name: str,
    level: int | None = None,
    edition: str = "free",
    theme: str | None = None,
    language: str = ENGLISH,
    page: Page = A4,
    covers: bool = False,
    formats: Collection[str] = NONE,
    roster: str = "roster",
    secret: Path | None = None,
    proved: bool = True,
) -> Order:
    """Say what a class set is to be.

    `set_name` is the set's code: with it come its sheets. `covers` are cover sheets before each
    section. `formats` are the files of their own that students get
    besides the print files: some of "pdf", "form" and "xlsx", as in `files`. `roster` is what
    messages call the list of students. With a `secret`, a file that the set makes if there is none,
    who has not got it cannot draw the sheets. Without `proved`, the law is not asked, which needs
    SymPy, and the certificate says so.

    Raises:
        InputError: naming what does not exist, or does not go together.

    >>> ws.order("matmul", [ws.Student("17", "Ada")], set_name="Autumn 7").code
    'autumn7'
    """
    from worksheets.class_set.assign import set_code
    from worksheets.class_set.order import Order
    from worksheets.exports.formats import OWN_FORMATS, refuse_formats
    from worksheets.layouts.specification import Specification
    from worksheets.secret import new_secret
    from worksheets.views.faded import faded

    (identity, *_), own_theme = numbered(kind, level, None, None, edition, theme, language)
    set_code(set_name)  # refuses what is none
    faded(exercise.graph(kind, identity.level), page.fade)  # so does this
    refuse_formats(formats, OWN_FORMATS)
    if page.inverse:
        raise InputError("an inverse sheet is no sheet of a class set")
    specification = Specification(
        kind,
        identity.level,
        solved=False,
        page=page,
        language=language,
        edition=edition,
    )
    if secret is not None:
        identity = replace(identity, secret=new_secret(secret))
    return Order(
        specification=specification,
        set_name=set_name,
        students=tuple(students),
        roster=roster,
        identity=identity,
        own_theme=own_theme,
        formats=frozenset(formats),
        covers=covers,
        proved=proved,
    )


def class_set(
    order: Order,
    folder: Path,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    force: bool = False,
    progress: Callable[[int], None] = quiet,
    tell: Callable[[str], None] = quiet,
) -> Certificate:
    """Write the sheets of a whole class into a folder, each proved, and say what holds for them.

    `workers` are processes, one a core if they are not given; `scheduler` is a Dask cluster's
    address. `progress` is told how many sheets are finished more, `tell` what has no room on a
    page. If it is interrupted, the same call goes on where it was. `force` overwrites another set.

    Raises:
        InputError: if the folder holds something else, or cannot be written.
        NotProvedError: if the law says otherwise than a sheet; then nothing of the set is kept.

    >>> students = [ws.Student("17", "Ada"), ws.Student("18", "Alan")]
    >>> autumn = ws.order("matmul", students, set_name="autumn")
    >>> ws.class_set(autumn, Path("autumn"), workers=1).proved_by_the_law
    2
    """
    from worksheets.class_set.build import build
    from worksheets.workers.processes import cores, executor_of

    workers = workers or cores()
    with executor_of(scheduler, workers) as executor:
        return build(
            order, folder, executor, workers=workers, force=force, progress=progress, tell=tell
        )


def print_again(
    order: Order,
    folder: Path,
    students: Sequence[str],
    *,
    force: bool = False,
    tell: Callable[[str], None] = quiet,
) -> list[str]:
    """Write some students' own files once more, and return their names: the set stays as it is.

    `students` are identifiers or whole names, `folder` is that of the set. The order may have
    another paper, language or size of print than the set: numbers are those of the student's sheet.

    Raises:
        InputError: if nobody is called so or has a sheet there, or a file holds something else.

    >>> everyone = [ws.Student("17", "Ada"), ws.Student("18", "Alan")]
    >>> spring = ws.order("matmul", everyone, set_name="spring")
    >>> _ = ws.class_set(spring, Path("spring"), workers=1)
    >>> large = ws.order("matmul", everyone, set_name="spring", page=ws.Page(large_print=True))
    >>> [Path(name).parent.name for name in ws.print_again(large, Path("spring"), ["17"])]
    ['forms', 'keys']
    """
    from worksheets.class_set.again import print_again as again

    return again(order, folder, students, force=force, tell=tell)


def read_course(path: Path, language: str = ENGLISH) -> Course:
    r"""Read a ladder of sheets from a TOML file: a title, and a kind at a level for each rung.

    Raises:
        InputError: naming the file and what is wrong in it.

    >>> _ = Path("ladder.toml").write_text('title = "First"\n[[rung]]\nkind = "matmul"')
    >>> [rung.kind for rung in ws.read_course(Path("ladder.toml")).rungs]
    ['matmul']
    """
    from worksheets.course import plan

    return plan.read_course(path, language)


def course(
    ladder: Course,
    students: Sequence[Student],
    folder: Path,
    *,
    set_name: str,
    page: Page = A4,
    covers: bool = False,
    formats: Collection[str] = NONE,
    roster: str = "roster",
    secret: Path | None = None,
    proved: bool = True,
    workers: int | None = None,
    force: bool = False,
    progress: Callable[[int], None] = quiet,
    tell: Callable[[str], None] = quiet,
) -> dict[str, Certificate]:
    r"""Write a class set for each rung, and course.pdf, the page with the ladder.

    The arguments are those of `order` and `class_set`; what a rung shows already stands in the
    ladder. Returns what holds for each set, by its folder's name.

    Raises:
        InputError: if a folder holds something else, or cannot be written.

    >>> _ = Path("short.toml").write_text('title = "One"\n[[rung]]\nkind = "matmul"')
    >>> ladder, ada = ws.read_course(Path("short.toml")), ws.Student("17", "Ada")
    >>> made = ws.course(ladder, [ada], Path("course"), set_name="autumn", workers=1)
    >>> {name: certificate.sheets for name, certificate in made.items()}
    {'1-matmul-1': 1}
    """
    from worksheets.class_set.order import Order
    from worksheets.course.build import build, order_of
    from worksheets.exports.formats import OWN_FORMATS, refuse_formats
    from worksheets.secret import new_secret
    from worksheets.workers.processes import cores, executor_of

    if page.fade or page.inverse:
        raise InputError("what a course's sheets show already is said for each of its rungs")
    refuse_formats(formats, OWN_FORMATS)
    for rung in ladder.rungs:
        rung.set_name(set_name)  # refuses what is none, before anything is made
    common = Order(
        specification=order_of(ladder, page),
        set_name=set_name,
        students=tuple(students),
        roster=roster,
        identity=ladder.rungs[0].identity,
        formats=frozenset(formats),
        covers=covers,
        proved=proved,
    )
    if secret is not None:
        mark = new_secret(secret)
        rungs = (replace(one, identity=replace(one.identity, secret=mark)) for one in ladder.rungs)
        ladder = replace(ladder, rungs=tuple(rungs))
    workers = workers or cores()
    with executor_of(None, workers) as executor:
        made = build(
            ladder,
            common,
            folder,
            executor,
            workers=workers,
            force=force,
            progress=progress,
            tell=tell,
        )
    return dict(made)
