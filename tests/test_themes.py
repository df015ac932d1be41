"""Themes are words only, the right ones, and a broken file is named with its key or line."""

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from worksheets import exercise
from worksheets.errors import InputError
from worksheets.ids import Identity
from worksheets.sheet import make, read_id, stand_in
from worksheets.vocabulary.theme import RANDOM_THEMES, Theme, built_in, find

FOLDER = Path(__file__).parents[1] / "worksheets" / "vocabulary" / "themes"
PACKS = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.toml")}
EACH_PACK = pytest.mark.parametrize("name", sorted(PACKS))
FIELDS = {
    "name": str,
    "code": str,
    "title": str,
    "bias": str,
    "value": str,
    "link": str,
    "subjects": list,
    "losing": str,
    "winning": str,
    "question": str,
    "answers": list,
    "sentence": list,
    "next_words": list,
    "teacher": str,
}
PRONOUNS = {"he", "him", "his", "she", "her", "hers", "they", "them", "their", "it", "its"}
OWN = {
    "name": "class 7b",
    "title": "Our words",
    "bias": "Texts say so.",
    "value": "People <b>prefer</b> & like it.",
    "link": "gets",
    "subjects": ["lamp", "chair", "radio", "bike", "shoe"],
    "losing": "dumped",
    "winning": "fixed",
    "teacher": "Discuss.",
}
PAIRS = {
    "question": "It is broken. What do you do?",
    "answers": ["burn", "dump", "hide", "keep", "sell", "repair"],
    "sentence": ["my", "old", "{subject}"],
    "next_words": ["works", "breaks", "stays", "lasts", "helps"],
}


def words(pack: dict) -> list[str]:
    return [*pack["subjects"], pack["link"], pack["losing"], pack["winning"]]


def as_toml(pack: dict) -> str:
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in pack.items())


@pytest.fixture
def read(tmp_path):
    """A theme file of one's own, of this content, as the program reads it."""

    def read(content: dict | str | bytes, name: str = "own.toml") -> Theme:
        path = tmp_path / name
        content = as_toml(content) if isinstance(content, dict) else content
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return find(str(path))

    return read


@pytest.fixture
def refused(read):
    """The message, less its file's name, which it has to start with."""

    def refused(content: dict | str | bytes) -> str:
        with pytest.raises(InputError) as caught:
            read(content)
        said = re.match(
            r"(theme file )?\S*own\.toml(, line \d+(?=, key|: unknown))?[:,] (.*)",
            str(caught.value),
        )
        assert said, caught.value
        return said[3]

    return refused


def test_there_are_a_dozen_themes_and_all_are_in_use() -> None:
    assert len(PACKS) >= 12
    assert set(built_in()) == set(PACKS)
    for key in ("name", "code", "title"):
        assert len({pack[key] for pack in PACKS.values()}) == len(PACKS)
    assert all(pack["name"] == name for name, pack in PACKS.items())


@EACH_PACK
def test_a_theme_has_its_fields_and_no_other(name: str) -> None:
    pack = PACKS[name]
    assert {key: type(value) for key, value in pack.items()} == FIELDS
    assert all(pack.values())
    lists = {key: tuple(value) for key, value in pack.items() if isinstance(value, list)}
    assert find(name) == Theme(**{**pack, **lists})


@EACH_PACK
def test_words_are_short_different_and_letters_only(name: str) -> None:
    pack = PACKS[name]
    assert len(pack["subjects"]) >= 5
    for word in words(pack):
        assert 1 <= len(word) <= 7
        assert re.fullmatch(r"[A-Za-z]+", word)
    assert len({word.casefold() for word in words(pack)}) == len(words(pack))


@EACH_PACK
def test_a_code_is_one_character_that_an_id_has_and_no_other_meaning_takes(name: str) -> None:
    assert re.fullmatch(r"[1-9A-HJKMNP-TV-Y]", PACKS[name]["code"])


