"""Find every text that is translated, and bring the catalogues of messages up to date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from worksheets import exercise
from worksheets.engine.graph import Graph
from worksheets.language import FOLDER, catalogue_of
from worksheets.render.page import folder

PACKAGE = FOLDER.parent
# What a translator has to read: symbols such as W₁ stay as they are, and so do words in braces.
WORDS = re.compile(r"[a-z]{2}|[A-Z]{5}")
PYTHON = {"say": None, "message": None, "counted": (2, 3)}
TEMPLATES = {"_": None, "ngettext": (1, 2)}
Found = Iterator[tuple[str, str | tuple[str, ...]]]


def template() -> Catalog:
    """Every message of the program, each with the places where it is used."""
    catalogue = Catalog(project="rlhf-worksheets", charset="utf-8")
    places: dict[str | tuple[str, ...], list[str]] = {}
    for place, text in (*of_programs(), *of_templates(), *of_kinds()):
        if WORDS.search(str(text)):
            places.setdefault(text, []).append(place)
    for text, some in places.items():
        catalogue.add(text, locations=[(place, None) for place in dict.fromkeys(some)])
    return catalogue


def of_programs() -> Found:
    """Texts that the program says itself."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for _, text, *_ in extract_from_file("python", path, PYTHON):
            yield str(path.relative_to(PACKAGE.parent)), text


def of_templates() -> Found:
    """What pages say, whatever the sheet."""
    options = {"trim_blocks": "true", "lstrip_blocks": "true"}
    for path in sorted(folder().rglob("*.jinja")):
        method = "jinja2.ext:babel_extract"
        for _, text, *_ in extract_from_file(method, path, TEMPLATES, options=options):
            yield f"templates/{path.relative_to(folder())}", text


def of_kinds() -> Found:
    """What kinds declare, and what their lines are called."""
    for name, kind in exercise.all_kinds().items():
        texts = [kind.TITLE, *kind.PHRASES, *kind.LEVELS.values()]
        for mistake in kind.MISTAKES:
            texts += [mistake.name, mistake.advice]
        for level in kind.LEVELS:
            texts += of_graph(exercise.graph(name, level))
        for text in dict.fromkeys(texts):
            yield f"kinds/{name}", text


def of_graph(graph: Graph) -> Iterator[str]:
    """The texts of a sheet's lines."""
    for line in graph.lines.values():
        step, part = line.step, line.step.part
        yield from (part.title, part.goal, step.title, step.note, line.title, line.in_words)
        labels = (*line.row_labels, *line.column_labels)
        yield from (label for label in labels if not label.startswith("{"))
    yield from (f"the {role} word" for role in graph.words)
    yield from (rate.replace("_", " ") for rate in graph.rates)


def updated(path: Path, messages: Catalog) -> bytes:
    """A catalogue with the messages that there are, and no others; its header stays as it is."""
    old = path.read_bytes()
    catalogue = read_po(BytesIO(old))
    catalogue.update(messages, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    content = BytesIO()
    write_po(content, catalogue, width=None, omit_header=True, ignore_obsolete=True)
    return old.strip().partition(b"\n\n")[0] + b"\n\n" + content.getvalue().strip() + b"\n"


def main() -> None:
    """Update every catalogue, and say what is left to translate."""
    messages = template()
    for path in map(catalogue_of, sorted(one.name for one in FOLDER.iterdir())):
        new = updated(path, messages)
        path.write_bytes(new)
        left = [one.id for one in read_po(BytesIO(new)) if one.id and not all(_forms(one.string))]
        print(f"{path}: {len(messages)} messages, {len(left)} to translate", *left, sep="\n  ")


def _forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else text


if __name__ == "__main__":
    main()
