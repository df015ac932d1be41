"""Write a whole class's sheets: the command `class`."""

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
    "class",
    epilog="""\b
    Examples:
      class rlhf roster.csv --level 2 --set autumn --output autumn
      class rlhf roster.xlsx --set "Spring 7b" --column id=Matrikelnummer --single
      class rlhf roster.csv --level 2 --set autumn --output autumn --only 4711 --large-print
    """,
)
@click.argument("kind")
@click.argument("roster", type=click.Path(path_type=Path))
@click.option("--level", type=int, help="How much is asked for.  [default: the kind's lowest]")
@click.option("--set", "set_name", required=True, help="The set's code; with it come its sheets.")
@click.option("--output", type=click.Path(path_type=Path), default=Path("out"), show_default=True)
@click.option("--paper", type=click.Choice(ws.PAPERS), default="a4", show_default=True)
@click.option("--large-print", is_flag=True, help="18 point and more, on more pages.")
@click.option("--theme", metavar="NAME|FILE.toml", help="The words.  [default: drawn for each]")
@click.option("--edition", help="free, or one that the kind also has.  [default: free]")
@language_of_words
@click.option("--fade", metavar="HOW|LINE", help="Show answers already, the same ones to "
              "everybody: as `sheet` does.")  # fmt: skip
@click.option("--column", "columns", multiple=True, metavar="WHAT=HEADING", help="Where a column's "
              "heading does not say it: id, name, first, last, email or section.")  # fmt: skip
@click.option("--grey", is_flag=True, help="No colours, for a printer without them.")
@click.option("--covers", is_flag=True, help="A cover sheet before each section.")
@files_of_their_own
@new_secret
@click.option("--workers", type=click.IntRange(1), help="Processes.  [default: one a core]")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask cluster does the work.")
@click.option("--only", multiple=True, metavar="IDENTIFIER", help="Print this student's sheet "
              "again, into the folder `again`; the set stays as it is. Repeatable.")  # fmt: skip
@click.option("--force", is_flag=True, help="Overwrite files of another set.")
def class_set(
    kind: str,
    roster: Path,
    level: int | None,
    set_name: str,
    output: Path,
    paper: str,
    large_print: bool,
    theme: str | None,
    edition: str | None,
    language: str | None,
    fade: str | None,
    columns: tuple[str, ...],
    grey: bool,
    covers: bool,
    single: bool,
    fillable: bool,
    formats: tuple[str, ...],
    secret: Path | None,
    workers: int | None,
    scheduler: str | None,
    only: tuple[str, ...],
    force: bool,
) -> None:
    """Write the sheets of a whole class, to print, hand out and mark with."""
    own = own_formats(single or bool(only), fillable, formats)
    tell = note_printer()
    students = ws.read_roster(roster, columns_of(columns), tell)
    order = ws.order(
        kind,
        students,
        set_name=set_name,
        level=level,
        edition=edition or "free",
        theme=theme,
        language=language or ENGLISH,
        page=ws.Page(paper=paper, large_print=large_print, grey=grey, fade=fade or ""),
        covers=covers,
        formats=own,
        roster=roster.name,
        secret=secret,
    )
    if only:
        for name in ws.print_again(order, output, only, force=force, tell=tell):
            click.echo(name)
        return
    with telling_what_is_kept(KEPT.format(output)), sheets_bar(len(students)) as bar:
        certificate = ws.class_set(
            order,
            output,
            workers=workers,
            scheduler=scheduler,
            force=force,
            progress=bar,
            tell=tell,
        )
    click.echo(certificate.text, nl=False)
