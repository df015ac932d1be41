"""Write a ladder of sheets for one class: the command `course`."""

from __future__ import annotations

from pathlib import Path

import click

import worksheets as ws
from worksheets.cli.options import (
    columns_of,
    files_of_their_own,
    language_of_words,
    new_secret,
    note_printer,
    own_formats,
)
from worksheets.cli.progress import sheets_bar, telling_what_is_kept
from worksheets.language import ENGLISH

KEPT = "what is finished is kept in {}, and the same command goes on from there"


@click.command(
    epilog="""\b
    Examples:
      course ladder.toml roster.csv --set autumn --output autumn
      course ladder.toml roster.xlsx --set autumn --paper letter --covers
    """
)
@click.argument("ladder", type=click.Path(path_type=Path))
@click.argument("roster", type=click.Path(path_type=Path))
@click.option("--set", "set_name", required=True, help="The set's code; with it come its sheets.")
@click.option("--output", type=click.Path(path_type=Path), default=Path("out"), show_default=True)
@click.option("--paper", type=click.Choice(ws.PAPERS), default="a4", show_default=True)
@language_of_words
@click.option("--large-print", is_flag=True, help="18 point and more, on more pages.")
@click.option("--column", "columns", multiple=True, metavar="WHAT=HEADING", help="Where a column's "
              "heading does not say it: id, name, first, last, email or section.")  # fmt: skip
@click.option("--grey", is_flag=True, help="No colours, for a printer without them.")
@click.option("--covers", is_flag=True, help="A cover sheet before each section.")
@files_of_their_own
@new_secret
@click.option("--workers", type=click.IntRange(1), help="Processes.  [default: one a core]")
@click.option("--force", is_flag=True, help="Overwrite files of another set.")
def course(
    ladder: Path,
    roster: Path,
    set_name: str,
    output: Path,
    paper: str,
    language: str | None,
    large_print: bool,
    columns: tuple[str, ...],
    grey: bool,
    covers: bool,
    single: bool,
    fillable: bool,
    formats: tuple[str, ...],
    secret: Path | None,
    workers: int | None,
    force: bool,
) -> None:
    """Write several kinds of sheets for a class: a class set a rung, and a page with the ladder."""
    own = own_formats(single, fillable, formats)
    tell = note_printer()
    plan = ws.read_course(ladder, language or ENGLISH)
    students = ws.read_roster(roster, columns_of(columns), tell)
    with (
        telling_what_is_kept(KEPT.format(output)),
        sheets_bar(len(students) * len(plan.rungs)) as bar,
    ):
        made = ws.course(
            plan,
            students,
            output,
            set_name=set_name,
            page=ws.Page(paper=paper, large_print=large_print, grey=grey),
            covers=covers,
            formats=own,
            roster=roster.name,
            secret=secret,
            workers=workers,
            force=force,
            progress=bar,
            tell=tell,
        )
    for folder, one in made.items():
        click.echo(f"{folder}  {one.sheets} sheets, {one.proved_by_the_law} proved by the law")
    click.echo("course.pdf  the ladder")
