"""What every kind has and every sheet of it keeps: right, hand-friendly, distinct, telling."""

import ast
import json
import re
from collections.abc import Iterator
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from broken import evaluated, faults, proofs_of
from every_kind import (
    FAMILIES,
    KINDS,
    LEVELS,
    NUMBERS,
    identity,
    keys,
    plain,
    recomputed,
    sheets,
    values,
)

from worksheets import exercise
from worksheets.engine.notation import read
from worksheets.language import ENGLISH, catalogue_of
from worksheets.sampling.accepted import FAIR_PERCENT
from worksheets.sentences import Sentences
from worksheets.sheet import Sheet, make
from worksheets.verify import law_values, prove

LEAST_VARIETY = 10**6
LEAST_MISTAKES = 6
LONGEST_NAME = 7  # words
PROVED, BROKEN = 20, 3
ALIKE = 4 * len(NUMBERS) // 60  # sheets of a run that may have another's numbers by chance


@KINDS
def test_a_kind_has_all_that_a_class_needs(kind: str) -> None:
    declared = exercise.find(kind)
    module = import_module(f"worksheets.kinds.{kind}")
    assert module.__doc__, f"{kind} lacks a docstring that names the paper"
    count = len(declared.MISTAKES)
    assert count >= LEAST_MISTAKES, f"{kind} has {count} mistakes, not {LEAST_MISTAKES}"
    assert len({mistake.name for mistake in declared.MISTAKES}) == count
    for level in declared.LEVELS:
        assert declared.VARIETY.get(level, 0) >= LEAST_VARIETY, f"{kind} {level}: VARIETY"
        assert declared.EFFORT.get(level), f"{kind} {level} lacks its usual EFFORT"
        lines = exercise.graph(kind, level).lines
        assert set(declared.CHECKPOINTS) & set(lines), f"{kind} {level} lacks CHECKPOINTS"
    highest = exercise.graph(kind, max(declared.LEVELS))
    assert set(declared.CHECKPOINTS) <= set(highest.lines)
    shown = {name for level in declared.LEVELS for name in exercise.graph(kind, level).slips}
    assert {mistake.name for mistake in declared.MISTAKES} == shown
    assert callable(getattr(plain(kind), "recompute", None)), f"plain_{kind} lacks recompute"


@KINDS
def test_a_kind_has_its_sentences(kind: str) -> None:
    """A step need not have a note; what else is there has to say what it is for."""
    declared, path = exercise.find(kind), catalogue_of(ENGLISH, kind)
    with path.open("rb") as file:
        said = {one.id for one in read_po(file) if one.string}
    asked = ["summary", "source", "must know"]
    asked += [f"level {level}" for level in declared.LEVELS]
    asked += [f"learned (level {level})" for level in declared.LEVELS]
    for level in declared.LEVELS:
        lines = exercise.graph(kind, level).lines.values()
        asked += [f"goal: {line.step.part.title}" for line in lines]
    asked += [f"advice: {mistake.name}" for mistake in declared.MISTAKES]
    missing = [one for one in dict.fromkeys(asked) if one not in said]
    assert not missing, f"{path} lacks {missing}"


def strings(tree: ast.AST) -> Iterator[str]:
    """Those of a module, but for docstrings."""
    for node in ast.walk(tree):
        for one in ast.iter_child_nodes(node):
            said_of_it = isinstance(node, ast.Expr)  # a string that is a statement
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and not said_of_it:
                yield one.value


def test_no_sentence_stands_in_the_code_of_a_kind() -> None:
    """They stand in catalogues, where they can be translated; names in code are shorter."""
    found = [
        (path.name, text)
        for path in (Path(exercise.__file__).parent / "kinds").rglob("*.py")
        for text in strings(ast.parse(path.read_text("utf-8")))
    ]
    assert len(found) > 1000
    for name, text in found:
        words = [word for word in text.split() if re.search(r"\w", word)]  # and no signs
        assert len(words) <= LONGEST_NAME, f"{name}: {text}"
        assert not re.search(r" .*[.!:;]( |$)", text), f"{name}: {text}"


@pytest.mark.slow
@FAMILIES
def test_every_answer_is_right(kind: str, level: int, edition: str) -> None:
    every = zip(keys(kind, level, edition), recomputed(kind, level, edition), strict=True)
    for key, right in every:
        found = values(key, "answer")
        assert list(found) == list(right)
        wrong = {name: (found[name], right[name]) for name in right if found[name] != right[name]}
        assert not wrong, key["id"]


@FAMILIES
def test_numbers_are_no_larger_and_no_finer_than_declared(
    kind: str, level: int, edition: str
) -> None:
    lines = exercise.graph(kind, level).lines
    different = {
        (line["name"], line["role"], cell): key["id"]
        for key in keys(kind, level, edition)
        for line in key["lines"]
        if not lines[line["name"]].node.is_word
        for row in line["values"]
        for cell in row
    }
    for (name, role, text), sheet in different.items():
        node, cell = lines[name].node, read(text)
        largest = node.bound // node.denominator if node.limit is None else node.limit
        finest = node.denominator if role == "given" else node.finest or 1
        assert abs(cell) <= largest, (sheet, name)
        assert (cell * finest).denominator == 1, (sheet, name)


