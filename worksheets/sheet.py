"""Make the sheets that IDs decide, in exact values and words, and the key that programs read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import count, groupby, takewhile
from typing import Any

import numpy as np

from worksheets import exercise, minutes
from worksheets.engine.evaluate import Evaluation
from worksheets.engine.graph import Graph, Line
from worksheets.engine.matrix import BIAS
from worksheets.engine.notation import write
from worksheets.errors import InputError
from worksheets.ids import DRAWN_THEME, WORDS, Identity, parse
from worksheets.language import message, say_in, told
from worksheets.numbers import earlier, numbers
from worksheets.sampling.counter import Draws
from worksheets.secret import drawn_by, is_given
from worksheets.vocabulary.checks import LEAST_SUBJECTS, MOST_SUBJECTS, SUBJECT
from worksheets.vocabulary.theme import NEUTRAL, RANDOM_THEMES, Theme, built_in

START = "[S]"
VERDICT = (message("no"), message("yes"))
LARGEST_BATCH = 1000
PUBLISHED_THEME = "doctor"


@dataclass(frozen=True)
class Sheet:
    """Hold one sheet. `values` maps a line's name to rows of written numbers, or of words.

    `texts` maps labels in braces, such as "{subject}", to the theme's words: "{subject1}" to 5,
    "{answer1}" (the worst) to 6, "{sentence1}" to 3, "{next1}" to 5, "{question}", "{link}",
    "{losing}", "{winning}"; "{word1}" and so on are the vocabulary in the order that a kind draws,
    "{choice1}" and so on its answers. `effort` counts non-trivial multiplications and additions.
    """

    identity: Identity
    theme: Theme | None
    texts: dict[str, str]
    indices: dict[str, int]
    constants: dict[str, str]
    values: dict[str, list[list[str]]]
    effort: int
    minutes: int

    @property
    def id(self) -> str:
        """Return the ID as it is printed."""
        return self.identity.text

    @property
    def kind(self) -> exercise.Kind:
        """Return the kind that declares this sheet."""
        return exercise.by_code(self.identity.code)

    @property
    def earlier(self) -> Identity | None:
        """Return the sheet with whose result this one goes on, if it does."""
        return earlier(self.identity)

    @property
    def graph(self) -> Graph:
        """Return the lines of this sheet, in its language."""
        identity = self.identity
        return exercise.graph(self.kind.name, identity.level, identity.language)

    def labels(self, labels: tuple[str, ...]) -> list[str]:
        """Return labels as printed, the theme's words in place of "{subject}" and its like."""
        if BIAS in labels:
            bias = say_in(self.identity.language)(BIAS)
            labels = tuple(bias if label == BIAS else label for label in labels)
        return [self.texts.get(label, label) for label in labels]

    def choices(self, line: Line) -> list[str]:
        """Return the words that the cells of a line may hold, by their indices."""
        return _choices(line, self.texts, self.identity.language)

    def key(self) -> dict[str, Any]:
        """Return the JSON key: a contract for other programs."""
        words: dict[str, list[str]] = {}
        if self.theme:
            phrases = {name: self.labels(words) for name, words in self.kind.PHRASES.items()}
            vocabulary = _vocabulary(self.texts)
            words = {**({"vocabulary": vocabulary} if vocabulary else {}), **phrases}
        constants = {"constants": self.constants} if self.constants else {}
        return {
            "id": self.id,
            "kind": self.kind.name,
            "level": self.identity.level,
            "edition": self.identity.edition,
            "theme": self.theme.name if self.theme else None,
            "language": self.identity.language,
            "words": words,
            **constants,
            "lines": [self._line(line) for line in self.graph.lines.values()],
        }

    def _line(self, line: Line) -> dict[str, Any]:
        return {
            "name": line.name,
            "step": line.step.number,
            "role": line.role,
            "decimals": line.decimals,
            "row_labels": self.labels(line.row_labels),
            "column_labels": self.labels(line.column_labels),
            "values": self.values[line.name],
        }


