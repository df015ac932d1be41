"""A finished PDF read back: its tables from the tags, its characters from the pages."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import pdfium
import pikepdf
import rendered

from worksheets.exports.sheet_files import sheet_files
from worksheets.ids import Identity
from worksheets.sheet import Sheet, make
from worksheets.views.page import Page

HAND = "Sheet-Hand"


@dataclass(frozen=True)
class Text:
    """The text of a table's cell, whether in handwriting, and its box on its page."""

    text: str
    hand: bool
    box: tuple[float, float, float, float] | None


@dataclass(frozen=True)
class Table:
    """A matrix as a screen reader meets it."""

    column_labels: tuple[str, ...]
    row_heads: tuple[Text, ...]
    cells: tuple[tuple[Text, ...], ...]

    @property
    def row_labels(self) -> tuple[str, ...]:
        return tuple(head.text for head in self.row_heads)

    @property
    def values(self) -> list[list[str]]:
        return [[cell.text.replace("\N{MINUS SIGN}", "-") for cell in row] for row in self.cells]


@cache
def sheet(level: int, number: int = 1, edition: str = "free") -> Sheet:
    return make([Identity("RLHF", level, number, edition)])[0]


@cache
def pdf(level: int, number: int = 1, edition: str = "free", *, solved: bool, paper: str = "a4"):
    return rendered.pdf(sheet(level, number, edition), solved=solved, page=Page(paper=paper))


def form(one: Sheet, **page: Any) -> bytes:
    """The form of a sheet, by itself."""
    (content,) = sheet_files(one, {"form"}, Page(**page)).values()
    return content


def faces(content: bytes) -> set[str]:
    """The names of a file's fonts, each without the letters that tell subsets apart."""
    with pikepdf.open(BytesIO(content)) as document:
        named = (one for one in document.objects if isinstance(one, pikepdf.Dictionary))
        return {str(one["/BaseFont"]).split("+")[-1] for one in named if "/BaseFont" in one}


def characters(content: bytes) -> list[dict[str, Any]]:
    """Every visible character, in the order in which it was drawn."""
    return [char for page in pdfium.read(content) for char in page.characters]


def tables(content: bytes) -> list[Table]:
    """Every table of the tag tree, in reading order."""
    return [one for page in pdfium.read(content) for one in tables_of(page)]


def tables_of(page: pdfium.Page) -> list[Table]:
    """A page's tables."""
    marked: dict[int, list[dict[str, Any]]] = {}
    for char in page.characters:
        marked.setdefault(char["mcid"], []).append(char)
    return [_table(one, marked) for one in elements(page.elements, "Table")]


def in_handwriting(content: bytes) -> list[str]:
    """What stands in handwriting, cell by cell."""
    found: dict[tuple[int, int], str] = {}
    for char in characters(content):
        if HAND in char["fontname"]:
            place = char["page_number"], char["mcid"]
            found[place] = found.get(place, "") + char["text"]
    return list(found.values())


def answers(sheet: Sheet) -> list[dict[str, Any]]:
    """The lines of the key that a student finds."""
    return [line for line in sheet.key()["lines"] if line["role"] == "answer"]


def copied(sheet: Sheet) -> list[list[list[str]]]:
    """What a student copies from an earlier place, for the next product."""
    line = {one["name"]: one["values"] for one in answers(sheet)}

    def last(name: str) -> list[list[str]]:
        return [[row[-1]] for row in line[name]]

    some = [line["winner_reward"], line["loser_reward"]]
    if sheet.identity.level > 1:
        some += [line["rm_output_trained"], line["probabilities"], last("transformed")]
    if sheet.identity.level == 2:
        some += [line["transformed"]]
    if sheet.identity.level == 3:
        some += [line["rm_linear_trained"], line["input_difference"]]
        some += [line["attended"], last("attended")]
    return some


def handwritten(table: Table) -> tuple[list[str], list[str], list[list[str]]] | None:
    """Labels and values of a table's handwriting, or None where there is none."""
    rows = [
        (label, [cell.text for cell in row if cell.hand])
        for label, row in zip(table.row_labels, table.cells, strict=True)
        if any(cell.hand for cell in row)
    ]
    if not rows:
        return None
    columns = [
        label
        for place, label in enumerate(table.column_labels)
        if any(row[place].hand for row in table.cells)
    ]
    return [label for label, _ in rows], columns, [values for _, values in rows]


def on_paper(values: list[list[str]]) -> list[list[str]]:
    return [[cell.replace("-", "\N{MINUS SIGN}") for cell in row] for row in values]


def elements(tree: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """Every structure element of this type, in reading order."""
    found = []
    for element in tree:
        if element["type"] == kind:
            found.append(element)
        else:
            found += elements(element["children"], kind)
    return found


def _table(element: dict[str, Any], marked: dict[int, list[dict[str, Any]]]) -> Table:
    head, *rows = elements(element["children"], "TR")
    labels = tuple(_text(one, marked).text for one in elements(head["children"], "TH"))
    return Table(
        labels,
        tuple(_text(elements(row["children"], "TH")[0], marked) for row in rows),
        tuple(tuple(_text(one, marked) for one in elements(row["children"], "TD")) for row in rows),
    )


def places(element: dict[str, Any]) -> list[int]:
    """The marked contents of a structure element and its children."""
    return [*element["mcids"], *(one for child in element["children"] for one in child["mcids"])]


def _text(element: dict[str, Any], marked: dict[int, list[dict[str, Any]]]) -> Text:
    chars = [char for place in places(element) for char in marked.get(place, [])]
    text = "".join(char["text"] for char in chars)
    hand = any(HAND in char["fontname"] for char in chars)
    box = None
    if chars:
        box = (
            min(char["x0"] for char in chars),
            min(char["top"] for char in chars),
            max(char["x1"] for char in chars),
            max(char["bottom"] for char in chars),
        )
    return Text(text, hand, box)
