"""Run the command line; each command imports what it needs, so keys need no renderer's start."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

import click

from worksheets.cli.authors import stress
from worksheets.cli.class_set import class_set
from worksheets.cli.course import course
from worksheets.cli.lesson import lesson
from worksheets.cli.marking import enter, mark
from worksheets.cli.page import page
from worksheets.cli.remedies import remedy
from worksheets.cli.sheets import key, kinds, sheet, verify
from worksheets.errors import InputError, NotProvedError

NOT_PROVED, BAD_INPUT, INTERRUPTED = 1, 2, 130


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


for command in (sheet, class_set, course, enter, mark, key, verify, kinds, lesson, stress, page):
    cli.add_command(command)


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
        _complain(f"{error}{remedy(error)}")
    except NotProvedError as error:
        _complain(str(error), NOT_PROVED)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except OSError as error:  # output redirected to a full disk, say; Python would try once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        _complain(str(error))


def _complain(message: str, code: int = BAD_INPUT) -> None:
    click.echo(f"error: {message}", err=True)
    sys.exit(code)