@pytest.mark.slow
@FAMILIES
def test_every_sheet_keeps_its_guarantees(kind: str, level: int, edition: str) -> None:
    violations = getattr(plain(kind), "violations", lambda key: [])
    for key in keys(kind, level, edition):
        assert violations(key) == [], key["id"]


@FAMILIES
def test_sheets_ask_for_about_the_same_work(kind: str, level: int, edition: str) -> None:
    usual = exercise.usual_effort(exercise.find(kind), level, edition)
    assert usual, f"{kind} level {level} {edition} has no usual EFFORT"
    by_hand = getattr(plain(kind), "effort", None)
    for sheet, key in zip(sheets(kind, level, edition), keys(kind, level, edition), strict=True):
        assert 100 * abs(sheet.effort - usual) <= FAIR_PERCENT * usual, key["id"]
        assert by_hand is None or sheet.effort == by_hand(key), key["id"]


@FAMILIES
def test_a_neighbours_sheet_is_of_no_use(kind: str, level: int, edition: str) -> None:
    words = {name for name, line in exercise.graph(kind, level).lines.items() if line.node.is_word}
    for role in ("given", "answer"):
        seen = {
            json.dumps([cells for name, cells in values(key, role).items() if name not in words])
            for key in keys(kind, level, edition)
        }
        # Of the fewest, pretraining 1, some 70,000 answers differ by more than their words: of 60
        # sheets two are alike in one run of 40, and five in one of millions.
        assert len(NUMBERS) - len(seen) < ALIKE


def number(sheet: Sheet, name: str, text: str) -> Fraction:
    """A cell's value as the engine holds it: of a word its index."""
    line = sheet.graph.lines[name]
    return Fraction(sheet.choices(line).index(text)) if line.node.is_word else read(text)


@FAMILIES
def test_every_mistake_shows_on_every_sheet(kind: str, level: int, edition: str) -> None:
    """The engine's wrong values against the right ones of the plain implementation."""
    graph, some = exercise.graph(kind, level), sheets(kind, level, edition)
    right = recomputed(kind, level, edition)
    evaluation = evaluated(graph, some)
    for mistake, slips in graph.slips.items():
        wrong = evaluation.slip(mistake)
        for row, sheet in enumerate(some):
            assert any(
                Fraction(cell, slips[name].denominator) != number(sheet, name, expected)
                for name, array in wrong.items()
                for cells, texts in zip(array[row].tolist(), right[row][name], strict=True)
                for cell, expected in zip(cells, texts, strict=True)
            ), f"{sheet.id}: {mistake}"


@pytest.mark.slow
@FAMILIES
def test_the_law_agrees_with_the_steps(kind: str, level: int, edition: str) -> None:
    for sheet in sheets(kind, level, edition)[:PROVED]:
        proofs = prove(sheet)
        assert faults(proofs) == [], sheet.id
        lines = [line.name for line in sheet.graph.answers]
        assert [proof.line for proof in proofs] == lines + list(sheet.graph.rates)
        cells = sum(len(row) for name in lines for row in sheet.values[name])
        assert sum(proof.cells for proof in proofs) == cells + len(sheet.graph.rates)


@pytest.mark.slow
@FAMILIES
def test_no_mistake_can_be_proved(kind: str, level: int, edition: str) -> None:
    declared = {mistake.name: mistake for mistake in exercise.find(kind).MISTAKES}
    for sheet in sheets(kind, level, edition)[:BROKEN]:
        law = law_values(kind, level, sheet.values, sheet.indices)  # slips change no given
        assert faults(proofs_of(exercise.graph(kind, level), sheet, law)) == []
        for name in exercise.graph(kind, level).slips:
            graph = exercise.mistaken(kind, level, declared[name])
            wrong = [proof.line for proof in proofs_of(graph, sheet, law) if not proof.agrees]
            assert wrong, f"{sheet.id}: {name}"
            assert wrong[0] in declared[name].instead  # the lines before it are still right


@LEVELS
def test_a_sheet_alone_is_the_sheet_in_a_batch(kind: str, level: int) -> None:
    together = keys(kind, level, "free")
    for place in (0, 1, -1):
        (alone,) = make([identity(kind, level, NUMBERS[place])])
        assert alone.key() == together[place]


@KINDS
def test_levels_are_named_alike(kind: str) -> None:
    assert exercise.find(kind).LEVELS == (1, 2, 3)
    says = Sentences(kind).level
    assert says(1).startswith("the forward pass")
    assert says(2).startswith("and ")
    assert "gradient" in says(2)
    assert says(3).startswith("and all of it: ")