def stand_in(kind: exercise.Kind, theme: Theme | None) -> str:
    """Say which of a kind's words the neutral theme supplies, as a teacher's own lacks them.

    Say nothing if none does.
    """
    lacks = [key for key in theme.lacks if key in kind.PHRASES] if theme else []
    if not theme or not lacks:
        return ""
    return told(
        "theme {name!r} has no {lacks} of its own; on sheets of "
        "{kind} the {words} of {neutral!r} stand{s} in",
        name=theme.name,
        lacks=told(" and no ").join(lacks),
        kind=kind.name,
        words=told(" and ").join(lacks),
        neutral=NEUTRAL,
        s="s" * (len(lacks) == 1),
    )


def read_id(text: str, own_theme: Theme | None = None) -> Identity:
    """Return the identity behind an ID as somebody typed it.

    Raises:
        InputError: if it is mistyped, or needs a theme file that is not the one given, or a secret.
    """
    identity = parse(text, exercise.levels_by_code())
    kind = exercise.by_code(identity.code)
    if identity.edition not in (editions := exercise.editions(kind, identity.level)):
        raise InputError(
            told(
                "ID {text!r}: {name} has at level {level} the editions "
                "{editions}; no program of this version has printed it",
                text=text,
                name=kind.name,
                level=identity.level,
                editions=", ".join(editions),
            )
        )
    _theme_of(identity, own_theme)
    if identity.secret and not is_given(identity.secret):
        raise InputError(
            told(
                "ID {text}: its numbers are those of a secret, marked {secret}",
                text=identity.text,
                secret=identity.secret,
            ),
            "secret file",
        )
    return identity


def make(identities: list[Identity], own_theme: Theme | None = None) -> list[Sheet]:
    """Make the sheets of these identities, in their order.

    A sheet is a pure function of its identity: which others are made with it changes nothing.

    Raises:
        InputError: if a kind, level or theme does not exist.
    """
    made: dict[Identity, Sheet] = {}

    def family(identity: Identity) -> tuple[str, int, str]:
        return identity.code, identity.level, identity.edition

    for _, members in groupby(sorted(set(identities), key=family), key=family):
        alike = list(members)
        for start in range(0, len(alike), LARGEST_BATCH):
            batch = alike[start : start + LARGEST_BATCH]
            made.update(zip(batch, _make_batch(batch, own_theme), strict=True))
    return [made[identity] for identity in identities]


def _make_batch(identities: list[Identity], own_theme: Theme | None) -> list[Sheet]:
    kind, published = exercise.by_code(identities[0].code), identities[0].edition == "published"
    evaluation, words = numbers(identities)
    graph = evaluation.graph
    written = {line.name: _written(evaluation, line) for line in graph.lines.values()}
    effort = evaluation.effort.tolist()
    writing = minutes.writing(kind.name, identities[0].level, graph)
    # Words are the same whatever the kind, level and language: a course meets them again.
    names = [drawn_by(f"words {one.number % WORDS}", one.secret) for one in identities]
    draws = Draws.of(names)
    drawn_theme = draws.below("theme", len(RANDOM_THEMES))[:, 0].tolist()
    order = draws.order("subjects", MOST_SUBJECTS).tolist()
    word_lines = [line for line in graph.lines.values() if line.node.is_word]
    sheets = []
    for row, identity in enumerate(identities):
        indices = {role: int(values[row]) for role, values in words.items()}
        theme = _theme_of(identity, own_theme, drawn_theme[row]) if kind.PHRASES else None
        subjects = range(MOST_SUBJECTS) if published else order[row]
        texts = _texts(theme, subjects, indices, identity.language) if theme else {}
        values = {name: rows[row] for name, rows in written.items()}
        for line in word_lines:
            chosen, rows = _choices(line, texts, identity.language), values[line.name]
            values[line.name] = [[chosen[cell] for cell in cells_of] for cells_of in rows]
        sheets.append(
            Sheet(
                identity,
                theme,
                texts,
                indices,
                _constants(evaluation, row),
                values,
                effort[row],
                minutes.rounded(effort[row], writing),
            )
        )
    return sheets


