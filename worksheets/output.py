"""What goes out: the files of a sheet, a key as text, and what kinds and themes there are."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from statistics import median_low
from typing import Any

from worksheets import exercise
from worksheets.engine.graph import Line
from worksheets.errors import InputError
from worksheets.ids import LANGUAGES, Identity
from worksheets.language import message, say_in
from worksheets.sentences import Sentences
from worksheets.sheet import LARGEST_BATCH, Sheet, make, minutes
from worksheets.vocabulary.theme import RANDOM_THEMES, Theme, built_in

SAMPLE = 50
EDITIONS = {
    "free": message("free edition"),
    "published": message("published edition"),
    "continued": message("continued edition"),
}


def made(identities: list[Identity], own_theme: Theme | None) -> Iterator[Sheet]:
    """The sheets, a batch at a time, so that a hundred thousand need no more memory than some."""
    for start in range(0, len(identities), LARGEST_BATCH):
        yield from make(identities[start : start + LARGEST_BATCH], own_theme)


def contents_maker(
    formats: Sequence[str],
    paper: str,
    large_print: bool,
    fillable: bool,
    fade: str | None = None,
    inverse: bool = False,
) -> Callable[[Sheet], dict[str, bytes]]:
    """What to write of each sheet: content by file name.

    Raises:
        InputError: if these do not go together, or a library is missing.
    """
    if inverse and (fade or fillable or "pdf" not in formats or "xlsx" in formats):
        raise InputError("--inverse is for pages, without --fade; not for forms or answer sheets")
    if fade and not (fillable or {"pdf", "xlsx"} & set(formats)):
        raise InputError("--fade is for pages, forms and answer sheets; a key shows every answer")
    from worksheets.views.faded import faded
    from worksheets.views.inverse import inverse as inverse_view

    try:
        if "pdf" in formats:
            from worksheets.render.pdf import render_both
        if fillable:
            from worksheets.exports import fillable as form
        if "xlsx" in formats:
            from worksheets.exports.answer_sheet import answer_sheet
    except OSError as error:
        raise InputError(
            "PDFs, and places as on paper, need C libraries that are missing, `make native` "
            f"installs them: {error}"
        ) from None

    def contents(one: Sheet) -> dict[str, bytes]:
        files: dict[str, bytes] = {}
        view = inverse_view(one) if inverse else faded(one.graph, fade or "")
        if "pdf" in formats:
            blank, solved = render_both(one, paper=paper, large_print=large_print, view=view)
            files |= {f"{one.id}-{view.blank}.pdf": blank, f"{one.id}-{view.solved}.pdf": solved}
        if fillable:
            name, printed = f"{one.id}-{view.form}.pdf", files.get(f"{one.id}-{view.blank}.pdf")
            files[name] = form.fillable(
                one, printed, paper=paper, large_print=large_print, fade=fade or ""
            )
        if "xlsx" in formats:
            files[f"{one.id}{view.workbook}.xlsx"] = answer_sheet(one, fade or "")
        if "json" in formats:
            files[f"{one.id}.json"] = f"{json.dumps(one.key(), ensure_ascii=False)}\n".encode()
        return files

    return contents


def with_progress(sheets: Iterator[Sheet], total: int) -> Iterator[Sheet]:
    """Show on a terminal how far it is, once it has taken a second."""
    with sheets_bar(total) as done:
        for one in sheets:
            done(0)
            yield one
            done(1)


@contextmanager
def sheets_bar(total: int) -> Iterator[Callable[[int], None]]:
    """Something to call with the number of sheets just finished; 0 clears the line for a moment."""
    if total == 1 or not sys.stderr.isatty():
        yield lambda sheets: None
        return
    from tqdm import tqdm

    with tqdm(total=total, unit="sheet", delay=1, miniters=1, leave=False) as bar:

        def update(sheets: int) -> None:
            if sheets:
                bar.update(sheets)
            elif bar.last_print_n:  # it stands where the ID will
                bar.clear()

        yield update


def key_text(sheet: Sheet) -> str:
    """The key for a reader: every line as an aligned matrix between its labels."""
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


def overview() -> dict[str, Any]:
    """The kinds with what each level asks for, and the themes."""
    kinds = [
        {
            "name": name,
            "code": kind.CODE,
            "title": kind.TITLE,
            "summary": Sentences(name).summary,
            "editions": list(kind.EDITIONS) + ["continued"] * (kind.CONTINUES is not None),
            "continues": _continues(kind),
            "levels": [_level(name, kind, level) for level in kind.LEVELS],
        }
        for name, kind in exercise.all_kinds().items()
    ]
    themes = [
        {
            "name": theme.name,
            "title": theme.title,
            "bias": theme.bias,
            "value": theme.value,
            "link": theme.link,
            "subjects": list(theme.subjects),
            "losing": theme.losing,
            "winning": theme.winning,
            "drawn": theme.name in RANDOM_THEMES,
        }
        for theme in built_in().values()
    ]
    return {"kinds": kinds, "themes": themes, "languages": list(LANGUAGES.values())}


def _level(name: str, kind: exercise.Kind, level: int) -> dict[str, Any]:
    graph = exercise.graph(name, level)
    shapes = [line.node.shape for line in graph.answers]
    effort = _usual_effort(kind, level)
    return {
        "level": level,
        "does": Sentences(name).level(level),
        "editions": list(exercise.editions(kind, level)),
        "lines": len(shapes),
        "cells": sum(rows * columns for rows, columns in shapes),
        "effort": effort,
        "minutes": minutes(graph, effort),
        "variety": kind.VARIETY.get(level),
    }


def _usual_effort(kind: exercise.Kind, level: int) -> int:
    """What the kind declares, near which each of its sheets lies, or else the median of some."""
    if level in kind.EFFORT:
        return kind.EFFORT[level]
    sheets = make([Identity(kind.CODE, level, number) for number in range(SAMPLE)])
    return median_low(sheet.effort for sheet in sheets)


def _continues(kind: exercise.Kind) -> dict[str, Any] | None:
    """What is given on sheets of the edition "continued": which line of which other sheet."""
    one = kind.CONTINUES
    if one is None:
        return None
    return {"given": one.given, "kind": one.kind, "level": one.level, "line": one.line}


def overview_text(data: dict[str, Any]) -> str:
    """The same for a reader."""
    texts = [*_kinds_text(data["kinds"]), "", *_themes_text(data["themes"])]
    return "\n".join([*texts, "", f"languages  {', '.join(data['languages'])}"])


def _kinds_text(kinds: Iterable[dict[str, Any]]) -> Iterator[str]:
    for kind in kinds:
        yield f"{kind['name']}  {kind['title']}: {kind['summary']}"
        for level in kind["levels"]:
            yield f"  level {level['level']}  {level['does']}"
            variety = f"; at least {level['variety']:,} sheets" if level["variety"] else ""
            yield (
                f"           {level['lines']} answers in {level['cells']} cells, "
                f"{level['effort']} operations, some {level['minutes']} minutes{variety}"
            )
        yield f"  editions: {', '.join(kind['editions'])}"
        if one := kind["continues"]:
            some = [str(one["level"]) for one in kind["levels"] if "continued" in one["editions"]]
            yield (
                f"  continued, at level {' and '.join(some)}: {one['given']} is what {one['line']} "
                f"came to on the {one['kind']} sheet of level {one['level']} and the same number"
            )


def _themes_text(themes: Iterable[dict[str, Any]]) -> Iterator[str]:
    for heading, drawn in (("themes", True), ("themes by name alone", False)):
        yield heading
        for theme in themes:
            if theme["drawn"] == drawn:
                pair = f"{theme['losing']} < {theme['winning']}"
                yield f"  {theme['name']:<8}  {pair:<17}  {theme['value']}"
