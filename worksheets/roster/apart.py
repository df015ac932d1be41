"""Set the rows that are no students apart: what platforms, reports and filters add to a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from worksheets.language import told
from worksheets.roster.cells import BLANKS
from worksheets.roster.columns import NAMES, Headings, in_a_row, text_at
from worksheets.roster.headings import COUNTERS, TABLES, headed, key, keys, standings, words_of
from worksheets.tabular.row import Row, is_blank, shown

PERHAPS = keys(TABLES["labels"]["perhaps"])
LABELS = keys(TABLES["labels"]["words"]) - PERHAPS
REMARKS = keys(TABLES["remarks"]["words"])
TEST_STUDENTS = keys(TABLES["test_students"]["words"])
# Blackboard's test student logs in so.
PREVIEW = re.compile(r"_previewuser$", re.IGNORECASE)
# A figure of its own, and not the end of a login such as "max1".
FIGURE = re.compile(r"(?<!\w)[\d.,/%()]*\d[\d.,/%()]*(?!\w)")
# What a numbered list begins with; ten times a class is no count of it any more.
WHOLE = re.compile(r"(\d{1,6})\.?0*")
SMALL = 100
IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]+)[)\]]$")
LEFT = frozenset().union(*(keys(table["values"]) for table in TABLES["excluded"][:2]))


class Apart:
    """Sort a roster's rows into students and others, and keep the reasons."""

    def __init__(self, head: Headings, rows: Sequence[Row], hidden: Set[int]) -> None:
        self.head, self.hidden = head, hidden
        self.names = head.claimants(*NAMES)
        numbers = head.claimants("id", "email")
        counting = {place for place in numbers if counts_rows(head, rows, place)}
        # A number that counts the rows stands before a name that is still to be filled in, too.
        self.ids = [place for place in numbers if place not in counting] or (
            [] if self.names else numbers
        )
        self.standings = standings(head.texts)
        self.used: set[int] = set()
        self.reasons: dict[str, list[Row]] = {}
        self.doubts: dict[str, list[Row]] = {}
        self.count = 0
        self.students = [row for row in rows if not self._is_other(row)]
        self._look_at_standings()

    def __len__(self) -> int:
        return sum(map(len, self.reasons.values()))

    def notes(self) -> Iterator[str]:
        """Yield a line a reason, with the first ten rows that it holds for."""
        for reason, rows in self.reasons.items():
            yield told(
                "{file}: passed over, {reason}: {rows}",
                file=self.head.file,
                reason=reason,
                rows=places_of(rows, self.names),
            )
        for reason, rows in self.doubts.items():
            yield (
                told(
                    "{file}: read as a student{reason}: {rows}; delete the row if it is none",
                    file=self.head.file,
                    reason=reason,
                    rows=places_of(rows, self.names),
                )
            )

    def _is_other(self, row: Row) -> bool:
        reason = self._reason(row)
        self.count += not reason
        if reason:
            self.reasons.setdefault(reason, []).append(row)
        return bool(reason)

    def _reason(self, row: Row) -> str:
        """Return why a row is no student's, or ''."""
        if row.number in self.hidden:
            return told("as the workbook hides them")
        names = [text_at(row.cells, place).strip(BLANKS) for place in self.names]
        ids = [text_at(row.cells, place).strip(BLANKS) for place in self.ids]
        if not any(names) and not any(ids):
            return told("as no name and no identifier stands there")
        for one in self.standings:
            said = text_at(row.cells, one.place).strip(BLANKS)
            if said and one.excludes(said):
                self.used.add(one.place)
                return told(
                    "as {place} says {said}", place=self.head.label(one.place), said=shown(said)
                )
        if self._repeats_headings(row):
            return told("as the headings again")
        if self._is_remark(row, names, ids):
            return told("as a total or remark, and no student")
        if key("".join(names)) in TEST_STUDENTS or any(map(PREVIEW.search, ids)):
            if not all(ids) or any(map(PREVIEW.search, ids)):
                return told("as a platform's test student")
            self.doubts.setdefault("", []).append(row)
        return ""

    def _look_at_standings(self) -> None:
        """Doubt who is neither said to be a student nor not, where others are, and who has left."""
        for one in self.standings:
            said = [text_at(row.cells, one.place).strip(BLANKS) for row in self.students]
            if one.place in self.used or any(map(one.includes, said)):
                self._doubt(one.place, [text if not one.includes(text) else "" for text in said])
        for place in headed(self.head.texts, TABLES["left_on"]["headings"]):
            said = [text_at(row.cells, place).strip(BLANKS) for row in self.students]
            if not all(said):
                self._doubt(place, said)
        for place in self.names:
            said = [text_at(row.cells, place).strip(BLANKS) for row in self.students]
            added = map(IN_BRACKETS.search, said)
            self._doubt(
                place, [match[0] if match and key(match[1]) in LEFT else "" for match in added]
            )

    def _doubt(self, place: int, said: Sequence[str]) -> None:
        for row, text in zip(self.students, said, strict=True):
            if text:
                self.used.add(place)
                reason = told(
                    ", though {place} says {text}", place=self.head.label(place), text=shown(text)
                )
                self.doubts.setdefault(reason, []).append(row)

    def _repeats_headings(self, row: Row) -> bool:
        """Return whether the headings stand here again, as at the top of a report's page."""
        texts = self.head.texts
        return all(text_at(row.cells, place).strip() == texts[place] for place in
                   (*self.names, *self.ids))  # fmt: skip

    def _is_remark(self, row: Row, names: Sequence[str], ids: Sequence[str]) -> bool:
        """Return whether a label stands where a name or an identifier should, and nothing else.

        A number may stand beside it, where there is no identifier, or the count of the students
        above. Who has both a name and an identifier is a student, also if the name is Total. Where
        there is neither, the label may stand in any column.
        """
        named = [text for text in names if _has_letters(text)]
        identified = [text for text in ids if text and text != str(self.count)]
        if not named and any(is_label(text, sure=False) for text in ids):
            return True
        if identified:
            return False
        texts = (text_at(row.cells, place).strip(BLANKS) for place in range(len(row.cells)))
        if not named and any(is_label(text, sure=True) for text in texts):
            return True
        if named and all(is_label(text, sure=True) for text in named):
            return True
        alone = sum(not is_blank(cell) for cell in row.cells) == 1 < len(self.head.texts)
        return alone and (":" in "".join(names) or (bool(self.ids) and not named and not any(ids)))


