"""Declare the options that several commands have."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click

import worksheets as ws
from worksheets.errors import InputError
from worksheets.ids import LANGUAGES

own_words = click.option(
    "--theme", metavar="FILE.toml", help="The file of your own that the IDs' words came from."
)
language_of_words = click.option(
    "--language", help=f"What it speaks: {' or '.join(LANGUAGES.values())}.  [default: en]"
)
secret_of_sheets = click.option(
    "--secret",
    metavar="FILE",
    type=click.Path(path_type=Path),
    expose_value=False,
    callback=lambda context, option, path: path and ws.use_secret(path),
    help="The secret that the sheets were made with, if they were.",
)
new_secret = click.option("--secret", metavar="FILE", type=click.Path(path_type=Path),
              help="For exams: nobody has the keys who has not got this file, which is made if "
              "there is none.")  # fmt: skip
fade_of_sheets = click.option(
    "--fade", metavar="HOW|LINE", help="What the sheets showed already: what `sheet` was told."
)
_single = click.option("--single", is_flag=True, help="Also files of their own for each student.")
_fillable = click.option("--fillable", is_flag=True,
              help="With --single: also forms to fill in on a screen.")  # fmt: skip
# What `--single` and `--fillable` ask for needs no format.
_more_formats = click.option("--format", "formats", multiple=True,
              type=click.Choice([name for name in ws.OWN_FORMATS if name not in ("pdf", "form")]),
              help="With --single: also an answer sheet to type into for each student, each of "
              "which takes a tenth of a second.")  # fmt: skip
text_or_json = click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="json: one object a line.",
)


def files_of_their_own(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of files for each student, which `own_formats` looks at."""
    return _single(_fillable(_more_formats(command)))


def own_formats(single: bool, fillable: bool, formats: Iterable[str]) -> frozenset[str]:
    """Return the formats of students' own files.

    Raises:
        InputError: if some are asked for, and files of students' own are not.
    """
    if fillable and not single:
        raise InputError("--fillable goes with --single: a form is a file of its own")
    if any(formats) and not single:
        raise InputError("--format goes with --single: an answer sheet is a file of its own")
    return frozenset([*(["pdf"] * single), *(["form"] * fillable), *formats])


def note_printer() -> Callable[[str], None]:
    """Return a function that writes notes on the terminal, each once, beside a command's output."""
    told: set[str] = set()

    def tell(note: str) -> None:
        if note not in told:
            told.add(note)
            click.echo(f"note: {note}", err=True)

    return tell


def columns_of(texts: Iterable[str]) -> dict[str, str]:
    """Map what stands under a roster's headings to them, from WHAT=HEADING.

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
