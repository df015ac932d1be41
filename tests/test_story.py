"""What pages say beside their steps: a story, where to look, and a question; never an outcome."""

import re
from functools import cache
from html import unescape

import pages as pdf_pages
import pytest
import rendered
from every_kind import IN_TURN, LEVELS, identity
from PIL import ImageFont

from worksheets import exercise
from worksheets.ids import LANGUAGES
from worksheets.language import ENGLISH, say_in
from worksheets.render.autolayout.line_placer import Reader
from worksheets.render.autolayout.narrative import Narrative
from worksheets.render.autolayout.pages import laid_out, narrative, pages
from worksheets.render.autolayout.piece import Piece
from worksheets.render.page import html
from worksheets.render.speech import filled_in
from worksheets.render.texts import folder, texts
from worksheets.sheet import Sheet, make
from worksheets.vocabulary.theme import built_in

IN_LANGUAGE = pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
OWN_TEMPLATE = {"rlhf"}
BAR = 7  # mm, the height of a frame's title
POINT = 25.4 / 72
TAG = re.compile(r"<[^>]*>")
BRACED = re.compile(r"\{([\w.]+)\}")
# A line of an earlier step, by its symbol, that is to be compared: "L in step 5", "J del paso 8".
EARLIER = re.compile(r"(\S+) (?:in step|del paso) (\d+)")


@cache
def face(bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(folder() / f"fonts/SheetSans-{'Bold' if bold else 'Regular'}.ttf", 90)


def lines(text: str, width: float, points: float, *, bold: bool = False) -> int:
    """Count the lines that a text takes in the page's own font."""
    count, line = 1, ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if face(bold).getlength(longer) / 90 * points * POINT > width and line:
            count, line = count + 1, word
        else:
            line = longer
    return count


def sheets_of(kind: str, level: int, language: str) -> list[Sheet]:
    """A sheet of every theme that the kind may have."""
    identities = [identity(kind, level, 1)]
    if exercise.find(kind).PHRASES:
        identities = [
            type(identities[0])(identities[0].code, level, 1, theme=theme.code, language=language)
            for theme in built_in(language).values()
        ]
    return make(identities)


@pytest.mark.slow
@LEVELS
@IN_LANGUAGE
def test_every_level_has_them(kind: str, level: int, language: str) -> None:
    said = narrative(kind, level, language)
    assert said.story
    assert "?" in said.question
    assert said.answer
    assert said.pay_off or kind in OWN_TEMPLATE
    known = {name.strip("{}") for name in texts(sheets_of(kind, level, language)[0])}
    used = {name for text in vars(said).values() for name in BRACED.findall(text)}
    assert used <= {name for name in known if "[" not in name}, "a cell stands in a sentence"


@LEVELS
@IN_LANGUAGE
def test_what_is_compared_stands_in_the_step_that_is_named(
    kind: str, level: int, language: str
) -> None:
    graph = exercise.graph(kind, level, language)
    for symbol, step in EARLIER.findall(narrative(kind, level, language).pay_off):
        found = [line.title for line in graph.lines.values() if line.step.number == int(step)]
        assert any(title.endswith(symbol) for title in found), (symbol, found)


@LEVELS
@IN_LANGUAGE
def test_the_page_has_each_once_and_nothing_on_it(kind: str, level: int, language: str) -> None:
    if kind in OWN_TEMPLATE:
        pytest.skip("drawn by a template of its own")
    said, found = narrative(kind, level, language), pages(kind, level, language)

    def only(test) -> tuple[int, Piece]:
        ((page, piece),) = [
            (number, piece)
            for number, page in enumerate(found, start=1)
            for piece in page.pieces
            if test(piece)
        ]
        return page, piece

    page, story = only(lambda piece: piece.style == "story")
    assert (page, story.text) == (1, said.story)
    assert story.y + story.height < found[0].frames[0].y
    page, question = only(lambda piece: piece.style == "question")
    assert (page, question.text) == (len(found), said.question)
    page, look = only(lambda piece: piece.style.startswith("look"))
    assert page == len(found)
    assert said.pay_off in look.text
    ((result,), (ruled,)) = (
        [piece for piece in found[-1].pieces if test(piece)]
        for test in (lambda one: "payoff" in one.style, lambda one: one.kind == "written")
    )
    assert abs(result.x - look.x) < 120
    lowest = found[-1].frames[-1]
    assert ruled.y + ruled.height <= lowest.y + lowest.height
    assert any(
        one.y + BAR <= look.y and look.y + look.height <= one.y + one.height
        for one in found[-1].frames
    )
    for piece in (question, look, ruled):
        others = [one for one in found[-1].pieces if one is not piece]
        assert not [one for one in others if piece.meets(one)]


@pytest.mark.slow
@LEVELS
@IN_LANGUAGE
def test_they_fit_with_the_words_of_every_theme(kind: str, level: int, language: str) -> None:
    if kind in OWN_TEMPLATE:
        pytest.skip("drawn by a template of its own")
    pieces = [piece for page in pages(kind, level, language) for piece in page.pieces]
    for sheet in sheets_of(kind, level, language):
        shown = texts(sheet)
        for piece in pieces:
            text = filled_in(piece.text, shown)
            if piece.kind == "written":
                assert lines(text, piece.width, 9) <= piece.number, text
            elif piece.style == "story":
                assert lines(text, piece.width, 9) * 3.9 <= piece.height + 0.1, text
            elif piece.style == "question":
                assert lines(text, piece.width, 9.5, bold=True) * 3.9 <= piece.height + 0.1, text
            elif piece.style.startswith("look"):
                assert lines(text, piece.width, 9, bold=True) * 3.9 <= piece.height + 0.1, text


def letters(text: str) -> str:
    return re.sub(r"\s", "", text)


def asked(sheet: Sheet) -> tuple[str, str]:
    """The letters of a sheet's question, and of its model answer."""
    said, shown = narrative(sheet.kind.name, sheet.identity.level), texts(sheet)
    return letters(filled_in(said.question, shown)), letters(filled_in(said.answer, shown))


def printed(sheet: Sheet, *, solved: bool) -> str:
    characters = pdf_pages.characters(rendered.pdf(sheet, solved=solved))
    return letters("".join(one["text"] for one in characters))


@LEVELS
@pytest.mark.slow
def test_a_blank_page_has_no_model_answer(kind: str, level: int) -> None:
    """A page is what its HTML says; the solved one's has it."""
    (sheet,) = make([identity(kind, level, 1)])
    question, answer = asked(sheet)
    blank, solved = (
        letters(unescape(TAG.sub("", html(sheet, solved=solved)))) for solved in (False, True)
    )
    assert question in blank
    assert answer not in blank
    assert answer in solved


@IN_TURN
def test_a_solved_page_alone_has_the_model_answer_printed(kind: str, level: int) -> None:
    (sheet,) = make([identity(kind, level, 1)])
    question, answer = asked(sheet)
    blank = printed(sheet, solved=False)
    assert question in blank
    assert answer not in blank
    assert answer in printed(sheet, solved=True)


@pytest.mark.slow
def test_a_sheet_without_them_has_as_many_pages() -> None:
    """They take what is left of a page."""
    for kind, level in (("softmax", 1), ("ppo", 1), ("attention", 1)):
        graph, say = exercise.graph(kind, level), say_in(ENGLISH)
        without = laid_out(graph, say, None, Narrative())
        assert len(pages(kind, level)) == len(without)
        assert Reader(graph, say).narrative == Narrative()
