"""Write a sheet's key for a reader: every line as an aligned matrix between its labels."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from worksheets.engine.graph import Line
from worksheets.language import message, say_in
from worksheets.sheet import Sheet

EDITIONS = {
    "free": message("free edition"),
    "published": message("published edition"),
    "continued": message("continued edition"),
}


def key_text(sheet: Sheet) -> str:
    """Return the whole key as text, its words and names in the sheet's language."""
    identity, say = sheet.identity, say_in(sheet.identity.language)
    edition = say(EDITIONS[identity.edition])
    level = say("level {}").format(identity.level)
    texts = [f"{sheet.id}  {say(sheet.kind.TITLE)}, {level}, {edition}"]
    if sheet.theme:
        texts.append(f"{sheet.theme.title}  ({sheet.theme.name})")
        for name, words in sheet.key()["words"].items():
            texts.append(f"  {say(name):<10}  {' '.join(words)}")
    texts += [f"  {say(_spaced(name))}  {value}" for name, value in sheet.constants.items()]
    for step, lines in groupby(sheet.graph.lines.values(), key=lambda line: line.step):
        texts += ["", f"{step.number} {step.title}"]
        for line in lines:
            texts += _line_text(sheet, line)
    return "\n".join(texts)


def _line_text(sheet: Sheet, line: Line) -> Iterator[str]:
    say, sign = say_in(sheet.identity.language), "" if line.decimals is None else "≈"
    rounding = {None: "", 0: message("≈ to a whole number"), 1: message("≈ to one decimal")}
    note = rounding.get(line.decimals, message("≈ to {decimals} decimals"))
    note = say(note).replace("{decimals}", str(line.decimals))
    given = say("(given)") if line.role == "given" else ""
    yield "  ".join(["", line.label, *filter(None, (given, note))])
    values = [[sign + value for value in row] for row in sheet.values[line.name]]
    table = [["", *sheet.labels(line.column_labels)]]
    labels = sheet.labels(line.row_labels)
    table += [[label, *row] for label, row in zip(labels, values, strict=True)]
    if len(values) == len(values[0]) == 1:
        table = [["", values[0][0]]]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield f"    {'  '.join(cells)}".rstrip()


def _spaced(name: str) -> str:
    return name.replace("_", " ")