@EACH_PACK
def test_the_texts_are_sentences(name: str) -> None:
    for key in ("title", "bias", "value", "teacher"):
        assert re.fullmatch(r"[A-Z].*[.?]", PACKS[name][key])


@pytest.mark.parametrize("language", ["en", "es"])
def test_questions_and_sentences_are_short_and_the_sentence_is_about_a_subject(
    language: str,
) -> None:
    themes = built_in(language).values()
    assert len({theme.question for theme in themes}) == len(themes)
    assert len({theme.answers for theme in themes}) == len(themes)
    for theme in themes:
        assert re.search(r"\?$", theme.question)
        assert len(theme.question) <= 70
        assert len({*theme.answers}) == 6
        assert all(word.isalpha() and len(word) <= 9 for word in theme.answers)
        assert theme.sentence.count("{subject}") == 1
        others = {*theme.sentence} - {"{subject}"} | {*theme.next_words}
        assert (len(theme.sentence), len(theme.next_words), len(others)) == (3, 5, 7)
        assert all(word.isalpha() and len(word) <= 7 for word in others)
        assert not others & {*theme.subjects}


def test_most_themes_are_about_more_than_pronouns() -> None:
    on_pronouns = [name for name, pack in PACKS.items() if PRONOUNS & set(words(pack))]
    assert len(on_pronouns) <= len(PACKS) // 4


def test_the_published_words_are_those_of_the_original() -> None:
    doctor = PACKS["doctor"]
    assert doctor["subjects"][:2] == ["doc", "CEO"]
    assert [doctor[key] for key in ("link", "losing", "winning")] == ["is", "him", "them"]


def test_a_sheet_uses_the_words_of_its_theme_and_all_but_the_gallery_is_drawn() -> None:
    drawn = set()
    for sheet in make([Identity("RLHF", 1, number) for number in range(300)]):
        key = sheet.key()
        drawn.add(key["theme"])
        pack = PACKS[key["theme"]]
        for pair, last in (("loser", "losing"), ("winner", "winning")):
            subject, *rest = key["words"][pair]
            assert subject in pack["subjects"]
            assert rest == [pack["link"], pack[last]]
    assert drawn == set(RANDOM_THEMES) < set(PACKS)


@pytest.mark.parametrize("name", ["pirate", "doctor"])
def test_an_id_names_its_theme(name: str) -> None:
    identity = Identity("RLHF", 1, 7, theme=PACKS[name]["code"])
    assert make([read_id(identity.text)])[0].key()["theme"] == name


# --- A file of one's own ---


@pytest.mark.parametrize("key", OWN)
def test_a_missing_key_is_named(refused, key: str) -> None:
    pack = {other: value for other, value in OWN.items() if other != key}
    assert refused(pack) == f"missing key '{key}'"


@pytest.mark.parametrize("key", OWN)
@pytest.mark.parametrize("value", [7, True, 0.5, {"a": "b"}, "", "  ", [], ["lamp"], [1, 2, 3]])
def test_a_value_of_the_wrong_type_is_named(refused, key: str, value: object) -> None:
    if isinstance(value, dict):
        toml = as_toml({other: text for other, text in OWN.items() if other != key})
        said = refused(toml + f'[{key}]\na = "b"\n')
    else:
        said = refused({**OWN, key: value})
    assert f"key '{key}'" in said


@pytest.mark.parametrize("key", ["name", "title", "bias", "value", "teacher"])
def test_a_text_that_does_not_fit_is_named_with_its_length(refused, key: str) -> None:
    said = refused({**OWN, key: "long " * 60})
    assert said.startswith(f"key '{key}': 300 characters, at most ")


@pytest.mark.parametrize("key", ["bias", "value", "teacher"])
def test_a_word_that_no_line_holds_is_named(refused, key: str) -> None:
    said = refused({**OWN, key: f"The {'w' * 90 if key == 'teacher' else 'w' * 31} one"})
    assert f"key '{key}': the word '{'w' * 31}" in said
    assert "at most 30 fit on a line" in said


