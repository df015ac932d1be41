"""Take answers in: the commands `enter` and `mark`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

import click

import worksheets as ws
from worksheets.cli.options import fade_of_sheets, own_words, secret_of_sheets
from worksheets.cli.progress import telling_what_is_kept
from worksheets.cli.remedies import remedy
from worksheets.errors import InputError

ANEW = "what was handed in is as it was, and the same command begins anew"


@click.command(
    epilog="""\b
    Examples:
      enter RLHF-...
      enter RLHF-... RLHF-... --output submissions
      enter --class autumn --section 7b
    """
)
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option(
    "--class",
    "class_folder",
    type=click.Path(path_type=Path),
    help="What `class` wrote: its sheets one after another, found by name, number or ID.",
)
@click.option("--section", help="Of the class, this section alone.")
@own_words
@secret_of_sheets
@fade_of_sheets
@click.option(
    "--output", type=click.Path(path_type=Path), default=Path("submissions"), show_default=True
)
@click.option("--force", is_flag=True, help="Overwrite files that hold something else.")
def enter(
    ids: tuple[str, ...],
    class_folder: Path | None,
    section: str | None,
    theme: str | None,
    fade: str | None,
    output: Path,
    force: bool,
) -> None:
    """Type in what stands on sheets of paper, to be marked.

    The checkpoints are asked for; the cells before one only where it is off. Of a faded sheet
    all that was left to do is asked for.
    """
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    if class_folder is not None:
        if ids or fade:
            given = "IDs" if ids else "--fade"
            raise InputError(f"{given} go without --class: the class set's manifest says it")
        _walk(class_folder, section or "", theme, output)
        return
    if section:
        raise InputError("--section goes with --class")
    if not ids:
        raise InputError("an ID is needed, or --class with the folder of a class set")
    _enter(ids, theme, fade or "", output, force)


def _enter(ids: tuple[str, ...], theme: str | None, fade: str, output: Path, force: bool) -> None:
    """Enter the sheets with these IDs; a page's code that a scanner types tells its fade."""
    from worksheets.files import prepared
    from worksheets.marking.enter import entered
    from worksheets.views.look import fade_scanned

    sheets = list(ws.from_ids(ids, theme))
    # Refuses what is none, before anything is typed.
    fades = [fade_scanned(text, one.graph, fade) for text, one in zip(ids, sheets, strict=True)]
    names = [f"{sheet.id}.json" for sheet in sheets]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"ID {name.removesuffix('.json')} is given twice")
        if (output / name).exists() and not force:  # before anything is typed in vain
            raise InputError(f"{output / name} exists", "force")
    with prepared(output):
        for number, (sheet, name, faded) in enumerate(zip(sheets, names, fades, strict=True), 1):
            click.echo(f"{sheet.id}  ({number} of {len(sheets)}; ? shows help)")
            result = entered(sheet, _asked, click.echo, faded)
            ws.write_files({name: result.as_json(sheet)}, output, force=force)
            click.echo(f"{output / name}: {result.asked} of {result.lines} answers asked for")


def _walk(class_folder: Path, section: str, theme: str | None, output: Path) -> None:
    """Enter a class's sheets: the next one by Enter, another by name, number, ID or scanner.

    What is finished is written, so that another run goes on with the others.
    """
    from worksheets.marking.enter import STOP
    from worksheets.marking.walk import MOST_LISTED, Walk

    walk = Walk(class_folder, section, theme)
    while True:
        done = {sheet for sheet in walk.students if (output / f"{sheet}.json").exists()}
        following = walk.next(done)
        click.echo(f"{len(done)} of {len(walk.students)} entered")
        if following is None:
            return
        text = _asked(f"whose sheet? [{walk.shown(following)}; . stops]: ").strip()
        if text == STOP:
            return
        found = walk.find(text) if text else [following]
        if len(found) != 1:
            for sheet in found[:MOST_LISTED]:
                click.echo(f"  {walk.shown(sheet)}")
            click.echo(f"{len(found)} students fit {text!r}" if found else f"nobody fits {text!r}")
            continue
        (sheet,) = found
        again = sheet in done
        if again and _asked(f"{walk.shown(sheet)} is entered already; again? [n]: ").strip() != "y":
            continue
        click.echo(walk.shown(sheet))
        _enter((sheet,), theme, walk.students[sheet].fade, output, force=again)


def _asked(prompt: str) -> str:
    click.echo(prompt, nl=False)
    line = sys.stdin.readline()
    if not line:
        click.echo()
        raise click.Abort
    return line


