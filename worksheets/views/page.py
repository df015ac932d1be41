"""Specify pages: their paper, letters and colours, and what is shown on them."""

from __future__ import annotations

from dataclasses import dataclass

from worksheets.errors import InputError

PAPERS = ("a4", "letter")


@dataclass(frozen=True, kw_only=True)
class Page:
    """Specify how a sheet is put on paper.

    `paper` is "a4" or "letter"; `large_print` means 18 point and more, on more pages. `grey` leaves
    colours out. `fade` says which answers are shown already: "alternate", "one-matrix", "one-cell",
    or the name of the one answer that is left to do. `inverse` shows every answer and hides givens
    instead.

    Raises:
        InputError: if there is no such paper, or `fade` and `inverse` meet.
    """

    paper: str = "a4"
    large_print: bool = False
    grey: bool = False
    fade: str = ""
    inverse: bool = False

    def __post_init__(self) -> None:
        if self.paper not in PAPERS:
            raise InputError(f"paper {self.paper!r}: it is one of {', '.join(PAPERS)}")
        if self.inverse and self.fade:
            raise InputError(f"fade {self.fade!r}: an inverse sheet shows every answer already")


A4 = Page()
