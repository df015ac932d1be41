"""The commands for single sheets: sheet, key, verify and kinds."""

from __future__ import annotations

import json
from pathlib import Path

import click

from worksheets.cli.options import PAPERS, language_of_words, own_words, text_or_json
from worksheets.errors import InputError
from worksheets.language import ENGLISH


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
@click.option("--paper", type=click.Choice(PAPERS), default="a4", show_default=True)
@click.option("--large-print", is_flag=True, help="18 point and more, on more pages.")
@click.option("--output", type=click.Path(path_type=Path), default=Path("out"), show_default=True)
@click.option(
    "--format",
    "formats",
    type=click.Choice(("pdf", "json", "xlsx")),
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
    output: Path,
    formats: tuple[str, ...],
    fade: str | None,
    inverse: bool,
    fillable: bool,
    force: bool,
) -> None:
    """Write sheets, blank and solved, and print their IDs."""
    from worksheets import files
    from worksheets.output import contents_maker, made, with_progress
    from worksheets.selection import names_a_kind, numbered, typed

    if len(targets) == 1 and names_a_kind(targets[0]):
        identities, own = numbered(
            targets[0], level, number, count, edition, theme, language or ENGLISH
        )
    elif kind := next(filter(names_a_kind, targets), None):
        raise InputError(f"{kind!r} among {len(targets)} names: give one kind alone, or IDs")
    else:
        options: dict[str, object] = {"level": level, "number": number, "count": count}
        options |= {"edition": edition, "language": language}
        for option, value in options.items():
            if value is not None:
                raise InputError(f"--{option} goes with one kind; an ID has its {option} in it")
        identities, own = typed(targets, theme)
    contents = contents_maker(formats, paper, large_print, fillable, fade, inverse)
    files.prepare(output)
    for one in with_progress(made(identities, own), len(identities)):
        files.write_all(output, contents(one), force=force)
        click.echo(one.id)


@click.command(epilog="\b\nExamples:\n  key RLHF-...\n  key RLHF-... RLHF-... --format json")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@own_words
@text_or_json
def key(ids: tuple[str, ...], theme: str | None, form: str) -> None:
    """Print the keys of sheets."""
    from worksheets.output import key_text, made
    from worksheets.selection import typed

    for place, one in enumerate(made(*typed(ids, theme))):
        if form == "json":
            click.echo(json.dumps(one.key(), ensure_ascii=False))
        else:
            click.echo(("\n\n" if place else "") + key_text(one))


@click.command(epilog="\b\nExample:\n  verify RLHF-...")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@own_words
@click.pass_context
def verify(context: click.Context, ids: tuple[str, ...], theme: str | None) -> None:
    """Prove every answer by the kind's law.

    The exit code is 1 if one is not proved.
    """
    from worksheets.selection import typed

    identities, own = typed(ids, theme)  # before SymPy takes its time
    from worksheets.output import made
    from worksheets.verify import report

    all_proved = True
    for one in made(identities, own):
        lines, proved = report(one)
        click.echo("\n".join(lines))
        all_proved &= proved
    context.exit(0 if all_proved else 1)


@click.command()
@text_or_json
def kinds(form: str) -> None:
    """List kinds, levels and themes, and how much there is of each."""
    from worksheets.output import overview, overview_text

    data = overview()
    click.echo(json.dumps(data, ensure_ascii=False) if form == "json" else overview_text(data))