def _choices(line: Line, texts: Mapping[str, str], language: str) -> list[str]:
    """Return the words of a line by their indices."""
    if line.entries == "verdict":
        return list(map(say_in(language), VERDICT))
    return [START, *_vocabulary(texts)]


def _vocabulary(texts: Mapping[str, str]) -> list[str]:
    """Return the words that have a place in the vocabulary, in order."""
    places = (f"{{word{place}}}" for place in count(1))
    return [texts[place] for place in takewhile(texts.__contains__, places)]


def _written(evaluation: Evaluation, line: Line) -> list[Any]:
    """Return every sheet's rows of a line: numbers as written, words as indices.

    A line has few distinct numbers, and each is written once.
    """
    array = evaluation[line.name]
    if line.node.is_word:
        return list(array.tolist())
    distinct, place = np.unique(array, return_inverse=True)
    texts = [write(Fraction(n, line.node.denominator)) for n in distinct.tolist()]
    return list(np.array(texts, dtype=object)[place].reshape(array.shape).tolist())


def _constants(evaluation: Evaluation, row: int) -> dict[str, str]:
    constants = {name: write(value) for name, value in evaluation.graph.constants.items()}
    for name, node in evaluation.graph.rates.items():
        inverse = int(evaluation.arrays[node][row, 0, 0])
        constants[name] = write(Fraction(node.denominator, inverse))
    return constants


def _theme_of(identity: Identity, own_theme: Theme | None, drawn: int = 0) -> Theme:
    """Return the theme that an identity names, or else the one that its number has drawn.

    Raises:
        InputError: if there is none, or it is not in the file given.
    """
    if identity.own_theme:
        if own_theme is None or own_theme.own_mark != identity.own_theme:
            given = (
                told("; the file given is {own_mark}", own_mark=own_theme.own_mark)
                if own_theme
                else ""
            )
            raise InputError(
                told(
                    "ID {text}: its words come from a theme file of your own, marked "
                    "{own_theme}{given}",
                    text=identity.text,
                    own_theme=identity.own_theme,
                    given=given,
                ),
                "theme file",
            )
        return own_theme
    themes = built_in(identity.language)
    if identity.edition == "published":
        return themes[PUBLISHED_THEME]
    if identity.theme != DRAWN_THEME:
        for theme in themes.values():
            if theme.code == identity.theme:
                return theme
        raise InputError(
            told("ID {text}: there is no theme {theme}", text=identity.text, theme=identity.theme)
        )
    return themes[RANDOM_THEMES[drawn]]


def _texts(
    theme: Theme, order: Iterable[int], indices: dict[str, int], language: str
) -> dict[str, str]:
    """Map labels to words: by role, and by place in the vocabulary.

    `order` is one of the most subjects that a theme may have; the theme's first ones there count.
    """
    subjects = [theme.subjects[place] for place in order if place < len(theme.subjects)]
    full = theme.completed(language)
    sentence = [subjects[0] if word == SUBJECT else word for word in full.sentence]
    by_role = {"start": START, "link": theme.link, "losing": theme.losing, "winning": theme.winning}
    by_role |= dict(zip(("subject", "prompt", "second"), subjects, strict=False))
    numbered = {"subject": subjects[:LEAST_SUBJECTS], "answer": full.answers}
    numbered |= {"sentence": sentence, "next": full.next_words}
    for role, words in numbered.items():
        by_role |= {f"{role}{place}": word for place, word in enumerate(words, 1)}
    texts = {f"{{{role}}}": word for role, word in by_role.items()}
    texts["{question}"] = full.question
    for role, place in indices.items():
        if place and role in by_role:
            drawn = "choice" if role.startswith("answer") else "word"
            texts[f"{{{drawn}{place}}}"] = by_role[role]
    # A kind's own roles are played by words of the vocabulary, or by the answers of its columns.
    drawn = "choice" if "{choice1}" in texts else "word"
    own = {role: place for role, place in indices.items() if role not in by_role}
    return texts | {f"{{{role}}}": texts[f"{{{drawn}{place}}}"] for role, place in own.items()}