def is_label(text: str, sure: bool) -> bool:
    """Return whether a cell says "Total", "Average: 3.5", "Printed: 1 May" or the like.

    What may also be a name, as "Max" may, is none when that has to be `sure`.
    """
    if not text or "@" in text:
        return False
    without = FIGURE.sub(" ", text)
    bare = key(without)
    if bare in LABELS or (bare in PERHAPS and (not sure or without != text or ":" in text)):
        return True
    start = re.split(r":|(?<!\w)\d", text, maxsplit=1)
    words = words_of(start[0]) if len(start) > 1 else []
    return bool(words) and ("".join(words) in REMARKS | LABELS or words[0] in REMARKS)


def counts_rows(head: Headings, rows: Sequence[Row], place: int) -> bool:
    """Return whether the numbers of a column count the rows: 1, 2, 3 and so on.

    Below "Nr." and the like, small numbers count rows even where some are missing.
    """
    if place in head.given.values():
        return False
    texts = [text for row in rows if (text := text_at(row.cells, place).strip(BLANKS))]
    matches = [match for text in texts if (match := WHOLE.fullmatch(text))]
    numbers = [int(match[1]) for match in matches]
    if not numbers or 2 * len(numbers) < len(texts):
        return False
    if head.claims[place][1] >= COUNTERS and max(numbers) < max(SMALL, 2 * len(rows)):
        return len(numbers) == len(texts) or numbers[0] in {0, 1}
    start = numbers[0]
    return len(numbers) > 1 and start in {0, 1} and numbers == [*range(start, start + len(numbers))]


def places_of(rows: Sequence[Row], names: Sequence[int] = ()) -> str:
    """Return the first ten rows with whom or what they name, and the number of the others."""
    return in_a_row((f"{row.place} ({shown(_first(row, names))})" for row in rows), len(rows))


def _first(row: Row, names: Sequence[int]) -> str:
    """Return the name in a row, else what stands there first; a figure is no name."""
    named = [text for place in names if (text := text_at(row.cells, place).strip(BLANKS))]
    if any(map(_has_letters, named)):
        return " ".join(named)
    texts = (text_at(row.cells, place).strip(BLANKS) for place in range(len(row.cells)))
    return next(filter(None, texts), "")


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))
