"""The command line within this process: to start another one takes half a second."""

import io
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from worksheets import cli


@dataclass(frozen=True)
class Done:
    """What a command said, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


def ran(arguments: list[str], folder: Path, typed: str = "") -> Done:
    """Run a command in a folder, with what is typed; it does all that the program does."""
    out, errors, code = io.StringIO(), io.StringIO(), 0
    given = patch.object(sys, "stdin", io.StringIO(typed))
    with chdir(folder), given, redirect_stdout(out), redirect_stderr(errors):
        try:
            cli.main(arguments)
        except SystemExit as end:
            code = end.code or 0
    return Done(code, out.getvalue(), errors.getvalue())
