"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Iterable

import click

from worksheets.errors import InputError
from worksheets.ids import LANGUAGES

PAPERS = ("a4", "letter")

own_words = click.option(
    "--theme", metavar="FILE.toml", help="The file of your own that the IDs' words came from."
)
language_of_words = click.option(
    "--language", help=f"What it speaks: {' or '.join(LANGUAGES.values())}.  [default: en]"
)
fade_of_sheets = click.option(
    "--fade", metavar="HOW|LINE", help="What the sheets showed already: what `sheet` was told."
)
text_or_json = click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="json: one object a line.",
)


def columns_of(texts: Iterable[str]) -> dict[str, str]:
    """A roster's headings by what stands under them, from WHAT=HEADING.

    Raises:
        InputError: if one is not of this form.
    """
    found = {}
    for text in texts:
        what, equals, heading = text.partition("=")
        if not equals or not heading.strip():
            raise InputError(f"--column {text!r}: it is WHAT=HEADING, such as id=Matrikelnummer")
        found[what.strip().lower()] = heading.strip()
    return found
