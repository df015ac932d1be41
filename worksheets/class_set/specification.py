"""What decides a layout, and the layouts that were made before, kept in a folder."""

from __future__ import annotations

import functools
import pickle
from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from hashlib import sha256
from importlib.metadata import version

from worksheets import cache, exercise
from worksheets.class_set.assign import FIRST_NUMBER
from worksheets.ids import Identity
from worksheets.language import ENGLISH
from worksheets.render.grey import grey_styles
from worksheets.render.page import filled, folder, texts
from worksheets.sheet import make
from worksheets.stamp.layout import Layout
from worksheets.stamp.sheets import Stamp
from worksheets.views.faded import faded
from worksheets.views.view import View

# Whatever else changes what a layout is: the renderer, and what it draws with.
PACKAGES = ("weasyprint", "pydyf", "uharfbuzz", "jinja2")


@dataclass(frozen=True)
class Specification:
    """A layout: of which kind and level, on which paper, with or without the answers, and so on.

    `fade` says which answers a blank sheet shows already.
    """

    kind: str
    level: int
    paper: str
    solved: bool
    grey: bool = False
    large_print: bool = False
    language: str = ENGLISH
    edition: str = "free"
    fade: str = ""

    @property
    def view(self) -> View:
        """What the sheet shows before it is solved."""
        return faded(exercise.graph(self.kind, self.level), self.fade)

    def both(self) -> tuple[Specification, Specification]:
        """That of the blank sheet and that of the solved one, which is the same whatever faded."""
        return replace(self, solved=False), replace(self, solved=True, fade="")

    def stamp(self) -> Stamp:
        """What fills it, from the folder of layouts if it was laid out before."""
        return _stamp(self)

    def stamps(self) -> tuple[Stamp, Stamp]:
        """What fills the blank sheet, and what fills the solved one."""
        blank, solved = self.both()
        return blank.stamp(), solved.stamp()

    def lay_out(self) -> Layout:
        """The layout, made by the renderer."""
        from worksheets.stamp.lay_out import CODE, lay_out

        kind = exercise.find(self.kind)
        identity = Identity(
            kind.CODE, self.level, FIRST_NUMBER, self.edition, language=self.language
        )
        names = texts(make([identity])[0])

        def html(tokens: dict[str, str]) -> str:
            return filled(
                kind,
                identity,
                tokens,
                solved=self.solved,
                paper=self.paper,
                large_print=self.large_print,
                code=CODE,
                view=self.view,
            )

        return lay_out(html, names, style=grey_styles() if self.grey else "")

    def keys(self) -> str:
        """The hashes of both."""
        return "".join(one.key() for one in self.both())

    def key(self) -> str:
        """A hash of all that decides the layout."""
        return key_of(astuple(self))


def kept(key: str, lay_out: Callable[[], Layout]) -> Layout:
    """The layout under this key, laid out only if it is not kept yet."""
    read: Callable[[bytes], Layout] = pickle.loads
    return cache.kept(f"{key}.layout", lambda: pickle.dumps(lay_out()), read)


def key_of(decided: object) -> str:
    """A hash of this and of all that decides any layout: program, templates, fonts, packages."""
    return sha256(f"{decided} {_program()}".encode()).hexdigest()[:32]


@functools.cache
def _program() -> str:
    found = sha256(repr([cache.program(), *((one, version(one)) for one in PACKAGES)]).encode())
    for path in sorted(folder().rglob("*")):
        if path.is_file():
            found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


@functools.cache
def _stamp(specification: Specification) -> Stamp:
    return Stamp(kept(specification.key(), specification.lay_out), even=True)
