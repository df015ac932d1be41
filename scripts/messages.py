"""Find every text that is translated, and bring the catalogues of messages up to date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from worksheets import exercise
from worksheets.engine.graph import Graph
from worksheets.language import ENGLISH, FOLDER, MESSAGES, TOLD, catalogue_of
from worksheets.render.texts import folder
from worksheets.sentences import (
    ADVICE,
    BESIDE,
    GOAL,
    LEARNED,
    LEVEL,
    MUST_KNOW,
    NOTES,
    OF_LEVEL,
    SOURCE,
    SUMMARY,
)

PACKAGE = FOLDER.parent
PAGE = "page"  # what the page in a browser says: no sheet depends on it
# What a translator has to read: symbols such as W₁ stay as they are, and so do words in braces.
WORDS = re.compile(r"[a-z]{2}|[A-Z]{5}")
# What goes by an id: its English sentence is in a catalogue as well.
ID = re.compile(r"(summary|source|must know|(level|learned \(level) \d+\)?)$|(goal|note|advice): ")
# What a catalogue of a kind's sentences may leave out.
OPTIONAL = re.compile(rf"note: |({'|'.join(BESIDE)})( \(level \d+\))?$")
PYTHON = {"say": None, "message": None, "counted": (2, 3)}
TELLING = {"told": None, "to_tell": None}
TEMPLATES = {"_": None, "ngettext": (1, 2)}
Text = str | tuple[str, ...]
Found = Iterator[tuple[str, Text]]


def wanted(language: str, domain: str) -> Catalog:
    """A catalogue's messages, each with the places where it is used and its English sentence.

    A step's note, and what a sheet says beside its steps, is one of them if it is in English.
    """
    english = {one.id: one.string for one in _read(catalogue_of(ENGLISH, domain)) if one.id}
    catalogue = Catalog(charset="utf-8")
    of_kind = domain in exercise.all_kinds()
    for text, places in (_sentences(domain) if of_kind else _messages(domain)).items():
        has_id = of_kind or ID.match(str(text))
        if language == ENGLISH and not has_id:
            continue
        if of_kind and text not in english and OPTIONAL.match(str(text)):
            continue
        said = [english.get(text, "")] if has_id and language != ENGLISH else []
        catalogue.add(text, locations=[(place, None) for place in places], auto_comments=said)
    return catalogue


def _sentences(kind: str) -> dict[Text, list[str]]:
    """A kind's, in the order in which its sheets show them."""
    declared = exercise.find(kind)
    found = [SUMMARY, SOURCE, *(LEVEL.format(level) for level in declared.LEVELS)]
    found += [MUST_KNOW, *(LEARNED.format(level) for level in declared.LEVELS)]
    found += [
        form.format(name=name, level=level)
        for name in BESIDE
        for level in declared.LEVELS
        for form in OF_LEVEL
    ]
    for level in declared.LEVELS:
        for line in exercise.graph(kind, level).lines.values():
            found += [GOAL.format(line.step.part.title)]
            found += [form.format(step=line.step.title, level=level) for form in NOTES]
    found += [ADVICE.format(mistake.name) for mistake in declared.MISTAKES]
    return {text: [] for text in found}


@cache
def _messages(domain: str) -> dict[Text, list[str]]:
    """What programs and templates say, and kinds' names for things, with the places."""
    found: dict[Text, list[str]] = {}
    for place, text in _sources(domain):
        if domain == TOLD or WORDS.search(str(text)):
            found.setdefault(text, []).append(place)
    return {text: list(dict.fromkeys(places)) for text, places in found.items()}


def _sources(domain: str) -> Found:
    """Where a catalogue's messages stand."""
    if domain == TOLD:
        return chain(of_programs(PACKAGE, TELLING), of_programs(PACKAGE / PAGE, TELLING))
    if domain == PAGE:
        return of_programs(PACKAGE / PAGE)
    return chain(of_programs(PACKAGE), of_templates(), of_kinds())


