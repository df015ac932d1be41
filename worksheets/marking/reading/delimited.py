"""Read CSV of cells, any delimiter: a row for each cell, or a row for each student."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from worksheets.errors import InputError
from worksheets.language import to_tell, told
from worksheets.marking.reading.cells import is_known, nearest_of_all
from worksheets.marking.reading.draft import Draft
from worksheets.tabular.delimited import check_width, records
from worksheets.tabular.row import Row, shown

LONG = ("id", "line", "row", "column", "value")
STUDENT = ("student", "name")
# Columns that forms and gradebooks add, and that say nothing of a cell.
PASSED_OVER = frozenset(
    ("timestamp", "date", "email", "email address", "username", "section", "group", "score")
)
RIGHT = to_tell(
    "right are the headings id,line,row,column,value, or id,name and a heading for each "
    "cell, such as loser_features.r1.c2"
)


def delimited_drafts(source: str, text: str) -> list[Draft]:
    """Return the submissions in a delimited text.

    Raises:
        InputError: if it has neither form, or a heading is unknown.
    """
    check_width(source, text)
    found = records(source, text, _is_heading)
    if not found:
        raise InputError(told("the file is empty; {right}", right=told(RIGHT)))
    head, *rows = found
    headings = [str(cell).strip().casefold() for cell in head.cells]
    if "id" not in headings:
        raise InputError(
            told("{place}: there is no heading “id”; {right}", place=head.place, right=told(RIGHT))
        )
    if not rows:
        raise InputError(
            told("{place}: this is the only row; {right}", place=head.place, right=told(RIGHT))
        )
    if twice := {name for name in headings if name and headings.count(name) > 1}:
        raise InputError(
            told(
                "{place}: the heading {heading} stands twice",
                place=head.place,
                heading=shown(min(twice)),
            )
        )
    if set(LONG) <= set(headings):
        return list(_long(source, headings, rows))
    for name in headings:
        if name and not _is_heading(name) and name not in PASSED_OVER:
            raise InputError(
                told(
                    "{place}: the heading {name} is unknown; the nearest cell is "
                    "{nearest}; {right}",
                    place=head.place,
                    name=shown(name),
                    nearest=nearest_of_all(name),
                    right=told(RIGHT),
                )
            )
    return [_wide(f"{source}, {row.place}", headings, row) for row in rows]


def _is_heading(name: str) -> bool:
    plain = name.strip().casefold()
    return plain in LONG or plain in STUDENT or is_known(plain)


def _long(source: str, headings: Sequence[str], rows: Sequence[Row]) -> Iterator[Draft]:
    """Yield a submission for every ID, and every student where the file says who."""
    who = [headings.index(name) for name in STUDENT if name in headings][:1]
    places = [headings.index(name) for name in LONG]
    drafts: dict[tuple[str, str], Draft] = {}
    for row in rows:
        cells = _texts(row, len(headings))
        sheet, line, number, column, value = (cells[place] for place in places)
        student = cells[who[0]] if who else ""
        key = sheet.strip(), student.strip()
        draft = drafts.get(key)
        if draft is None:
            draft = drafts[key] = Draft(f"{source}, {row.place}", sheet, student)
        draft.fault = draft.fault or _too_long(row, headings)
        name = f"{line.strip()}.r{number.strip()}.c{column.strip()}"
        draft.add(name, value, row.place)
    if len(drafts) == 1:
        next(iter(drafts.values())).source = source
    yield from drafts.values()


def _wide(source: str, headings: Sequence[str], row: Row) -> Draft:
    """Return the submission that a row is."""
    draft = Draft(source, fault=_too_long(row, headings))
    for name, text in zip(headings, _texts(row, len(headings)), strict=True):
        if name == "id":
            draft.id = text
        elif name in STUDENT:
            draft.student = draft.student or text
        elif text and name and name not in PASSED_OVER:
            draft.add(name, text, row.place)
    return draft


def _texts(row: Row, length: int) -> list[str]:
    """Return the row's cells, filled up or cut to the headings' number."""
    return [str(cell) for cell in row.cells[:length]] + [""] * (length - len(row.cells))


def _too_long(row: Row, headings: Sequence[str]) -> str:
    """Return the fault of a row with text to the right of the headings, or nothing."""
    more = [str(cell) for cell in row.cells[len(headings) :] if str(cell).strip()]
    return (
        told("{place}: {text} stands under no heading", place=row.place, text=shown(more[0]))
        if more
        else ""
    )
