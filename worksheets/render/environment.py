"""How templates are read, and kept compiled between runs."""

from __future__ import annotations

import pickle
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    select_autoescape,
)
from jinja2.bccache import Bucket

from worksheets.cache import cache_folder
from worksheets.language import ENGLISH
from worksheets.render.speech import speech

PLAIN = ("txt.jinja",)  # templates of texts that are no HTML


class Compiled(FileSystemBytecodeCache):
    """Compiled templates, a tenth of a sheet's time; where they cannot be kept, none are.

    Jinja finds out whether a template has changed; that this module has is in the files' names.
    """

    def __init__(self) -> None:
        """Keep them in the program's own folder."""
        mark = sha256(Path(__file__).read_bytes()).hexdigest()[:8]
        super().__init__(str(cache_folder() / "templates"), f"{mark}-%s")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the one that was kept, unless the file is damaged."""
        with suppress(OSError, EOFError, pickle.UnpicklingError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one, if there is a place for it."""
        with suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)


@cache
def environment(folder: Path) -> Environment:
    """Templates of this folder; an undefined name is an error, and HTML is escaped.

    They speak English, unless they are given another language's speech.
    """
    templates = Environment(
        loader=FileSystemLoader(folder),
        bytecode_cache=Compiled(),
        autoescape=select_autoescape(disabled_extensions=PLAIN, default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(speech(ENGLISH))
    templates.globals["inked"] = str  # a colour as it is printed: a page in grey has another one
    return templates
