"""The command line. Each command imports what it needs: keys come without a renderer's start."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path

import click

from worksheets.errors import InputError

PAPERS = ("a4", "letter")
BAD_INPUT, INTERRUPTED = 2, 130

own_words = click.option(
    "--theme", metavar="FILE.toml", help="The file of your own that the IDs' words came from."
)
text_or_json = click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="json: one object a line.",
)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
    Examples:
      kinds                            what there is
      sheet rlhf --level 1             a sheet, blank and solved, in the folder out
      key RLHF-... --format json       its key for another program
    """,
)
@click.version_option(package_name="rlhf-worksheets", prog_name="rlhf-worksheets")
def cli() -> None:
    """Worksheets on how language models are trained and aligned, each with its key."""


@cli.command(
    epilog="""\b
    Examples:
      sheet rlhf --level 3 --number 7
      sheet rlhf --level 2 --count 25 --theme doctor --paper letter --output class
      sheet rlhf --edition published
      sheet rlhf --theme words.toml
      sheet rlhf --count 500 --format json
      sheet RLHF-... RLHF-...          the same sheets again
    """
)
@click.argument("targets", metavar="KIND | ID...", nargs=-1, required=True)
@click.option("--level", type=int, help="How much is asked for.  [default: the kind's lowest]")
@click.option("--number", type=int, help="Which sheet.  [default: 1]")
@click.option("--count", type=int, help="How many, from that number on.  [default: 1]")
@click.option("--edition", help="free, or published: the original's numbers.  [default: free]")
@click.option("--theme", metavar="NAME|FILE.toml", help="The words.  [default: the number draws]")
@click.option("--paper", type=click.Choice(PAPERS), default="a4", show_default=True)
@click.option("--large-print", is_flag=True, help="18 point and more, on more pages.")
@click.option("--output", type=click.Path(path_type=Path), default=Path("out"), show_default=True)
@click.option(
    "--format",
    "formats",
    type=click.Choice(("pdf", "json")),
    multiple=True,
    default=("pdf",),
    show_default=True,
    help="What to write; may be given twice.",
)
@click.option("--force", is_flag=True, help="Overwrite files that hold something else.")
def sheet(
    targets: tuple[str, ...],
    level: int | None,
    number: int | None,
    count: int | None,
    edition: str | None,
    theme: str | None,
    paper: str,
    large_print: bool,
    output: Path,
    formats: tuple[str, ...],
    force: bool,
) -> None:
    """Write sheets, blank and solved, and print their IDs."""
    from worksheets import files
    from worksheets.output import contents_maker, made, with_progress
    from worksheets.selection import names_a_kind, numbered, typed

    if len(targets) == 1 and names_a_kind(targets[0]):
        identities, own = numbered(targets[0], level, number, count, edition, theme)
    else:
        options = {"level": level, "number": number, "count": count, "edition": edition}
        for option, value in options.items():
            if value is not None:
                raise InputError(f"--{option} goes with one kind; an ID has its {option} in it")
        identities, own = typed(targets, theme)
    contents = contents_maker(formats, paper, large_print)
    files.prepare(output)
    for one in with_progress(made(identities, own), len(identities)):
        files.write_all(output, contents(one), force=force)
        click.echo(one.id)


@cli.command(
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
@click.option("--language", default="en", show_default=True)
@click.option("--column", "columns", multiple=True, metavar="WHAT=HEADING", help="Where a column's "
              "heading does not say it: id, name, first, last, email or section.")  # fmt: skip
@click.option("--grey", is_flag=True, help="No colours, for a printer without them.")
@click.option("--covers", is_flag=True, help="A cover sheet before each section.")
@click.option("--single", is_flag=True, help="Also files of their own for each student.")
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
    language: str,
    columns: tuple[str, ...],
    grey: bool,
    covers: bool,
    single: bool,
    workers: int | None,
    scheduler: str | None,
    force: bool,
) -> None:
    """Write the sheets of a whole class, to print, hand out and mark with."""
    from worksheets.class_set.assign import set_code
    from worksheets.class_set.build import build, cores, executor_of
    from worksheets.class_set.order import Order
    from worksheets.class_set.papers import certificate_text
    from worksheets.class_set.specification import Specification
    from worksheets.ids import LANGUAGES
    from worksheets.output import sheets_bar
    from worksheets.roster.students import read_roster
    from worksheets.selection import numbered

    (first, *_), own = numbered(kind, level, None, None, None, theme)
    if language not in LANGUAGES.values():
        known = ", ".join(LANGUAGES.values())
        raise InputError(f"language {language!r}: {kind} has the languages {known}")
    set_code(set_name)  # refuses what is none, before anything is read
    named = dict(_column(text) for text in columns)
    students = tuple(read_roster(roster, named))
    specification = Specification(
        kind, first.level, paper, solved=False, grey=grey, large_print=large_print
    )
    first = replace(first, language=language)
    order = Order(specification, set_name, students, roster.name, first, own, single, covers)
    workers = workers or cores()
    with executor_of(scheduler, workers) as executor, sheets_bar(len(students)) as bar:
        certificate = build(order, output, executor, workers=workers, force=force, progress=bar)
    click.echo(certificate_text(certificate), nl=False)


def _column(text: str) -> tuple[str, str]:
    what, equals, heading = text.partition("=")
    if not equals or not heading.strip():
        raise InputError(f"--column {text!r}: it is WHAT=HEADING, such as id=Matrikelnummer")
    return what.strip().lower(), heading.strip()


@cli.command(epilog="\b\nExamples:\n  key RLHF-...\n  key RLHF-... RLHF-... --format json")
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


@cli.command(epilog="\b\nExample:\n  verify RLHF-...")
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


@cli.command()
@text_or_json
def kinds(form: str) -> None:
    """List kinds, levels and themes, and how much there is of each."""
    from worksheets.output import overview, overview_text

    data = overview()
    click.echo(json.dumps(data, ensure_ascii=False) if form == "json" else overview_text(data))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run and exit: 0, 1 if something is not proved, 2 for bad input, 130 for Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        sys.exit(cli.main(arguments, standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(BAD_INPUT)
    except click.ClickException as error:
        _complain(error.format_message())
    except InputError as error:
        _complain(str(error))
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except OSError as error:  # output redirected to a full disk, say; Python would try once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        _complain(str(error))


def _complain(message: str) -> None:
    click.echo(f"error: {message}", err=True)
    sys.exit(BAD_INPUT)