@click.command(
    epilog="""\b
    Examples:
      mark submissions --output marks
      mark submissions --class autumn --output marks
      mark RLHF-...-fillable.pdf answers.xlsx --scheme points.toml --output marks
    """
)
@click.argument("submissions", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--output", type=click.Path(path_type=Path), default=Path("marks"), show_default=True)
@click.option(
    "--class",
    "class_folder",
    type=click.Path(path_type=Path),
    help="What `class` wrote, or its manifest.json: names the students, and sets other sheets "
    "aside.",
)
@fade_of_sheets
@click.option("--scheme", type=click.Path(path_type=Path), help="Points by step, as a TOML file.")
@click.option(
    "--override",
    type=click.Path(path_type=Path),
    help="What you decide by hand, as a CSV or TOML file: a cell's answer, points, comments, who "
    "did a sheet.",
)
@own_words
@secret_of_sheets
@click.option("--feedback/--no-feedback", default=True, help="Pages to hand back.  [default: on]")
@click.option("--paper", type=click.Choice(ws.PAPERS), default="a4", show_default=True)
@click.option(
    "--gradebook",
    type=click.Choice(["canvas", "moodle", "brightspace", "blackboard"]),
    help="Also write a file that this platform imports.",
)
@click.option(
    "--gradebook-from",
    type=click.Path(path_type=Path),
    metavar="EXPORT",
    help="The export of the platform's own gradebook: whom it knows, and by what.",
)
@click.option("--gradebook-item", metavar="NAME", help="What the grade is called there.")
@click.option("--force", is_flag=True, help="Overwrite files that hold something else.")
def mark(
    submissions: tuple[Path, ...],
    output: Path,
    class_folder: Path | None,
    fade: str | None,
    scheme: Path | None,
    override: Path | None,
    theme: str | None,
    feedback: bool,
    paper: str,
    gradebook: str | None,
    gradebook_from: Path | None,
    gradebook_item: str | None,
    force: bool,
) -> None:
    """Mark what students have handed in: PDF, XLSX, CSV and JSON files, and folders of them.

    Each cell is marked against the key, and where it differs against what follows from the
    student's own earlier cells; usual mistakes are named.
    """
    gc.disable()  # a third of the time would go into looking for garbage among marks in use
    if fade and class_folder is not None:
        raise InputError("--fade goes without --class: the class set's manifest says it")
    if bool(gradebook) != bool(gradebook_from):
        raise InputError("--gradebook and --gradebook-from go together: a platform, and its export")
    if gradebook and class_folder is None:
        raise InputError("--gradebook goes with --class: the class set knows the students")
    if output.is_dir() and any(path.is_dir() and path.samefile(output) for path in submissions):
        raise InputError(f"--output {output}: submissions lie there; right is a folder of its own")
    with telling_what_is_kept(ANEW):
        marking = ws.mark(
            submissions,
            register=class_folder,
            scheme=scheme,
            theme=theme,
            fade=fade or "",
            override=override or (),
            leave_out=[output],
        )
    for file in marking.set_aside:
        click.echo(f"set aside: {file.source}: {file.reason}{remedy(file)}", err=True)
    for older in marking.superseded:
        click.echo(f"superseded: {older.submission.source} by {older.newer.source}", err=True)
    for note in marking.notes:
        click.echo(f"note: {note}", err=True)
    with telling_what_is_kept(ANEW):
        written = ws.write_marks(
            marking,
            output,
            feedback=feedback,
            paper=paper,
            force=force,
            gradebook=gradebook or "",
            export=gradebook_from,
            item=gradebook_item or "",
            tell=lambda note: click.echo(f"note: {note}", err=True),
        )
    if "report.pdf" not in written:
        click.echo("note: no report.pdf, as WeasyPrint is not installed; see report.html", err=True)
    for line in _told(marking, output):
        click.echo(line)


def _told(marking: ws.Marking, output: Path) -> Iterator[str]:
    """Yield what a teacher has to know of a run, and where there is more on it."""
    if overridden := sum(one.is_overridden for one in marking.marked):
        sheets = "1 sheet is" if overridden == 1 else f"{overridden} sheets are"
        yield f"{sheets} marked as you have decided by hand"
    yield (
        f"{marking.read} read: {len(marking.marked)} marked, {len(marking.superseded)} superseded "
        f"by newer ones, {len(marking.set_aside)} set aside; see {output}"
    )
    if unread := marking.unread_cells:
        cells = "1 cell" if unread == 1 else f"{unread} cells"
        yield f"{cells} could not be read: see {output / 'report.html'}"
    if missing := len(marking.missing):
        every = missing + len(marking.marked)
        yield f"nothing from {missing} of {every} students: see {output / 'report.html'}"
