"""Print a teacher's leaflet: the command `lesson`."""

from __future__ import annotations

from pathlib import Path

import click

import worksheets as ws
from worksheets.cli.options import language_of_words


@click.command(
    epilog="""\b
    Examples:
      lesson rlhf
      lesson matmul --level 2 --language es --paper letter
    """
)
@click.argument("kind")
@click.option("--level", type=int, help="Of which level.  [default: the kind's lowest]")
@language_of_words
@click.option("--paper", type=click.Choice(ws.PAPERS), default="a4", show_default=True)
@click.option("--grey", is_flag=True, help="No colours, for a printer without.")
@click.option("--output", type=click.Path(path_type=Path), default=Path("out"), show_default=True)
@click.option("--force", is_flag=True, help="Overwrite a file that holds something else.")
def lesson(
    kind: str,
    level: int | None,
    language: str | None,
    paper: str,
    grey: bool,
    output: Path,
    force: bool,
) -> None:
    """Write a kind's lesson as a leaflet for the teacher, and print its name.

    It tells what one must know, what is learned, minutes, one line worked, the usual mistakes and
    the written question with a model answer, beside the blank sheet.
    """
    given = {"language": language} if language else {}
    files = ws.leaflet(ws.lesson(kind, level=level, **given), paper=paper, grey=grey)
    ws.write_files(files, output, force=force)
    click.echo("\n".join(files))