@pytest.mark.parametrize("key", ["link", "losing", "winning", "subjects"])
@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("elephant", "8 characters, at most 7 fit: 'elephant'"),
        ("<b>", "'<b>' is not one word of letters only"),
        ("a&b", "'a&b' is not one word of letters only"),
        ("a b", "'a b' is not one word of letters only"),
        ("[S]", "'[S]' is not one word of letters only"),
        ("{link}", "'{link}' is not one word of letters only"),
        ("a\u202eb", "cannot be printed"),
        ("a\x00b", "cannot be printed"),
        ("CHAIR", "'CHAIR' is doubled, it stands in 'subjects' already"),
    ],
)
def test_a_bad_word_is_named(refused, key: str, word: str, says: str) -> None:
    changed = {**OWN, key: ["chair", "radio", "bike", "shoe", word] if key == "subjects" else word}
    said = refused(changed)
    assert said.startswith(f"key '{key}': ")
    assert says in said


@pytest.mark.parametrize("subjects", [["a", "b"], [*"abcdefghijklm"], "lamp"])
def test_subjects_are_a_handful_of_words(refused, subjects: object) -> None:
    said = refused({**OWN, "subjects": subjects})
    assert said == "key 'subjects': give 5 to 12 words in brackets"


def test_an_error_names_the_line_of_the_word(read) -> None:
    toml = as_toml({**OWN, "subjects": []}).replace("[]", '[\n  "lamp", "chair", "radio",\n  %s]')
    (first,) = (n for n, line in enumerate(toml.splitlines(), 1) if line.startswith("subjects"))
    for words, place, says in (
        ('"bike", "a b"', first + 2, "'a b' is not one word"),
        ('"bike"', first, "give 5"),
    ):
        with pytest.raises(InputError, match=rf"own\.toml, line {place}, key 'subjects': {says}"):
            read(toml % words)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("question", "Why? " * 15, "key 'question': 75 characters, at most 70 fit"),
        ("question", 7, "key 'question': 7 is not a text in quotes"),
        ("answers", PAIRS["answers"][:5], "key 'answers': give 6 words in brackets"),
        ("answers", "burn", "key 'answers': give 6 words in brackets"),
        ("answers", [*PAIRS["answers"][:5], "recycling!"], "'recycling!'"),
        ("answers", [*PAIRS["answers"][:5], "overhauled"], "10 characters, at most 9 fit"),
        ("answers", [*PAIRS["answers"][:5], "Burn"], "'Burn' is doubled"),
        ("answers", [*PAIRS["answers"][:5], "wigwammer"], "'wigwammer' is too wide: at most 11"),
        ("answers", [*PAIRS["answers"][:5], ["a"]], "is not a text in quotes"),
        ("sentence", ["my", "{subject}"], "key 'sentence': give 3 words in brackets"),
        ("sentence", ["my", "old", "lamp"], "one of its words, and one alone, is '{subject}'"),
        ("sentence", ["{subject}", "or", "{subject}"], "one alone, is '{subject}'"),
        ("sentence", ["the", "lamp", "{subject}"], "'lamp' is doubled"),
        ("sentence", ["my", "old one", "{subject}"], "'old one' is not one word"),
        ("next_words", ["works", "breaks"], "key 'next_words': give 5 words in brackets"),
        ("next_words", [*PAIRS["next_words"][:4], "old"], "'old' is doubled"),
        ("next_words", [*PAIRS["next_words"][:4], "shatters"], "8 characters, at most 7 fit"),
    ],
)
def test_a_bad_question_or_sentence_is_named(refused, key: str, value: object, says: str) -> None:
    said = refused({**OWN, **PAIRS, key: value})
    assert said.startswith(f"key '{key}': ")
    assert says in said


