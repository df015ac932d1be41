"""The command for a ladder of sheets for one class."""

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
@click.option("--paper", type=click.Choice(PAPERS), default="a4", show_default=True)
@language_of_words
@click.option("--large-print", is_flag=True, help="18 point and more, on more pages.")
@click.option("--column", "columns", multiple=True, metavar="WHAT=HEADING", help="Where a column's "
              "heading does not say it: id, name, first, last, email or section.")  # fmt: skip
@click.option("--grey", is_flag=True, help="No colours, for a printer without them.")
@click.option("--covers", is_flag=True, help="A cover sheet before each section.")
@files_of_their_own
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
    workers: int | None,
    force: bool,
) -> None:
    """Write several kinds of sheets for a class: a class set a rung, and a page with the ladder."""
    from worksheets.class_set.order import Order
    from worksheets.course.build import PAGE, build, order_of
    from worksheets.course.plan import read_course
    from worksheets.output import sheets_bar
    from worksheets.roster.students import read_roster
    from worksheets.workers.processes import cores, executor_of

    refuse_not_single(single, fillable, formats)
    tell = note_printer()
    plan = read_course(ladder, language or ENGLISH)
    for rung in plan.rungs:
        rung.set_name(set_name)  # refuses what is none, before anything is read
    students = tuple(read_roster(roster, columns_of(columns), tell))
    common = order_of(plan, paper, grey, large_print)
    first = plan.rungs[0].identity
    order = Order(
        common,
        set_name,
        students,
        roster.name,
        first,
        None,
        single,
        covers,
        fillable,
        bool(formats),
    )
    workers = workers or cores()
    total = len(students) * len(plan.rungs)
    with executor_of(None, workers) as executor, sheets_bar(total) as bar:
        made = build(
            plan, order, output, executor, workers=workers, force=force, progress=bar, tell=tell
        )
    for folder, one in made:
        click.echo(f"{folder}  {one.sheets} sheets, {one.proved_by_the_law} proved by the law")
    click.echo(f"{PAGE}  the ladder")
