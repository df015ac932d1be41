"""Write what goes with the print files: manifest, keys, answer booklet and certificate."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from math import prod
from pathlib import Path
from shutil import rmtree
from statistics import median, median_low
from typing import Any

from worksheets import exercise
from worksheets.class_set import part
from worksheets.class_set.file_names import begin, endings, own_file
from worksheets.class_set.merge import printed
from worksheets.class_set.order import Order, Plan
from worksheets.class_set.tally import Tally, distinct
from worksheets.exports.formats import FORMATS
from worksheets.language import told
from worksheets.sampling.accepted import FAIR_PERCENT
from worksheets.tabular.spreadsheet_text import in_csv

BOOKLET, KEYS = "answers.pdf", "key.json"
MANIFESTS = ("manifest.csv", "manifest.json")
CERTIFICATES = ("certificate.txt", "certificate.json")
ALWAYS = (BOOKLET, KEYS, *MANIFESTS, *CERTIFICATES)
COLUMNS = (
    "student", "name", "section", "email", "id", "print_file", "first_page", "last_page", "minutes",
)  # fmt: skip


@dataclass(frozen=True)
class Certificate:
    """State what holds for a set. Effort is counted in operations, time in minutes."""

    set: str
    kind: str
    level: int
    edition: str
    sheets: int
    proved_by_the_law: int
    distinct_givens: int
    distinct_answers: int
    effort_median: float
    effort_least: int
    effort_most: int
    within_fair_percent: int
    minutes_median: int
    minutes_least: int
    minutes_most: int
    mistakes_told_apart: int
    fade: str | None
    answer_cells: int
    shown_already: int

    @property
    def text(self) -> str:
        """Write the same for a reader."""
        effort = exercise.usual_effort(exercise.find(self.kind), self.level, self.edition)
        usual = (
            told("the level’s usual {effort}", effort=effort)
            if effort
            else told("these {effort_median:g}", effort_median=self.effort_median)
        )
        each = told("each of {count} usual mistakes", count=self.mistakes_told_apart)
        shows = told("{each} shows in at least one cell of every sheet", each=each)
        telling = shows if self.mistakes_told_apart else told("the kind names no mistakes")
        return told(
            """Certificate of the set {set}: {kind}, level {level}

{sheets} sheets, each drawn from the set's code and the student's identifier alone.
Every answer was computed in exact numbers. {proof}
Distinct: {distinct_givens} of {sheets} have givens of their own, and \
{distinct_answers} of {sheets} answers of their own.
Fair: {effort_median:g} operations in the middle, from {effort_least} to \
{effort_most};
{within_fair_percent} of {sheets} within {fair_percent} % of {usual}.
Time: about {minutes_median} minutes, from {minutes_least} to {minutes_most}.
Telling: {telling}.
{faded}""",
            set=self.set,
            kind=self.kind,
            level=self.level,
            sheets=self.sheets,
            proof=_proof(self),
            distinct_givens=self.distinct_givens,
            distinct_answers=self.distinct_answers,
            effort_median=self.effort_median,
            effort_least=self.effort_least,
            effort_most=self.effort_most,
            within_fair_percent=self.within_fair_percent,
            fair_percent=FAIR_PERCENT,
            usual=usual,
            minutes_median=self.minutes_median,
            minutes_least=self.minutes_least,
            minutes_most=self.minutes_most,
            telling=telling,
            faded=_faded(self),
        )


def certificate(order: Order, tally: Tally) -> Certificate:
    """Count what holds for the sheets as they were made, and proved then if the order is."""
    efforts, minutes = tally.efforts, tally.minutes
    asked = order.specification
    kind, level, edition = asked.kind_name, asked.level, asked.edition
    usual = exercise.usual_effort(exercise.find(kind), level, edition) or median(efforts)
    graph = exercise.graph(kind, level)
    fair = sum(100 * abs(effort - usual) <= FAIR_PERCENT * usual for effort in efforts)
    return Certificate(
        order.set_name,
        kind,
        level,
        edition,
        len(tally),
        len(tally) if order.proved else 0,
        distinct(tally.givens),
        distinct(tally.answers),
        median(efforts),
        min(efforts),
        max(efforts),
        fair,
        median_low(minutes),
        min(minutes),
        max(minutes),
        len(graph.slips),
        order.specification.page.fade or None,
        sum(prod(line.node.shape) for line in graph.answers),
        len(order.specification.view.hints),
    )


def _proof(one: Certificate) -> str:
    if not one.proved_by_the_law:
        return told("""They were not proved by the
