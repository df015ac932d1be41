"""Make single sheets: the commands `sheet`, `key`, `verify` and `kinds`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

import worksheets as ws
from worksheets.cli.options import (
    language_of_words,
    note_printer,
    own_words,
    secret_of_sheets,
    text_or_json,
)
from worksheets.cli.progress import with_progress
from worksheets.errors import InputError
from worksheets.ids import LANGUAGES


@click.command(
    epilog="""\b
    Examples:
      sheet rlhf --level 3 --number 7
      sheet rlhf --level 2 --count 25 --theme doctor --paper letter --output class
      sheet rlhf --edition published
      sheet rlhf --theme words.toml
      sheet rlhf --fade one-cell       a sheet that is nearly done
      sheet rlhf --count 500 --format json
      sheet RLHF-... RLHF-...          the same sheets again
    """
)
@click.argument("targets", metavar="KIND | ID...", nargs=-1, required=True)
@click.option("--level", type=int, help="How much is asked for.  [default: the kind's lowest]")
@click.option("--number", type=int, help="Which sheet.  [default: 1]")
@click.option("--count", type=int, help="How many, from that number on.  [default: 1]")
@click.option("--edition", help="free; published: the original's numbers; or continued: a given is "
              "what another sheet came to.  [default: free]")  # fmt: skip
@click.option("--theme", metavar="NAME|FILE.toml", help="The words.  [default: the number draws]")
@language_of_words
@secret_of_sheets
@click.option("--paper", type=click.Choice(ws.PAPERS), default="a4", show_default=True)
@click.option("--large-print", is_flag=True, help="18 point and more, on more pages.")
@click.option("--grey", is_flag=True, help="No colours, for a printer without them.")
@click.option("--output", type=click.Path(path_type=Path), default=Path("out"), show_default=True)
@click.option(
    "--format",
    "formats",
    type=click.Choice([name for name in ws.FORMATS if name != "form"]),  # that is --fillable
    multiple=True,
    default=("pdf",),
    show_default=True,
    help="What to write; may be given again. xlsx: an answer sheet to type into.",
)
@click.option("--fade", metavar="HOW|LINE", help="Show answers already: alternate (every other "
              "one), one-matrix (all but one), one-cell (all but a cell of each), or all but the "
              "answer of this name.")  # fmt: skip
@click.option("--inverse", is_flag=True, help="Show the answers, and hide givens to find.")
@click.option("--fillable", is_flag=True, help="Also the blank one as a form, ID-fillable.pdf.")
@click.option("--force", is_flag=True, help="Overwrite files that hold something else.")
def sheet(
    targets: tuple[str, ...],
    level: int | None,
    number: int | None,
    count: int | None,
    edition: str | None,
    theme: str | None,
    language: str | None,
    paper: str,
    large_print: bool,
    grey: bool,
    output: Path,
    formats: tuple[str, ...],
    fade: str | None,
    inverse: bool,
    fillable: bool,
    force: bool,
) -> None:
    """Write sheets, blank and solved, and print their IDs."""
    given: dict[str, Any] = {"level": level, "number": number, "count": count}
    given |= {"edition": edition, "language": language}
    given = {option: value for option, value in given.items() if value is not None}
    if len(targets) == 1 and _names_a_kind(targets[0]):
        sheets, total = ws.sheets(targets[0], theme=theme, tell=note_printer(), **given), count or 1
    elif kind := next(filter(_names_a_kind, targets), None):
        raise InputError(f"{kind!r} among {len(targets)} names: give one kind alone, or IDs")
    elif given:
        option = next(iter(given))
        raise InputError(f"--{option} goes with one kind; an ID has its {option} in it")
    else:
        sheets, total = ws.from_ids(targets, theme), len(targets)
    wanted = {*formats, *(["form"] if fillable else [])}
    page = ws.Page(
        paper=paper, large_print=large_print, grey=grey, fade=fade or "", inverse=inverse
    )
    for one in with_progress(sheets, total):
        ws.write_files(ws.files(one, wanted, page), output, force=force)
        click.echo(one.id)


def _names_a_kind(target: str) -> bool:
    """Tell a kind's name, even a mistyped one, from an ID, which has digits and is longer."""
    if target in ws.kind_names():
        return True
    return "-" not in target and (target.replace("_", "").isalpha() or len(target) < 10)


@click.command(epilog="\b\nExamples:\n  key RLHF-...\n  key RLHF-... RLHF-... --format json")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@own_words
@secret_of_sheets
@text_or_json
def key(ids: tuple[str, ...], theme: str | None, form: str) -> None:
    """Print the keys of sheets."""
    for place, one in enumerate(ws.from_ids(ids, theme)):
        if form == "json":
            click.echo(json.dumps(one.key(), ensure_ascii=False))
        else:
            click.echo(("\n\n" if place else "") + ws.key_text(one))


@click.command(epilog="\b\nExample:\n  verify RLHF-...")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@own_words
@secret_of_sheets
@click.pass_context
def verify(context: click.Context, ids: tuple[str, ...], theme: str | None) -> None:
    """Prove every answer by the kind's law.

    The exit code is 1 if one is not proved.
    """
    all_proved = True
    for sheet in ws.from_ids(ids, theme):
        verification = ws.verify(sheet)
        click.echo("\n".join(report_of(verification)))
        all_proved &= verification.proved
    context.exit(0 if all_proved else 1)


def report_of(verification: ws.Verification) -> Iterator[str]:
    """Yield a line for each proof, then what they come to."""
    proofs = verification.proofs
    width = max(len(proof.line) for proof in proofs)
    for proof in proofs:
        place = f"step {proof.step}" if proof.step else "constant"
        unit = "cell" if proof.cells == 1 else "cells"
        verdict = "proved" if proof.agrees else "NOT PROVED"
        yield f"{place:8}  {proof.line:{width}}  {proof.cells:3} {unit:5}  {verdict}"
    if verification.proved:
        cells = sum(proof.cells for proof in proofs)
        yield f"{verification.sheet}: {len(proofs)} lines, {cells} cells, all proved by the law"
    yield from (f"NOT PROVED: {proof.fault}" for proof in proofs if not proof.agrees)


@click.command()
@text_or_json
def kinds(form: str) -> None:
    """List kinds, levels and themes, and how much there is of each."""
    if form == "text":
        from worksheets.cli.overview_text import overview_text

        click.echo(overview_text())
        return
    data = {
        "kinds": [asdict(kind) for kind in ws.kinds()],
        "themes": [asdict(theme) for theme in ws.themes()],
        "languages": list(LANGUAGES.values()),
    }
    click.echo(json.dumps(data, ensure_ascii=False))
