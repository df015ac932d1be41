"""Write the places of a layout's cells as plain data, and read them back, checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from worksheets.layouts.checks import DamagedError, below, count, numbers, one_of, text_of, truth
from worksheets.render.grid import ANSWER, CONSTANT, COPY, GIVEN
from worksheets.stamp.layout import Leaf
from worksheets.stamp.places import FIELDS, PageBox, PlacedCell, PlacedTable, Places

ROLES = ("", GIVEN, ANSWER, COPY, CONSTANT)


def places_data(places: Places) -> dict[str, Any]:
    """Return the fields of a layout's file: each table's part and size, and all cells by columns.

    A cell is whether it is a header, its role, the parts of its text, and its box.
    """
    cells = [cell for table in places.tables for row in table.tagged for cell in row]
    return {
        "tables": [
            [one.part, one.labelled, len(one.tagged), len(one.tagged[0])] for one in places.tables
        ],
        "cells": [
            [one.header for one in cells],
            [one.role for one in cells],
            [list(one.parts) for one in cells],
            *_box_columns([one.box for one in cells]),
        ],
        "fields": [_box_columns(places.fields[name]) for name in FIELDS],
    }


def places_of(data: Mapping[str, Any], leaves: Sequence[Leaf]) -> Places:
    """Return the places that a layout's file has, on these pages.

    Raises:
        DamagedError: if a value is none that `places_data` writes.
    """
    headers, roles, parts, *boxes = data["cells"]
    columns = (headers, roles, parts, list(_boxes(boxes, leaves)))
    cells = [
        PlacedCell(truth(header), one_of(role, ROLES), _parts(texts), box)
        for header, role, texts, box in zip(*columns, strict=True)
    ]
    sizes = [(count(rows), count(width)) for _, _, rows, width in data["tables"]]
    if any(min(size) < 2 for size in sizes) or sum(a * b for a, b in sizes) != len(cells):
        raise DamagedError(f"tables: they have other cells than these {len(cells)}")
    rest = iter(cells)
    tables = (
        PlacedTable(
            text_of(part),
            truth(labelled),
            tuple(tuple(islice(rest, width)) for _ in range(rows)),
        )
        for part, labelled, rows, width in data["tables"]
    )
    fields = (tuple(_boxes(columns, leaves)) for columns in data["fields"])
    return Places(tuple(tables), dict(zip(FIELDS, fields, strict=True)))


def _parts(texts: Sequence[object]) -> tuple[str, ...]:
    """Return the parts of a text: a literal, then each name with the literal after it."""
    if not len(texts) % 2:
        raise DamagedError(f"{texts!r} are no parts of a text")
    return tuple(map(text_of, texts))


def _box_columns(boxes: Iterable[PageBox]) -> list[list[float]]:
    rows = [(box.page, box.left, box.top, box.right, box.bottom) for box in boxes]
    return list(map(list, zip(*rows, strict=True))) or [[]] * 5


def _boxes(columns: Sequence[Any], leaves: Sequence[Leaf]) -> Iterator[PageBox]:
    pages, *edges = columns
    for page, left, top, right, bottom in zip(pages, *map(numbers, edges), strict=True):
        if left > right or top > bottom:
            raise DamagedError(f"a box ends at {right}, {bottom} before it starts")
        yield PageBox(below(page, leaves), left, top, right, bottom)
