"""Make a chunk of a class, one unit of work: some sheets, drawn, computed, proved and stamped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from itertools import chain, islice
from typing import TYPE_CHECKING

from worksheets.class_set.checkpoints import in_booklet
from worksheets.class_set.file_names import own_file
from worksheets.class_set.keys import Cells, cells, keys
from worksheets.class_set.proof import prove_all
from worksheets.exports.formats import FORMATS
from worksheets.ids import Identity
from worksheets.layouts.specification import Specification
from worksheets.render.texts import columns
from worksheets.secret import take
from worksheets.sheet import Sheet, make
from worksheets.stamp.document import alone
from worksheets.stamp.fallback import FallbackTexts
from worksheets.stamp.sheets import SheetBlock
from worksheets.vocabulary.theme import Theme

if TYPE_CHECKING:
    from worksheets.exports.form_template import FormTemplate

SIZE = 100


@dataclass(frozen=True)
class Chunk:
    """Say which sheets: the first's place in its file, identities, and what is printed of whom.

    `stems` are how students' own files begin. Without `proved` the law is not asked.

    `formats` are in order, as a part's name is a hash of all this: a set's order changes from one
    process to the next.
    """

    specification: Specification
    first: int
    identities: tuple[Identity, ...]
    stems: tuple[str, ...]
    students: tuple[str, ...]
    fallback: FallbackTexts
    own_theme: Theme | None
    formats: tuple[str, ...]
    secrets: tuple[tuple[str, bytes], ...] = ()  # of the identities, for another machine
    proved: bool = True


@dataclass(frozen=True)
class Fact:
    """Hold what the papers say of a sheet; `digests` are those of its givens and its answers."""

    id: str
    minutes: int
    effort: int
    digests: tuple[int, int]
    checkpoints: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """Hold a chunk's work: facts, keys as JSON lines, both print files' sheets, single files."""

    facts: tuple[Fact, ...]
    keys: bytes
    blanks: SheetBlock
    solved: SheetBlock
    singles: dict[str, bytes]


def work(chunks: Sequence[Chunk]) -> Iterator[Done]:
    """Do some chunks of one class: the same bytes wherever, whenever and with which others."""
    for chunk in chunks:
        take(dict(chunk.secrets))
    identities = [identity for chunk in chunks for identity in chunk.identities]
    sheets = make(identities, chunks[0].own_theme)  # together, as that takes less time
    if chunks[0].proved:
        prove_all(sheets)
    each = iter(sheets)
    for chunk in chunks:
        yield _work(chunk, list(islice(each, len(chunk.identities))))


def _work(chunk: Chunk, sheets: list[Sheet]) -> Done:
    shown = columns(sheets, chunk.students)
    view = chunk.specification.view
    blocks: list[SheetBlock] = []
    singles: dict[str, bytes] = {}
    ends = FORMATS["pdf"].ends(view)
    for stamp, what in zip(chunk.specification.stamps(), ("blank", "solved"), strict=True):
        filled = stamp.all_shown(shown, chunk.fallback)
        blocks.append(stamp.blocks(filled, chunk.first, chunk.fallback))
        form = "form" in chunk.formats and what == "blank"
        if not form and "pdf" not in chunk.formats:
            continue
        for place, (sheet, one) in enumerate(zip(sheets, filled, strict=True)):
            title = stamp.title({text: every[place] for text, every in shown.items()})
            file = alone(stamp, one, title, chunk.fallback)
            if "pdf" in chunk.formats:
                singles[own_file(chunk.stems[place], sheet.id, what, ends[what])] = file
            if form:
                fields = _repeater(chunk.specification).form(sheet, file)
                ((name, end),) = FORMATS["form"].ends(view).items()
                singles[own_file(chunk.stems[place], sheet.id, name, end)] = fields
    for one_format in chunk.formats:
        if make_file := FORMATS[one_format].make:
            ((name, end),) = FORMATS[one_format].ends(view).items()
            everyone = zip(chunk.stems, chunk.students, sheets, strict=True)
            for begins, student, sheet in everyone:
                made = make_file(sheet, chunk.specification.page.fade, student)
                singles[own_file(begins, sheet.id, name, end)] = made
    written = cells(sheets)
    told = tuple(facts(sheets, written, chunk.specification.page.fade))
    return Done(told, b",\n".join(keys(sheets, written)), blocks[0], blocks[1], singles)


@cache
def _repeater(specification: Specification) -> FormTemplate:
    """Return what makes forms of the blank sheets."""
    from worksheets.exports.form_template import FormTemplate

    return FormTemplate(specification)


def facts(sheets: Sequence[Sheet], written: Cells, fade: str = "") -> Iterator[Fact]:
    """Yield what the papers say of each sheet, whose cells are written already."""
    first = sheets[0]
    lines = first.graph.lines.values()
    givens, answers = (
        _digests(chain(*(written[line.name] for line in lines if line.role == role)))
        for role in ("given", "answer")
    )
    shown = in_booklet(first.kind.name, first.identity.level, fade)
    for sheet, given, answer in zip(sheets, givens, answers, strict=True):
        checkpoints = tuple(chain(*(one.written(sheet.values[one.line.name]) for one in shown)))
        yield Fact(sheet.id, sheet.minutes, sheet.effort, (given, answer), checkpoints)


def _digests(columns: Iterable[Sequence[str]]) -> Iterator[int]:
    """Yield a digest of each sheet's cells: no cell's text has a line's end."""
    for row in zip(*columns, strict=True):
        data = "\n".join(row).encode()
        yield int.from_bytes(blake2b(data, digest_size=8).digest(), "big")
