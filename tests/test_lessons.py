"""Each kind's lesson: its worked line and its mistakes are right, its leaflet is two pages."""

import math
import re
from fractions import Fraction
from functools import cache
from io import BytesIO

import page as page_validation
import pdfplumber
import pytest
import rendered
from every_kind import plain
from test_cli import refused, run  # noqa: F401  (fixtures)

import worksheets as ws
from worksheets import exercise
from worksheets.engine.formula import formula
from worksheets.engine.in_numbers import in_numbers
from worksheets.ids import LANGUAGES, Identity
from worksheets.lessons.lesson import Lesson
from worksheets.lessons.site import literal, markdown
from worksheets.numbers import numbers
from worksheets.sheet import Sheet, make

KINDS = pytest.mark.parametrize("kind", exercise.all_kinds())
FAMILIES = [(kind, level) for kind in ws.kind_names() for level in exercise.find(kind).LEVELS]
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
NAMES = {
    "ReLU": lambda x: max(x, Fraction(0)),
    "clip": lambda x, low, high: min(max(x, low), high),
    "σ": lambda x: 1 / (1 + math.exp(-x)),
    "ln": math.log,
    "exp": math.exp,
    "root": math.sqrt,
    "log2": math.log2,
    "e": math.e,
    "min": min,
    "max": max,
    "Fraction": Fraction,
}


@cache
def lesson(kind: str, level: int, language: str) -> Lesson:
    return ws.lesson(kind, level=level, language=language)


def sheet_of(told: Lesson) -> Sheet:
    return ws.from_id(told.id)


def value(text: str) -> float | Fraction:
    """What a written sum comes to, by Python's own arithmetic."""
    said = re.sub(
        r"([\d.e]+)([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda m: f"{m[1]}**({m[2].translate(RAISED)})", text
    )
    for sign, python in (("−", "-"), ("·", "*"), ("÷", "/"), ("√", "root"), ("log₂", "log2")):
        said = said.replace(sign, python)
    said = re.sub(r"(?<![\w.])\d+(\.\d+)?", lambda m: f"Fraction('{m[0]}')", said)
    return eval(said, {"__builtins__": {}}, NAMES)  # noqa: S307  (the project's own sums)


def agrees(text: str) -> bool:
    """Tell whether both sides of a sum are equal, or as near as its decimals say."""
    left, sign, right = re.split(r" ([=≈]) ", text)
    if sign == "=":
        return value(left) == value(right)
    decimals = len(right.partition(".")[2])
    return abs(value(left) - value(right)) <= 0.5 * 10**-decimals + 1e-9


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2 · 1 + (−1) · 3 + 1 · 1 = 0", True),
        ("2 · 1 + (−1) · 3 + 1 · 1 = 1", False),
        ("3⁻¹ ÷ (3⁻¹ + 3² + 1) = 1/31", True),
        ("e¹ ÷ (e⁰ + e¹) ≈ 0.7", True),
        ("e¹ ÷ (e⁰ + e¹) ≈ 0.8", False),
        ("−(0.5 · (−0.7)) = 0.35", True),
        ("min(ReLU(−2), clip(1.3, 0.8, 1.2)) = 0", True),
    ],
)
def test_sums_are_told_apart(text: str, right: bool) -> None:
    assert agrees(text) == right


@KINDS
def test_its_worked_line_agrees_with_a_second_computation(kind: str) -> None:
    for level in exercise.find(kind).LEVELS:
        told = lesson(kind, level, "en")
        sheet, worked = sheet_of(told), told.worked
        right = plain(kind).recompute(sheet.key())[worked.line]
        written = [[text.replace("−", "-") for text in row] for row in worked.result.values]
        assert written == right, told.id
        assert worked.result.used == {(worked.row, worked.column)}
        last = worked.sum.replace("−", "-").split()[-1]
        assert last == right[worked.row][worked.column]
        assert agrees(worked.sum), (told.id, worked.sum)
        assert worked.how == formula(sheet.graph, sheet.graph.lines[worked.line])
        assert worked.operands
        assert all(table.used for table in worked.operands)


@KINDS
def test_each_cell_that_is_arithmetic_comes_to_its_value(kind: str) -> None:
    """Of every line, not only of the one that a lesson works."""
    highest = max(exercise.find(kind).LEVELS)
    identity = Identity(exercise.find(kind).CODE, highest, 1)
    (sheet,), (evaluation, _) = make([identity]), numbers([identity])
    checked = 0
    for line in evaluation.graph.answers:
        if line.decimals is not None or "logarithm" in formula(sheet.graph, line):
            continue  # rounded, at its end or within
        for row, cells in enumerate(sheet.values[line.name]):
            for column, written in enumerate(cells):
                try:
                    text = in_numbers(evaluation, line, row, column)
                except ValueError:
                    continue
                assert value(text) == Fraction(written), (sheet.id, line.name, row, column, text)
                checked += 1
    assert checked


@KINDS
def test_its_mistakes_are_those_of_somebody_who_makes_them(kind: str) -> None:
    declared = {one.name: one for one in exercise.find(kind).MISTAKES}
    for level in exercise.find(kind).LEVELS:
        told = lesson(kind, level, "en")
        sheet = sheet_of(told)
        right = plain(kind).recompute(sheet.key())
        assert {slip.name for slip in told.mistakes} == set(exercise.graph(kind, level).slips)
        for slip in told.mistakes:
            correct = right[slip.line][slip.row][slip.column]
            assert slip.right.replace("−", "-") == correct != slip.wrong.replace("−", "-")
            line = exercise.mistaken(kind, level, declared[slip.name]).lines[slip.line]
            assert slip.step == line.step.number
            assert slip.advice
            assert slip.advice != f"advice: {slip.name}"


