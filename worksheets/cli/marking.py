"""The commands that take answers in."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path

import click

from worksheets.cli.options import own_words
from worksheets.errors import InputError


@click.command(
    epilog="""\b
    Examples:
      enter RLHF-...
      enter RLHF-... RLHF-... --output submissions
    """
)
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@own_words
@click.option(
    "--output", type=click.Path(path_type=Path), default=Path("submissions"), show_default=True
)
@click.option("--force", is_flag=True, help="Overwrite files that hold something else.")
def enter(ids: tuple[str, ...], theme: str | None, output: Path, force: bool) -> None:
    """Type in what stands on sheets of paper, to be marked.

    The checkpoints are asked for; the cells before one only where it is off.
    """
    from worksheets import files
    from worksheets.marking.enter import entered
    from worksheets.output import made
    from worksheets.selection import typed

    sheets = list(made(*typed(ids, theme)))
    names = [f"{sheet.id}.json" for sheet in sheets]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"ID {name.removesuffix('.json')} is given twice")
        if (output / name).exists() and not force:  # before anything is typed in vain
            raise InputError(
                f"{output / name} exists; --force overwrites it, another --output leaves it alone"
            )
    files.prepare(output)
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    for number, (sheet, name) in enumerate(zip(sheets, names, strict=True), 1):
        click.echo(f"{sheet.id}  ({number} of {len(sheets)}; ? shows help)")
        result = entered(sheet, _asked, click.echo)
        files.write_all(output, {name: result.as_json(sheet)}, force=force)
        lines = len(sheet.graph.answers)
        click.echo(f"{output / name}: {result.asked} of {lines} answers asked for")


def _asked(prompt: str) -> str:
    click.echo(prompt, nl=False)
    line = sys.stdin.readline()
    if not line:
        click.echo()
        raise click.Abort
    return line