def of_programs(folder: Path, calls: Mapping[str, Any] = PYTHON) -> Found:
    """Texts that the program says itself, by what it calls with them; the page's are apart."""
    for path in sorted(folder.rglob("*.py")):
        if folder == PACKAGE and path.is_relative_to(PACKAGE / PAGE):
            continue
        for _, text, *_ in extract_from_file("python", path, calls):
            yield str(path.relative_to(PACKAGE.parent)), text


def of_templates() -> Found:
    """What pages say, whatever the sheet."""
    options = {"trim_blocks": "true", "lstrip_blocks": "true"}
    for path in sorted(folder().rglob("*.jinja")):
        method = "jinja2.ext:babel_extract"
        for _, text, *_ in extract_from_file(method, path, TEMPLATES, options=options):
            yield f"templates/{path.relative_to(folder())}", text


def of_kinds() -> Found:
    """What kinds and what is on their sheets are called."""
    for name, kind in exercise.all_kinds().items():
        texts = [kind.TITLE, *kind.PHRASES, *(mistake.name for mistake in kind.MISTAKES)]
        for level in kind.LEVELS:
            texts += of_graph(exercise.graph(name, level))
        for text in dict.fromkeys(texts):
            yield f"kinds/{name}", text


def of_graph(graph: Graph) -> Iterator[str]:
    """The names on a sheet."""
    for line in graph.lines.values():
        step, part = line.step, line.step.part
        yield from (part.title, step.title, line.title, line.label)
        labels = (*line.row_labels, *line.column_labels)
        yield from (label for label in labels if not label.startswith("{"))
    yield from (f"the {role} word" for role in graph.words)
    yield from (name.replace("_", " ") for name in (*graph.rates, *graph.constants))


def updated(path: Path, messages: Catalog) -> bytes:
    """A catalogue with these messages and no others; its header stays as it is.

    Where the English sentence is another one than it was, the translation is marked as fuzzy.
    """
    catalogue = _read(path)
    before = {one.id: (_comment(one), one.string) for one in catalogue}
    catalogue.update(messages, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    for one in catalogue:
        comment, string = before.get(one.id, ("", ""))
        if string and comment != _comment(one):
            one.flags.add("fuzzy")
    content = BytesIO()
    write_po(content, catalogue, width=None, omit_header=True, ignore_obsolete=True)
    header = _header(path) or _header(path.with_name(f"{MESSAGES}.po"))
    return header + b"\n\n" + content.getvalue().strip() + b"\n"


def _header(path: Path) -> bytes:
    """What stands before a catalogue's messages, if it is written already."""
    start = path.read_bytes().strip().partition(b"\n\n")[0] if path.exists() else b""
    return start if b'msgid ""\n' in start else b""


def _read(path: Path) -> Catalog:
    return read_po(BytesIO(path.read_bytes() if path.exists() else b""))


def _comment(message: Message) -> str:
    """The English sentence, which is broken into lines."""
    return " ".join(message.auto_comments)


def _update(language: str) -> None:
    """Update a language's catalogues, and say what is left to do, and what is gone."""
    count, left, gone = 0, [], []
    for domain in (MESSAGES, PAGE, TOLD, *exercise.all_kinds()):
        path = catalogue_of(language, domain)
        before = [one.id for one in _read(path) if one.id]
        path.write_bytes(updated(path, wanted(language, domain)))
        now = {one.id: all(_forms(one.string)) and not one.fuzzy for one in _read(path) if one.id}
        count += len(now)
        left += [f"{path}: {text}" for text, done in now.items() if not done]
        gone += [f"{path}: removed {text}" for text in before if text not in now]
    task = "write" if language == ENGLISH else "translate"
    print(f"{language}: {count} messages, {len(left)} to {task}", *left, *gone, sep="\n  ")


def main() -> None:
    """Update every language's, English first: the others follow it."""
    others = {one.name for one in FOLDER.iterdir()} - {ENGLISH}
    for language in (ENGLISH, *sorted(others)):
        _update(language)


def _forms(text: Text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else text


if __name__ == "__main__":
    main()
