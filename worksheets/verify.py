"""Prove keys by their kind's law, which states the method without repeating the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any, TypeAlias

import numpy as np

from worksheets import exercise
from worksheets.engine.graph import Line
from worksheets.engine.notation import read, write
from worksheets.ids import Identity
from worksheets.language import say_in
from worksheets.sheet import START, VERDICT, Sheet, make

Cells: TypeAlias = Sequence[Sequence[str]]

CONSTANT = 0
# A class has few different numbers: reading and writing each of them once is most of the speed.
DIFFERENT_NUMBERS = 10_000
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Proof:
    """Compare a line with the law, or a constant, which belongs to no step but to step 0.

    Where they differ, `where` is the first cell that does. `law_value` is the law's value of it, or
    None if the law has no such line; `key_value` the key's, or None if the key has no such line.
    """

    line: str
    step: int
    cells: int
    agrees: bool
    where: str = ""
    law_value: str | None = None
    key_value: str | None = None

    @property
    def fault(self) -> str:
        """Say what is not proved and why, as a sentence."""
        place = self.line if self.step == CONSTANT else f"step {self.step} {self.line}"
        if self.law_value is None:
            return f"{place}: the law does not state it"
        if self.key_value is None:
            return f"{place}: the law states it, the key has no such line"
        cell = f"{place} {self.where}".rstrip()
        return f"{cell}: the key says {self.key_value}, the law says {self.law_value}"


@dataclass(frozen=True)
class Verification:
    """Hold the proofs of a sheet's lines in the order of its key, then those of its constants."""

    sheet: str
    proofs: tuple[Proof, ...]

    @property
    def proved(self) -> bool:
        """Tell whether the law agrees with every line."""
        return all(proof.agrees for proof in self.proofs)


def verify(sheet: Sheet) -> Verification:
    """Prove every answer of a sheet by its kind's law."""
    return Verification(sheet.id, tuple(prove(sheet)))


def prove(sheet: Sheet) -> list[Proof]:
    """Return the proof of every answer of a sheet in the order of the key, then its drawn rates."""
    say = say_in(sheet.identity.language)
    return prove_values(
        sheet.kind.name,
        sheet.identity.level,
        sheet.values,
        sheet.indices,
        {name: sheet.constants[name] for name in sheet.graph.rates if name in sheet.constants},
        {**sheet.texts, **{verdict: say(verdict) for verdict in VERDICT}},
    )


def prove_values(
    kind: str,
    level: int,
    values: Mapping[str, Cells],
    word: Mapping[str, int],
    constants: Mapping[str, str] = NOTHING,
    texts: Mapping[str, str] = NOTHING,
) -> list[Proof]:
    """Prove values that need not be a sheet's own: those of a varied graph, say.

    `values` maps lines, given ones too, to their rows as written; `word` maps roles to indices;
    `texts` maps "{word1}" and its like to words, and without it `values` hold "{word1}" itself.
    """
    law = law_values(kind, level, values, word)
    return compared(kind, level, values, law, constants, texts)


def law_values(
    kind: str, level: int, values: Mapping[str, Cells], word: Mapping[str, int]
) -> Mapping[str, Any]:
    """Return what the law of a kind states of the given lines among these values."""
    graph, declared = exercise.graph(kind, level), exercise.find(kind)
    numbers = (line.name for line in graph.givens if not line.node.is_word)
    of_entries = _array if declared.LAW_OF_ARRAYS else _matrix
    return declared.law({name: of_entries(values[name]) for name in numbers}, word, level)


def compared(
    kind: str,
    level: int,
    values: Mapping[str, Cells],
    law: Mapping[str, Any],
    constants: Mapping[str, str] = NOTHING,
    texts: Mapping[str, str] = NOTHING,
) -> list[Proof]:
    """Return the proofs of values by what the law states of them, as `prove_values` does."""
    graph = exercise.graph(kind, level)
    proofs = [
        _proof(line.name, line.step.number, values.get(line.name), law.get(line.name), line, texts)
        for line in graph.answers
    ]
    for name in {**constants, **law}:
        if name not in graph.lines:
            cells = [[constants[name]]] if name in constants else None
            proofs.append(_proof(name, CONSTANT, cells, law.get(name)))
    return proofs


def derive_all() -> None:
    """Prove a sheet of every kind and level, so that all that laws derive is kept from then on."""
    for kind in exercise.all_kinds().values():
        for sheet in make([Identity(kind.CODE, level, 1) for level in kind.LEVELS]):
            prove(sheet)


def _proof(
    name: str,
    step: int,
    key_rows: Cells | None,
    law: Any,
    line: Line | None = None,
    texts: Mapping[str, str] = NOTHING,
) -> Proof:
    cells = sum(map(len, key_rows or ()))
    law_rows = None if law is None else law.tolist()
    is_word = line is not None and line.node.is_word
    written = partial(_word, line, texts) if is_word else _number
    if law_rows is not None and [list(map(written, row)) for row in law_rows] == key_rows:
        return Proof(name, step, cells, True)
    shapes = [None if rows is None else _shape(rows) for rows in (law_rows, key_rows)]
    if key_rows is None or law_rows is None or shapes[0] != shapes[1]:
        return Proof(name, step, cells, False, "", *shapes)
    for row, entries in enumerate(zip(law_rows, key_rows, strict=True), start=1):
        for column, (value, text) in enumerate(zip(*entries, strict=True), start=1):
            if written(value) != text:
                where = f"row {row} column {column}"
                return Proof(name, step, cells, False, where, written(value), text)
    return Proof(name, step, cells, True)


def _shape(rows: Cells) -> str:
    widths = sorted({len(row) for row in rows})
    return f"{len(rows)}×{'/'.join(map(str, widths))} cells"


def _word(line: Line | None, texts: Mapping[str, str], value: Any) -> str:
    index = int(value)
    if line is not None and line.entries == "verdict":
        return texts.get(VERDICT[index], VERDICT[index])
    label = f"{{word{index}}}"
    return texts.get(label, label) if index else START


@lru_cache(DIFFERENT_NUMBERS, typed=True)  # 1.0 is not 1
def _number(value: Any) -> str:
    """Write a number of the law, be it Python's or SymPy's."""
    if isinstance(value, int | Fraction):
        return write(Fraction(value))
    return write(Fraction(value.p, value.q)) if getattr(value, "is_Rational", False) else str(value)


@lru_cache(DIFFERENT_NUMBERS)
def _exact(text: str) -> int | Fraction:
    value = read(text)
    return value.numerator if value.denominator == 1 else value


def _array(rows: Cells) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    return np.array([[_exact(cell) for cell in row] for row in rows], object)


def _matrix(rows: Cells) -> Any:
    from sympy import Matrix, Rational

    return Matrix([[Rational(read(cell)) for cell in row] for row in rows])
