"""Columns have a theme's words: those of the answers follow its order, and all fit over cells."""

import copy
from importlib import import_module
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from worksheets import exercise
from worksheets.class_set.assign import number, rung_name, set_code, words_code
from worksheets.ids import Identity
from worksheets.sheet import make
from worksheets.vocabulary.theme import built_in

FONT = Path(__file__).parents[1] / "templates" / "fonts" / "SheetSans-Regular.ttf"
WITH_WORDS = sorted(name for name, kind in exercise.all_kinds().items() if kind.PHRASES)
ANSWERED = [name for name in WITH_WORDS if "answers" in exercise.find(name).PHRASES]
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
# mm, at 9 points: over a cell of 15 mm, and of 12 mm at 8 points; twice that in large print.
ANSWER, WORD = 14.0, 12.4


def keys(kind: str, level: int, language: str) -> list[dict]:
    """A sheet of every theme."""
    code = exercise.find(kind).CODE
    themes = built_in(language).values()
    some = [Identity(code, level, 7, theme=one.code, language=language) for one in themes]
    return [sheet.key() for sheet in make(some)]


@pytest.mark.slow
@LANGUAGES
@pytest.mark.parametrize("kind", ANSWERED)
def test_a_better_answer_never_has_a_lower_reward_whatever_the_theme(kind, language):
    violations = import_module(f"plain_{kind}").violations
    for level in exercise.find(kind).LEVELS:
        for key in keys(kind, level, language):
            assert not violations(key), key["id"]
            theme = built_in(language)[key["theme"]]
            assert key["words"]["answers"] == list(theme.answers)
            assert key["words"]["question"] == [theme.question]
            assert violations(with_worst_and_best_swapped(key)), key["id"]


def with_worst_and_best_swapped(key: dict) -> dict:
    """The same numbers, under the answers' names the other way round."""
    changed, answers = copy.deepcopy(key), key["words"]["answers"]
    other = dict(zip(answers, reversed(answers), strict=True))
    for line in changed["lines"]:
        for labels in ("row_labels", "column_labels"):
            line[labels] = [other.get(label, label) for label in line[labels]]
    return changed


@pytest.mark.parametrize("kind", WITH_WORDS)
def test_no_column_or_row_is_a_bare_letter(kind):
    for level in exercise.find(kind).LEVELS:
        for line in exercise.graph(kind, level).lines.values():
            labels = {*line.row_labels, *line.column_labels}
            # A single item goes by its symbol, such as the critic’s x and k.
            several = [*line.row_labels] * (len(line.row_labels) > 1)
            several += [*line.column_labels] * (len(line.column_labels) > 1)
            assert not [label for label in several if len(label) == 1 and label.isalpha()], labels


@LANGUAGES
def test_the_themes_words_fit_the_cells_that_they_stand_over(language):
    with TTFont(FONT) as font:
        advances, characters = font["hmtx"].metrics, font.getBestCmap()
        em = font["head"].unitsPerEm

    def wide(word: str) -> float:
        return sum(advances[characters[ord(one)]][0] for one in word) / em * 9 * 25.4 / 72

    for theme in built_in(language).values():
        words = {*theme.subjects, *theme.sentence, *theme.next_words, theme.losing, theme.winning}
        assert all(wide(word) <= WORD for word in words - {"{subject}"}), theme.name
        assert all(wide(word) <= ANSWER for word in theme.answers), theme.name


@pytest.mark.slow
@LANGUAGES
def test_a_number_has_the_same_words_whatever_the_kind_and_level(language):
    for sheet_number in (1, 7, 33_554_433):
        codes = [(exercise.find(kind).CODE, level) for kind in WITH_WORDS for level in (1, 2, 3)]
        sheets = make(
            [Identity(code, level, sheet_number, language=language) for code, level in codes]
        )
        assert len({sheet.theme.name for sheet in sheets}) == 1
        for role in ("{subject}", "{prompt}", "{second}", "{sentence1}", "{question}"):
            assert len({sheet.texts[role] for sheet in sheets}) == 1
    drawn = {sheet.theme.name for sheet in make([Identity("GRPO", 1, one) for one in range(60)])}
    assert len(drawn) > 10


def test_a_rung_with_other_numbers_has_its_courses_words():
    name = rung_name("Autumn 7", "one-cell")
    code, course = set_code(name), set_code("Autumn 7")
    assert words_code(name) == words_code("Autumn 7") == course != code
    assert rung_name("Autumn 7", "") == "Autumn 7"
    for student in ("4711", "4712", "s-1"):
        alone, faded = number(course, student), number(code, student, 0, course)
        again = number(course, student, 1, course)
        assert len({alone, faded, again}) == 3
        sheets = make([Identity("DPO", 1, one) for one in (alone, faded, again)])
        assert len({(one.theme.name, one.texts["{subject}"]) for one in sheets}) == 1


def test_a_set_whose_name_has_nothing_before_a_comma_is_its_own():
    assert words_code(", autumn") == set_code("autumn")
