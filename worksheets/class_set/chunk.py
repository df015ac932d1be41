"""A chunk of a class: some students' sheets, drawn, computed and stamped; one unit of work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING

import orjson

from worksheets.class_set.checkpoints import in_booklet
from worksheets.class_set.proof import prove_all
from worksheets.class_set.specification import Specification
from worksheets.exercise import name_of
from worksheets.ids import Identity
from worksheets.render.page import texts
from worksheets.sheet import Sheet, make
from worksheets.stamp.document import alone
from worksheets.stamp.foreign import Foreign
from worksheets.stamp.sheets import Piece
from worksheets.vocabulary.theme import Theme

if TYPE_CHECKING:
    from worksheets.exports.form_template import FormTemplate

SIZE = 100


@dataclass(frozen=True)
class Chunk:
    """Which sheets: the first's place in its file, identities, and what is printed of whom.

    `formats` are in order, as a part's name is a hash of all this: a set's order changes from one
    process to the next.
    """

    specification: Specification
    first: int
    identities: tuple[Identity, ...]
    students: tuple[str, ...]
    foreign: Foreign
    own_theme: Theme | None
    formats: tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """What the set's papers say of a sheet; `digests` are those of its givens and its answers."""

    id: str
    minutes: int
    effort: int
    digests: tuple[int, int]
    checkpoints: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """A chunk's work: facts, keys as JSON, one a line, both print files' pieces, single files."""

    facts: tuple[Fact, ...]
    keys: bytes
    blanks: Piece
    solved: Piece
    singles: dict[str, bytes]


def work(chunks: Sequence[Chunk]) -> Iterator[Done]:
    """Do some chunks of one class: the same bytes wherever, whenever and with which others."""
    identities = [identity for chunk in chunks for identity in chunk.identities]
    sheets = make(identities, chunks[0].own_theme)  # together, as that takes less time
    prove_all(sheets)
    each = iter(sheets)
    for chunk in chunks:
        yield _work(chunk, list(islice(each, len(chunk.identities))))


def _work(chunk: Chunk, sheets: list[Sheet]) -> Done:
    shown = [texts(sheet, who) for sheet, who in zip(sheets, chunk.students, strict=True)]
    view = chunk.specification.view
    pieces: list[Piece] = []
    singles: dict[str, bytes] = {}
    for stamp, name in zip(chunk.specification.stamps(), (view.blank, view.solved), strict=True):
        some = []
        for place, one in enumerate(shown):
            filled = stamp.shown(one, chunk.foreign)
            some.append(stamp.piece(filled, chunk.first + place, chunk.foreign))
            form = "form" in chunk.formats and name == view.blank
            if form or "pdf" in chunk.formats:
                file = alone(stamp, filled, stamp.title(one), chunk.foreign)
                if "pdf" in chunk.formats:
                    singles[f"{one['id']}-{name}.pdf"] = file
                if form:
                    fields = _repeater(chunk.specification).form(sheets[place], file)
                    singles[f"{one['id']}-{view.form}.pdf"] = fields
        pieces.append(Piece.joined(some))
    if "xlsx" in chunk.formats:
        from worksheets.exports.answer_sheet import answer_sheet  # loads the renderer, as forms do

        for sheet in sheets:
            workbook = answer_sheet(sheet, chunk.specification.fade)
            singles[f"{sheet.id}{view.workbook}.xlsx"] = workbook
    keys = b",\n".join(orjson.dumps(sheet.key()) for sheet in sheets)
    facts = tuple(fact(sheet, chunk.specification.fade) for sheet in sheets)
    return Done(facts, keys, pieces[0], pieces[1], singles)


@cache
def _repeater(specification: Specification) -> FormTemplate:
    """What makes forms of the blank sheets."""
    from worksheets.exports.form_template import (
        FormTemplate,  # loads the renderer, which only forms need
    )

    return FormTemplate(
        specification.kind,
        specification.level,
        specification.paper,
        specification.large_print,
        specification.language,
        specification.edition,
        specification.fade,
    )


def fact(sheet: Sheet, fade: str = "") -> Fact:
    """What the papers say of a sheet."""
    roles: dict[str, list[object]] = {"given": [], "answer": []}
    for name, line in sheet.graph.lines.items():
        roles[line.role].append(sheet.values[name])
    return Fact(
        sheet.id,
        sheet.minutes,
        sheet.effort,
        (_digest("given", roles["given"]), _digest("answer", roles["answer"])),
        tuple(
            text
            for found in in_booklet(name_of(sheet.kind), sheet.identity.level, fade)
            for text in found.written(sheet.values[found.line.name])
        ),
    )


def _digest(role: str, values: object) -> int:
    return int.from_bytes(blake2b(orjson.dumps([role, values]), digest_size=8).digest(), "big")
