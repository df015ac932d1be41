"""Let a learner fill a sheet in: its blank page and cells, checks and hints, the solved page."""

from __future__ import annotations

from functools import lru_cache

import worksheets as ws
from worksheets.page.single import page_of
from worksheets.page.talk import Answer, Asked, Send


@lru_cache(4)
def _sheet(id: str) -> ws.Sheet:
    return ws.from_id(id)


def begin(asked: Asked, send: Send) -> Answer:
    """Return the blank page of the sheet with this `id`, and its cells in the page's order."""
    sheet, page = _sheet(asked["id"]), page_of(asked)
    cells = [
        {
            "name": one.name,
            "page": one.box.page,
            "box": [one.box.left, one.box.top, one.box.right, one.box.bottom],
            "to_do": one.to_do,
            "step": one.step,
            "label": one.label,
            "words": list(one.words),
            "shown": one.shown,
        }
        for one in ws.screen_cells(sheet, page)
    ]
    return {
        "id": sheet.id,
        "kind": sheet.kind.name,
        "level": sheet.identity.level,
        "title": _titles(sheet),
        "blank": next(iter(ws.files(sheet, {"pdf"}, page).values())),
        "cells": cells,
    }


def check(asked: Asked, send: Send) -> Answer:
    """Return the marks of the `answers`, by cells' names, and remarks by their steps' numbers."""
    found = ws.check(_sheet(asked["id"]), asked["answers"], asked.get("fade") or "")
    return {
        "marks": {name: mark.value for name, mark in found.marks.items()},
        "remarks": [
            {"step": step, "what": what, "advice": list(advice)}
            for step, (what, advice) in found.remarks.items()
        ],
    }


def hint(asked: Asked, send: Send) -> Answer:
    """Return how the `cell` is worked out, and the cells that meet in it."""
    found = ws.hint(_sheet(asked["id"]), asked["cell"], asked.get("fade") or "")
    return {"place": found.place, "formula": found.formula, "cells": list(found.cells)}


def solved(asked: Asked, send: Send) -> Answer:
    """Return the solved page."""
    files = ws.files(_sheet(asked["id"]), {"pdf"}, page_of(asked))
    (_, (name, content)) = files.items()
    return {"name": name, "solved": content}


def _titles(sheet: ws.Sheet) -> list[list[object]]:
    """Return each step's number and title."""
    steps = {line.step.number: line.step.title for line in sheet.graph.lines.values()}
    return [[number, title] for number, title in steps.items()]