@pytest.mark.parametrize("key", PAIRS)
def test_a_question_goes_with_answers_and_a_sentence_with_next_words(refused, key: str) -> None:
    partner = dict(zip(PAIRS, ("answers", "question", "next_words", "sentence"), strict=True))[key]
    said = refused({**OWN, **{other: value for other, value in PAIRS.items() if other != key}})
    assert said == f"key '{partner}': goes with '{key}': give both, or neither"


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_neutral_question_and_sentence_stand_in_and_it_is_said(read, language: str) -> None:
    lacking, whole = read(OWN), read({**OWN, **PAIRS})
    neutral = built_in(language)["novice"]
    assert lacking.lacks == ("question", "sentence")
    completed = lacking.completed(language)
    assert completed.question == neutral.question
    assert completed.answers == neutral.answers
    assert (completed.sentence, completed.next_words) == (neutral.sentence, neutral.next_words)
    assert completed.subjects == lacking.subjects
    assert whole.lacks == ()
    assert whole.completed(language) == whole
    asks = replace(exercise.find("rlhf"), PHRASES={"question": ("{question}",)})
    assert stand_in(asks, lacking) == (
        "theme 'class 7b' has no question of its own; on sheets of rlhf the question of 'novice' "
        "stands in"
    )
    assert stand_in(asks, whole) == stand_in(asks, None) == ""
    assert stand_in(exercise.find("rlhf"), lacking) == ""


def test_an_unknown_key_is_named(refused) -> None:
    assert refused({**OWN, "colour": "red"}).startswith("unknown key 'colour'; keys are name, ")


@pytest.mark.parametrize("line", [1, 4, 9])
def test_what_is_not_toml_is_named_by_its_line(refused, line: int) -> None:
    lines = as_toml(OWN).splitlines()
    lines[line - 1] = 'no "toml"'
    said = refused("\n".join(lines))
    assert said.startswith("not TOML: ")
    assert f"line {line}," in said


@pytest.mark.parametrize("line", [1, 4, 9])
def test_what_is_not_utf_8_is_named_by_its_line(refused, line: int) -> None:
    lines = as_toml(OWN).encode().splitlines()
    lines[line - 1] = b'link = "\xe9t\xe9"'
    assert refused(b"\n".join(lines)).startswith(f"line {line}: not UTF-8 text")


def test_markup_stays_text_in_the_key(read) -> None:
    marked = {**OWN, "name": "<b>7b</b> & co", "title": '<i class="x">Ours</i>'}
    theme = read(marked)
    assert (theme.title, theme.value) == (marked["title"], OWN["value"])
    identity = Identity("RLHF", 2, 7, theme="Z", own_theme=theme.own_mark)
    key = make([identity], theme)[0].key()
    assert key["theme"] == "<b>7b</b> & co"
    assert set(key["words"]["loser"]) <= {*OWN["subjects"], "gets", "dumped"}


def test_an_own_theme_is_marked_by_its_words_and_not_by_its_file(read) -> None:
    mark = read(OWN).own_mark
    assert read(OWN, "renamed.toml").own_mark == mark
    backwards = dict(reversed(OWN.items()))
    assert read("# ours\r\n" + as_toml(backwards).replace("\n", "\r\n")).own_mark == mark
    changes = [{"losing": "broken"}, {"subjects": OWN["subjects"][::-1]}, {"title": "Yours"}]
    changes += [PAIRS, {**PAIRS, "answers": PAIRS["answers"][::-1]}]
    marks = {read({**OWN, **change}).own_mark for change in changes}
    assert len(marks | {mark}) == 6


def test_an_id_takes_only_the_words_that_it_was_printed_with(read) -> None:
    theme, other = read(OWN), read({**OWN, "losing": "broken"})
    text = Identity("RLHF", 1, 7, theme="Z", own_theme=theme.own_mark).text
    assert read_id(text, theme).text == text
    marked = f"marked {theme.own_mark}"
    for given, says in ((None, marked), (other, f"the file given is {other.own_mark}")):
        with pytest.raises(InputError, match=says) as caught:
            read_id(text, given)
        assert caught.value.remedy == "theme file"
