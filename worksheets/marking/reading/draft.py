"""Hold a submission as its file has it, before its cells' names and its ID are checked."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from unicodedata import category

from worksheets.errors import InputError
from worksheets.language import to_tell, told
from worksheets.marking.reading.cells import Cells, cells_of, parsed
from worksheets.marking.submission import CellName, Entry, SetAside, Submission
from worksheets.tabular.row import shown

UNSEALED = to_tell(
    "lines that it says are taken as right are blank, and points and notes that it gives are none: "
    "only what was entered here says so"
)
# No answer, name or ID is longer; what is cut cannot be read, and is shown as far as it goes.
LONGEST, LONGEST_WRITTEN = 200, 1_000


@dataclass
class Draft:
    """Collect one submission's part of a file. `values` are by the cells' names in the file.

    `fade` names the cells that the sheet shows already, if the file says so; `fault` is the reason
    to set it aside, once one is known; `complete` tells that its kind of file has every cell that
    is left to do, so that one is damaged where some are missing, and that it says how it is faded
    if it is. `notes` are what a teacher has to know of it. `questions` and `note` are what
    a marker has typed of the written questions and of the sheet, and `written` the answers to these
    questions.
    """

    source: str
    id: str = ""
    student: str = ""
    values: dict[str, Entry] = field(default_factory=dict)
    taken_as_right: list[str] = field(default_factory=list)
    sealed: bool = False
    fade: str = ""
    complete: bool = False
    fault: str = ""
    notes: list[str] = field(default_factory=list)
    questions: str = ""
    note: str = ""
    written: list[str] = field(default_factory=list)

    def add(self, name: str, text: str, where: str = "", unread: str = "") -> None:
        """Note a cell's value. A cell with two values makes the submission faulty.

        `unread` says why it cannot be told what a cell has that is not blank.
        """
        before = self.values.get(name)
        if before is None:
            self.values[name] = _entry(text[: LONGEST + 1], where, unread)
        elif before.text.strip() != plain(text).strip():
            self.fault = self.fault or _two_values(name, before.text, text, where)

    def finished(self, modified: int) -> Submission | SetAside:
        """Return the checked submission, or the reason why there is none."""
        try:
            if self.fault:
                raise InputError(self.fault)
            cells = cells_of(self.id)
            shown_already = cells.shown(plain(self.fade).strip()) if cells else frozenset()
            entries = self._entries(cells, shown_already)
            taken = frozenset(self._taken(cells)) if self.sealed else frozenset()
        except InputError as error:
            return SetAside.because(self.source, error)
        student = " ".join(plain(self.student).split())
        claims = bool(self.taken_as_right or self.questions or self.note)
        fade = plain(self.fade).strip()
        return Submission(
            self.source,
            modified,
            plain(self.id),
            student,
            entries,
            taken,
            fade,
            self.complete,
            self.sealed,
            (*self.notes, *([told(UNSEALED)] if claims and not self.sealed else [])),
            plain(self.questions).strip() if self.sealed else "",
            plain(self.note).strip() if self.sealed else "",
            tuple(filter(None, (plain(text, LONGEST_WRITTEN).strip() for text in self.written))),
        )

    def _entries(
        self, cells: Cells | None, shown_already: Collection[CellName]
    ) -> dict[CellName, Entry]:
        """Return the texts by cell; blank ones are left out."""
        if cells and self.complete:
            self._check_complete(cells, shown_already)
        found: dict[CellName, Entry] = {}
        for name, entry in self.values.items():
            if not entry.text or entry.text.isspace():
                continue
            cell = cells.answers.get(name) if cells else None  # nearly always it is there
            if cell or (cell := self._named(name, entry.where, cells)):
                other = found.setdefault(cell, entry)
                if other is not entry and other.text.strip() != entry.text.strip():
                    raise InputError(_two_values(name, other.text, entry.text, entry.where))
        return found

    def _named(self, name: str, where: str, cells: Cells | None) -> CellName | None:
        """Return the answer cell of a name that a file has."""
        try:
            return cells.named(name) if cells else parsed(name)
        except InputError as error:
            raise (error.at(where) if where else error) from None

    def _check_complete(self, cells: Cells, shown_already: Collection[CellName]) -> None:
        left = (name for name, cell in cells.answers.items() if cell not in shown_already)
        missing = [name for name in left if name not in self.values]
        if missing:
            raise InputError(
                told(
                    "{missing} of {answers} answer cells are missing, such as "
                    "{example}; the file is damaged, or not that of the sheet {id}",
                    missing=len(missing),
                    answers=len(cells.answers),
                    example=missing[0],
                    id=plain(self.id),
                )
            )

    def _taken(self, cells: Cells | None) -> Iterator[str]:
        for name in self.taken_as_right:
            if cells and name not in cells.lines:
                known = cells.nearest(f"{name}.r1.c1").partition(".")[0]
                raise InputError(
                    told(
                        "taken_as_right: line {name} is unknown; the nearest is {nearest}",
                        name=shown(name),
                        nearest=known,
                    )
                )
            yield name


def _two_values(name: str, before: str, text: str, where: str) -> str:
    place = f"{where}: " if where else ""
    return told(
        "{place}cell {name} has two values, {before} and {text}",
        place=place,
        name=shown(name),
        before=shown(before),
        text=shown(text),
    )


@lru_cache(4096)
def _entry(text: str, where: str, unread: str) -> Entry:
    """Return one object for all equal cells: a class writes few different ones."""
    return Entry(plain(text), where, unread)


def plain(text: str, longest: int = LONGEST) -> str:
    """Return a text that may be written into any file: no control characters, not overlong."""
    if len(text) > longest:
        text = text[:longest] + "…"
    if text.isprintable():
        return text
    return "".join(_sign(sign) for sign in text)


def _sign(sign: str) -> str:
    if sign in "\t\n\r":
        return " "
    return "\N{REPLACEMENT CHARACTER}" if category(sign) in {"Cc", "Cs", "Cn"} else sign