kind's law when this set was made: `verify` proves a sheet by its ID.""")
    return told("""Each answer of each sheet was also proved
by the kind's law, which states the method independently and differentiates the losses.""")


def _faded(one: Certificate) -> str:
    if one.fade is None:
        return ""
    return told(
        """Faded, {fade}: {shown_already} of {answer_cells} answer cells are shown,
the same ones on every sheet; what is said above of operations, time and mistakes
holds for a sheet that shows none of them.
""",
        fade=one.fade,
        shown_already=one.shown_already,
        answer_cells=one.answer_cells,
    )


def write(
    order: Order,
    plan: Plan,
    folder: Path,
    parts: Sequence[Path],
    digests: Mapping[str, str],
    one: Certificate,
) -> None:
    """Write what goes with the print files, whose digests these are; sheets are in the parts."""
    head = {"set": order.set_name, **set_of(order), "paper": order.specification.page.paper}
    of_files = (f"{what}_{fact}" for what in _ends(order) for fact in ("file", "sha256"))
    _manifests(folder, [*COLUMNS, *of_files], head, _rows(order, plan, parts, digests))
    (folder / CERTIFICATES[0]).write_text(one.text, encoding="utf-8")
    text = json.dumps(asdict(one), ensure_ascii=False, indent=1)
    (folder / CERTIFICATES[1]).write_text(f"{text}\n", encoding="utf-8")


def _manifests(
    folder: Path, columns: Sequence[str], head: Mapping[str, Any], rows: Iterable[dict[str, Any]]
) -> None:
    """Write the students as a table, and as JSON, one a line below the rest of it."""
    with (
        (folder / MANIFESTS[0]).open("w", encoding="utf-8-sig", newline="") as first,
        (folder / MANIFESTS[1]).open("w", encoding="utf-8") as second,
    ):
        table = csv.DictWriter(first, columns)
        table.writeheader()
        second.write(json.dumps(head, ensure_ascii=False).removesuffix("}") + ',"students":[')
        for place, row in enumerate(rows):
            table.writerow(
                {name: in_csv(one) if isinstance(one, str) else one for name, one in row.items()}
            )
            second.write((",\n" if place else "\n") + json.dumps(row, ensure_ascii=False))
        second.write("\n]}\n")


def _rows(
    order: Order, plan: Plan, parts: Sequence[Path], digests: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    students, places, ends = iter(order.students), printed(order, plan), _ends(order)
    for path in parts:
        facts, singles = part.summary(path)
        for fact, student, place in zip(facts, students, places):  # noqa: B905  (of a chunk)
            files: dict[str, Any] = {}
            merged = dict(zip(("blank", "solved"), place.files, strict=True))
            for what, end in ends.items():
                single = own_file(begin(student.name, student.identifier), fact.id, what, end)
                alone = single in singles
                files[f"{what}_file"] = file = single if alone else merged[what]
                files[f"{what}_sha256"] = singles[single] if alone else digests[file]
            yield {
                "student": student.identifier,
                "name": student.name,
                "section": student.section,
                "email": student.email,
                "id": fact.id,
                "print_file": place.files[0],
                "first_page": place.first_page,
                "last_page": place.last_page,
                "minutes": fact.minutes,
                **files,
            }


def _ends(order: Order) -> dict[str, str]:
    """Map what each student's files are called to how their names end after the ID."""
    view = order.specification.view
    formats = (one for name, one in FORMATS.items() if name in {"pdf", *order.formats})
    return {what: end for one in formats for what, end in one.ends(view).items()}


def set_of(order: Order) -> dict[str, Any]:
    """Return what tells a set from another one."""
    specification = order.specification
    return {
        "code": order.code,
        "kind": specification.kind_name,
        "level": specification.level,
        "edition": specification.edition,
        "secret": order.identity.secret or None,
        "fade": specification.page.fade or None,
    }


def of_a_set(folder: Path, sections: Iterable[str] = ()) -> list[Path]:
    """Return the files in a folder whose names are those of a class set with such sections."""
    names = "|".join(re.escape(f"-{name}") for name in endings(dict.fromkeys(sections)))
    print_file = re.compile(rf"(blanks|solved)({names})?(-\d+)?\.pdf")
    return sorted(
        path for path in folder.iterdir() if path.name in ALWAYS or print_file.fullmatch(path.name)
    )


@contextmanager
def temporary(output: Path) -> Iterator[Path]:
    """Make a folder beside what is being made, gone when all has been renamed into its place."""
    folder = output / ".unfinished"
    rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)