@KINDS
def test_it_is_told_whole_in_every_language(kind: str) -> None:
    texts = ("title", "summary", "source", "must_know", "asks", "learned", "question", "answer")
    for level in exercise.find(kind).LEVELS:
        in_each = [lesson(kind, level, language) for language in LANGUAGES.values()]
        for told in in_each:
            assert all(getattr(told, name) for name in texts)
            assert "{" not in "".join(getattr(told, name) for name in texts)
            assert told.minutes < told.beginner
            assert told.beginner % 5 == 0
        names = {"learned", "must_know", "question", "answer", "asks", "summary"}
        english, *others = in_each
        for other in others:
            assert [name for name in names if getattr(english, name) == getattr(other, name)] == []
            assert other.worked.how
            assert {slip.advice for slip in english.mistakes}.isdisjoint(
                slip.advice for slip in other.mistakes
            )
    before = exercise.find(kind).BUILDS_ON
    assert len(lesson(kind, 1, "en").builds_on) == len(before)


def letters(characters: list[dict]) -> list[str]:
    return sorted(one["text"] for one in characters if not one["text"].isspace())


def leaflet_is_whole(told: Lesson, paper: str, *, grey: bool = False) -> None:
    (pdf,) = ws.leaflet(told, paper=paper, grey=grey).values()
    report = page_validation.validate_pdf_bytes(pdf, profile="ua1")
    assert report.is_compliant, [(one.rule_id, one.message) for one in report.failures]
    sheet = sheet_of(told)
    blank = rendered.pdf(sheet, solved=False, page=ws.Page(paper=paper))
    with pdfplumber.open(BytesIO(pdf)) as document, pdfplumber.open(BytesIO(blank)) as alone:
        first, second = document.pages  # no more than a sheet of paper
        # The pictures show what the blank pages show, so no answer, and nothing runs into them.
        frames = sorted(first.rects, key=lambda one: one["height"])[-len(alone.pages) :]
        places = sorted((one["x0"], one["top"], one["x1"], one["bottom"]) for one in frames)
        pictures = [first.crop(place).chars for place in places]
        assert list(map(letters, pictures)) == [letters(page.chars) for page in alone.pages]
        seen = [*(one["text"] for one in first.chars), *(one["text"] for one in second.chars)]
        text = "".join(seen).replace(" ", "")
        ends = max(one["bottom"] for one in second.chars)
        assert ends < second.height - 20
    asked = [told.title, told.must_know, told.learned, told.worked.sum, told.question, told.answer]
    for one in (*asked, told.source, *(slip.advice for slip in told.mistakes)):
        assert one.replace(" ", "") in text, one


@pytest.mark.slow
def test_its_leaflet_is_two_pages_with_the_blank_beside_it() -> None:
    leaflet_is_whole(lesson("rlhf", 1, "en"), "a4")


@pytest.mark.sweep
@pytest.mark.parametrize("language", sorted(LANGUAGES.values()))
@pytest.mark.parametrize(("kind", "level"), FAMILIES)
def test_every_leaflet(kind: str, level: int, language: str) -> None:
    leaflet_is_whole(lesson(kind, level, language), "a4")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["dpoo"], "kind 'dpoo' is unknown"),
        (["dpo", "--level", 4], "level 4: dpo has the levels 1, 2, 3"),
        (["dpo", "--language", "fr"], "language 'fr': sheets have the languages en, es"),
        (["dpo", "--paper", "a3"], "a3"),
    ],
)
def test_the_command_refuses_what_there_is_not(refused, arguments, says) -> None:  # noqa: F811
    assert says in refused("lesson", *arguments)


@pytest.mark.slow
def test_the_command_writes_one_file(run, tmp_path) -> None:  # noqa: F811
    how = ["--language", "es", "--paper", "letter", "--grey", "--output", "made"]
    assert run("lesson", "matmul", *how) == (0, "lesson-matmul-1-es.pdf\n", "")
    (path,) = (tmp_path / "made").iterdir()
    again = ws.leaflet(lesson("matmul", 1, "es"), paper="letter", grey=True)
    assert {path.name: path.read_bytes()} == again  # the same bytes each time
    path.write_text("mine")
    code, _, error = run("lesson", "matmul", *how)
    assert (code, path.read_text()) == (2, "mine")
    assert "--force" in error


def test_missing_libraries_are_told(monkeypatch) -> None:
    def missing(*_: object, **__: object) -> bytes:
        raise OSError("no pango")

    monkeypatch.setattr("worksheets.lessons.leaflet.leaflet", missing)
    with pytest.raises(ws.InputError, match=r"make native.*no pango"):
        ws.leaflet(lesson("matmul", 1, "en"))


def test_what_markdown_would_take_for_its_own_is_shown() -> None:
    assert literal("π* | [S] 2_3 <b>") == "π\\* \\| \\[S\\] 2\\_3 \\<b\\>"
    assert literal("- no list") == "\\- no list"


def test_a_page_of_the_site_has_each_level_and_each_mistake_once() -> None:
    told = [lesson("dpo", level, "es") for level in (1, 2, 3)]
    page = markdown(told, {2: ("pictures/a.png",)})
    assert [line for line in page.splitlines() if line.startswith("## ")] == [
        f"## Nivel {one.level}: {one.asks}" for one in told
    ]
    assert page.count("](pictures/a.png)") == 1
    for slip in told[-1].mistakes:
        assert page.count(literal(slip.advice)) == 1
    for one in told:
        assert literal(one.worked.sum) in page
        assert literal(one.answer) in page
