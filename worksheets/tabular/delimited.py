"""Split a delimited text into records, whichever delimiter it has."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import islice

from worksheets.errors import InputError
from worksheets.language import told
from worksheets.tabular.row import Row, is_blank, shown

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
SAMPLE = 200
# Above the headings a report has titles.
TITLES = 30
MOST_COLUMNS = 20_000
# Excel's own first line, which tells the delimiter and is no row.
DECLARATION = re.compile(r'"?sep=(.)"?[ \t]*(?:\r\n|\r|\n|$)', re.IGNORECASE)


def records(file: str, text: str, known: Callable[[str], bool]) -> list[Row]:
    """Return the rows of a text that are not blank, the headings first.

    `known` says whether a heading means something; it helps to tell the delimiter.

    Raises:
        InputError: if the delimiter cannot be told, or a quote is not closed.
    """
    # An unclosed quote takes in all that follows, and should be told as that, not as a long cell.
    before = csv.field_size_limit(len(text) + 1)
    try:
        return list(_rows(file, *_declared(file, text, known)))
    finally:
        csv.field_size_limit(before)


def check_width(file: str, text: str) -> None:
    """Refuse lines of far too many columns before they are taken apart.

    Raises:
        InputError: with the first such line.
    """
    for number, line in enumerate(StringIO(text, newline=None), 1):
        if len(line) > MOST_COLUMNS:
            columns = 1 + max(map(line.count, DELIMITERS))
            if columns > MOST_COLUMNS:
                raise InputError(
                    told(
                        "{file} line {number}: it has {columns:,} columns; at most {most:,} "
                        "are read",
                        file=file,
                        number=number,
                        columns=columns,
                        most=MOST_COLUMNS,
                    )
                )


def _declared(file: str, text: str, known: Callable[[str], bool]) -> tuple[str, str, int]:
    """Return the text below a first line that tells the delimiter, it, and the lines above."""
    if declaration := DECLARATION.match(text):
        delimiter = declaration[1]
        if delimiter not in DELIMITERS:
            raise InputError(
                told(
                    "{file} line 1: delimiter {delimiter!r} is unknown; use {delimiters}",
                    file=file,
                    delimiter=delimiter,
                    delimiters=", ".join(DELIMITERS.values()),
                )
            )
        return text[declaration.end() :], delimiter, 1
    return text, _delimiter(file, text, known), 0


def _rows(file: str, text: str, delimiter: str, skipped: int) -> Iterator[Row]:
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True, skipinitialspace=True)
    number = 0
    while True:
        line, number = skipped + reader.line_num + 1, number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise InputError(
                f"{file} {Row(number, (), line).place}: {_quote(text, delimiter, line, skipped)}"
            ) from None
        if not all(map(is_blank, cells)):
            yield Row(number, tuple(cells), line)


def _lines(text: str) -> StringIO:
    """Return the lines of a text, ended in any system's way, with their ends as they are."""
    return StringIO(text, newline="")


def _quote(text: str, delimiter: str, line: int, skipped: int) -> str:
    """Say what is wrong with the quotes of the record that starts at a line, and what is right.

    It follows the record as `csv` does: a quote opens only at the start of a cell.
    """
    opened, at_start, inside, closed = line, True, False, False
    for number, content in enumerate(islice(_lines(text), line - 1 - skipped, None), line):
        for character in content:
            if inside:
                if character == '"':
                    inside, closed = False, True
            elif closed and character == '"':
                inside, closed = True, False  # a doubled quote stands for one
            elif at_start and character == '"':
                inside, opened = True, number
            elif closed and character != delimiter and character not in "\r\n":
                return told(
                    "a cell in quotes that open on line {opened} goes on after they close on line "
                    '{number}, with {character}; a quote inside a cell is doubled: ""',
                    opened=opened,
                    number=number,
                    character=shown(character),
                )
            else:
                closed = False
                at_start = character == delimiter or (at_start and character == " ")
    return told('quotes open on line {opened} and do not close; close them with "', opened=opened)


def _delimiter(file: str, text: str, known: Callable[[str], bool]) -> str:
    """Return the delimiter that yields most known headings, then most rows as long as those are.

    Headings may stand below titles: of the first rows, the one that scores best is theirs.
    """
    scores = {}
    for delimiter in DELIMITERS:
        sample = csv.reader(_lines(text), delimiter=delimiter, skipinitialspace=True)
        rows = [row for row in islice(sample, SAMPLE) if not all(map(is_blank, row))]
        lengths = Counter(map(len, rows))
        likely = [
            (sum(map(known, row)), lengths[len(row)], len(row))
            for row in rows[:TITLES]
            if len(row) > 1
        ]
        if likely:
            scores[delimiter] = max(likely)
    best = [delimiter for delimiter in scores if scores[delimiter] == max(scores.values())]
    if len(best) > 1:
        raise InputError(
            told(
                "{file}: the cells may be delimited by {choices}; "
                "say by which in a first line of its own, such as 'sep={one}'",
                file=file,
                choices=told(" or by ").join(DELIMITERS[d] for d in best),
                one=best[0],
            )
        )
    return best[0] if best else ","  # a single column needs none
