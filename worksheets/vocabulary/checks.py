"""Check what a theme's file says, with errors that name file, line, key and what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from worksheets.errors import InputError
from worksheets.toml_file import parsed, shown

LONGEST_WORD = 7
LEAST_SUBJECTS, MOST_SUBJECTS = 5, 12
ANSWERS, LONGEST_ANSWER = 6, 9  # letters, which a column's head holds
WIDE, WIDEST_ANSWER = "mwMW", 11  # letters that count twice, and how many fit then
SENTENCE, NEXT_WORDS = 3, 5
SUBJECT = "{subject}"  # stands in the sentence for the subject that a sheet draws
# How much of each text fits on the page.
LONGEST_TEXT = {
    "name": 20, "title": 40, "bias": 90, "value": 90, "question": 70, "teacher": 220,
}  # fmt: skip
LONGEST_IN_TEXT = 30  # a word that fits on a line
NEEDED = (
    "name", "code", "title", "bias", "value", "link", "subjects", "losing", "winning", "teacher",
)  # fmt: skip
PAIRS = (("question", "answers"), ("sentence", "next_words"))  # an own theme may leave one out
KEYS = (*NEEDED[:-1], *(key for pair in PAIRS for key in pair), NEEDED[-1])


def checked(content: bytes, source: str, *, own: bool = False) -> dict[str, Any]:
    """Return the fields of a theme, lists as tuples; an `own` one is a teacher's, without a code.

    Raises:
        InputError: naming the file, the line, the key and what would be right.
    """
    data = parsed(content, source)
    file = _File(source, content.decode("utf-8-sig").splitlines())
    expected = [key for key in KEYS if not own or (key in NEEDED and key != "code")]
    if missing := [key for key in expected if key not in data]:
        raise InputError(f"{source}: missing {_named(missing)}")
    if unknown := [key for key in data if key not in KEYS]:
        raise InputError(
            f"{file.at(unknown[0])}: unknown {_named(unknown)}; keys are {', '.join(KEYS)}"
        )
    for pair in PAIRS:
        present = [key for key in pair if key in data]
        if len(present) == 1:
            (lacking,) = {*pair} - {*present}
            raise file.wrong(present[0], f"goes with {lacking!r}: give both, or neither")
    for key, longest in LONGEST_TEXT.items():
        if key in data:
            _check_text(file, key, data[key], longest)
    _check_lists(file, data)
    given = {key: data[key] for key in KEYS if key in data and not (own and key == "code")}
    return {key: tuple(one) if isinstance(one, list) else one for key, one in given.items()}


@dataclass(frozen=True)
class _File:
    """Hold a file's name and its lines, to say where something wrong stands."""

    source: str
    lines: list[str]

    def at(self, key: str, value: object = None) -> str:
        """Say where a key stands, or the word of its list that is this value."""
        starts = re.compile(rf"\s*\[?\s*[\"']?{re.escape(key)}\b")
        first = next((n for n, line in enumerate(self.lines, 1) if starts.match(line)), None)
        if first is None:  # written with escapes
            return self.source
        below = range(first, len(self.lines) + 1)
        quoted = (n for n in below if isinstance(value, str) and value in self.lines[n - 1])
        return f"{self.source}, line {next(quoted, first)}"

    def wrong(self, key: str, why: str, value: object = None) -> InputError:
        """Return the error of a key, or of a word in its list."""
        return InputError(f"{self.at(key, value)}, key {key!r}: {why}")


def _named(keys: list[str]) -> str:
    return f"key{'s' if len(keys) > 1 else ''} {', '.join(map(repr, keys))}"


def _check_text(file: _File, key: str, value: object, longest: int) -> None:
    if not isinstance(value, str) or not value.strip():
        raise file.wrong(key, f"{shown(value)} is not a text in quotes")
    if len(value) > longest:
        raise file.wrong(
            key, f"{len(value)} characters, at most {longest} fit: {value[:60]!r}", value
        )
    if len(word := max(value.split(), key=len)) > LONGEST_IN_TEXT:
        raise file.wrong(
            key,
            f"the word {word!r} has {len(word)} characters, at most {LONGEST_IN_TEXT} fit on a "
            "line",
        )
    if not value.isprintable():
        raise file.wrong(key, f"{value!r} holds a character that cannot be printed")


def _check_lists(file: _File, data: dict[str, Any]) -> None:
    """Check how many words each list has, and that those which meet on a page are different."""
    least_and_most = {"subjects": (LEAST_SUBJECTS, MOST_SUBJECTS), "answers": (ANSWERS, ANSWERS)}
    least_and_most |= {"sentence": (SENTENCE, SENTENCE), "next_words": (NEXT_WORDS, NEXT_WORDS)}
    for key, (least, most) in least_and_most.items():
        some, words = data.get(key, []), f"{least} to {most}" if least < most else f"{least}"
        if key in data and not (isinstance(some, list) and least <= len(some) <= most):
            raise file.wrong(key, f"give {words} words in brackets")
    subjects = [("subjects", word) for word in data["subjects"]]
    _check_words(file, subjects + [(key, data[key]) for key in ("link", "losing", "winning")])
    if "answers" in data:
        _check_words(file, [("answers", word) for word in data["answers"]], LONGEST_ANSWER)
        for word in data["answers"]:
            if len(word) + sum(map(word.count, WIDE)) > WIDEST_ANSWER:
                raise file.wrong(
                    "answers",
                    f"{word!r} is too wide: at most {WIDEST_ANSWER} letters fit, m and w being two",
                    word,
                )
    if "sentence" in data:
        if data["sentence"].count(SUBJECT) != 1:
            raise file.wrong("sentence", f"one of its words, and one alone, is {SUBJECT!r}")
        others = [("sentence", word) for word in data["sentence"] if word != SUBJECT]
        following = [("next_words", word) for word in data["next_words"]]
        _check_words(file, subjects + others + following)


def _check_words(
    file: _File, words: Iterable[tuple[str, object]], longest: int = LONGEST_WORD
) -> None:
    seen: dict[str, str] = {}
    for key, word in words:
        _check_text(file, key, word, longest)
        if not str(word).isalpha():
            raise file.wrong(key, f"{word!r} is not one word of letters only", word)
        folded = str(word).casefold()
        if folded in seen:
            raise file.wrong(
                key, f"{word!r} is doubled, it stands in {seen[folded]!r} already", word
            )
        seen[folded] = key
