"""Specify a sheet's layout: all that decides it, and how it is made and filled."""

from __future__ import annotations

import functools
from dataclasses import KW_ONLY, astuple, dataclass, replace

from worksheets import exercise
from worksheets.ids import FIRST_LONG_NUMBER, Identity
from worksheets.language import ENGLISH
from worksheets.layouts.store import is_kept, kept, key_of
from worksheets.render.texts import texts
from worksheets.sheet import Sheet, make
from worksheets.stamp.layout import Layout
from worksheets.stamp.sheets import Stamp
from worksheets.views.faded import faded
from worksheets.views.look import look
from worksheets.views.page import A4, Page
from worksheets.views.view import View


@dataclass(frozen=True)
class Specification:
    """Specify a layout: of which kind and level, with or without answers, and on which pages."""

    kind_name: str
    level: int
    _: KW_ONLY
    solved: bool
    page: Page = A4
    language: str = ENGLISH
    edition: str = "free"

    @property
    def view(self) -> View:
        """Return what the sheet shows before it is solved."""
        return faded(exercise.graph(self.kind_name, self.level), self.page.fade)

    def both(self) -> tuple[Specification, Specification]:
        """Return the blank sheet's and the solved one's, which is the same whatever faded."""
        solved = replace(self, solved=True, page=replace(self.page, fade=""))
        return replace(self, solved=False), solved

    def stamp(self) -> Stamp:
        """Return what fills it, from the kept layouts if it was laid out before."""
        return _stamp(self)

    def stamps(self) -> tuple[Stamp, Stamp]:
        """Return what fills the blank sheet, and what fills the solved one."""
        blank, solved = self.both()
        return blank.stamp(), solved.stamp()

    def lay_out(self) -> Layout:
        """Make the layout, by the renderer."""
        from worksheets.render.grey import grey_styles
        from worksheets.render.page import filled
        from worksheets.stamp.lay_out import CODE, lay_out

        kind = exercise.find(self.kind_name)
        identity = Identity(
            kind.CODE, self.level, FIRST_LONG_NUMBER, self.edition, language=self.language
        )
        names = texts(make([identity])[0])

        def html(tokens: dict[str, str], solved: bool = self.solved) -> str:
            return filled(
                kind,
                identity,
                tokens,
                solved=solved,
                page=self.page,
                code=CODE,
                view=self.view,
            )

        lines = exercise.graph(self.kind_name, self.level, self.language).lines.values()
        return lay_out(
            html,
            names,
            style=grey_styles() if self.page.grey else "",
            solved=None if self.solved else functools.partial(html, solved=True),
            look=look(self.page, exercise.graph(self.kind_name, self.level)),
            parts=list(dict.fromkeys(line.step.part.title for line in lines)),
        )

    def layout(self) -> Layout:
        """Return the layout, laid out only if it is not kept yet."""
        return _layout(self)

    def is_kept(self) -> bool:
        """Tell whether the layout was laid out before."""
        return is_kept(self.decided(), self.kind_name)

    def lay_out_and_keep(self) -> None:
        """Lay it out if it is not kept yet, so that another process need not."""
        self.layout()

    def decided(self) -> tuple[object, ...]:
        """Return all that decides the layout."""
        return ("sheet", *astuple(self))

    def keys(self) -> str:
        """Return the hashes of both."""
        return "".join(one.key() for one in self.both())

    def key(self) -> str:
        """Return a hash of all that decides the layout."""
        return key_of(self.decided(), self.kind_name)


def of_sheet(sheet: Sheet, page: Page) -> Specification:
    """Return the specification of a sheet's blank page."""
    identity = sheet.identity
    return Specification(
        sheet.kind.name,
        identity.level,
        solved=False,
        page=page,
        language=identity.language,
        edition=identity.edition,
    )


@functools.cache
def _layout(specification: Specification) -> Layout:
    return kept(specification.decided(), specification.lay_out, specification.kind_name)


@functools.cache
def _stamp(specification: Specification) -> Stamp:
    return Stamp(specification.layout(), even=True)
