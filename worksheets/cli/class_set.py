"""The command for a whole class's sheets."""

from __future__ import annotations

from pathlib import Path

import click

from worksheets.cli.options import (
    PAPERS,
    columns_of,
    files_of_their_own,
    language_of_words,
    note_printer,
    refuse_not_single,
)
from worksheets.language import ENGLISH


@click.command(
    "class",
    epilog="""\b
    Examples:
      class rlhf roster.csv --level 2 --set autumn --output autumn
      class rlhf roster.xlsx --set "Spring 7b" --column id=Matrikelnummer --single
    """,
)
@click.argument("kind")
@click.argument("roster", type=click.Path(path_type=Path))
@click.option("--level", type=int, help="How much is asked for.  [default: the kind's lowest]")
@click.option("--set", "set_name", required=True, help="The set's code; with it come its sheets.")
@click.option("--output", type=click.Path(path_type=Path), default=Path("out"), show_default=True)
@click.option("--paper", type=click.Choice(PAPERS), default="a4", show_default=True)
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
@click.option("--workers", type=click.IntRange(1), help="Processes.  [default: one a core]")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask cluster does the work.")
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
    workers: int | None,
    scheduler: str | None,
    force: bool,
) -> None:
    """Write the sheets of a whole class, to print, hand out and mark with."""
    from worksheets.class_set.assign import set_code
    from worksheets.class_set.build import build
    from worksheets.class_set.order import Order
    from worksheets.class_set.papers import certificate_text
    from worksheets.class_set.specification import Specification
    from worksheets.exercise import graph
    from worksheets.output import sheets_bar
    from worksheets.roster.students import read_roster
    from worksheets.selection import numbered
    from worksheets.views.faded import faded
    from worksheets.workers.processes import cores, executor_of

    (first, *_), own = numbered(kind, level, None, None, edition, theme, language or ENGLISH)
    refuse_not_single(single, fillable, formats)
    tell = note_printer()
    set_code(set_name)  # refuses what is none, before anything is read
    students = tuple(read_roster(roster, columns_of(columns), tell))
    faded(graph(kind, first.level), fade or "")  # refuses what is none
    specification = Specification(
        kind,
        first.level,
        paper,
        solved=False,
        grey=grey,
        large_print=large_print,
        language=first.language,
        edition=first.edition,
        fade=fade or "",
    )
    order = Order(
        specification,
        set_name,
        students,
        roster.name,
        first,
        own,
        single,
        covers,
        fillable,
        bool(formats),
    )
    workers = workers or cores()
    with executor_of(scheduler, workers) as executor, sheets_bar(len(students)) as bar:
        certificate = build(
            order, output, executor, workers=workers, force=force, progress=bar, tell=tell
        )
    click.echo(certificate_text(certificate), nl=False)
