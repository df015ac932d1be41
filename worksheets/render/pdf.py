"""Render a sheet's HTML as a tagged PDF; nothing is loaded but this package's own files."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial, wraps
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import ParseError, fromstring

from worksheets.errors import InputError
from worksheets.machine.forking import begin, start
from worksheets.render.grey import FONT_FACE, grey_styles
from worksheets.render.page import html
from worksheets.render.texts import folder
from worksheets.render.unsupported import unsupported
from worksheets.render.weasy import (
    CSS,
    HTML,
    Document,
    ElementWrapper,
    FatalURLFetchingError,
    FontConfiguration,
    URLFetcher,
    URLFetcherResponse,
)
from worksheets.sheet import Sheet
from worksheets.views.page import A4, Page
from worksheets.views.view import USUAL, View

P = ParamSpec("P")
R = TypeVar("R")
STYLES = "sheet.css"
VARIANT = "pdf/ua-1"
DEFAULTS = """
html, body, section, div, h1, h2, p, table, tbody, tr, th, td { display: block }
head { display: none }
small { font-size: smaller }
"""


class UnstyledPage(HTML):  # type: ignore[misc]  # it carries no types
    """Parse HTML without a browser's own styles: a page uses eight, and all take a tenth longer.

    Were WeasyPrint to ask for them under other names, pages would look the same, only later.
    HTML that is XML as well, as the templates' is, is read in 0.6 ms a page instead of 20.
    """

    def __init__(
        self, string: str, base_url: str | None = None, url_fetcher: URLFetcher | None = None
    ) -> None:
        """Parse a whole document; what is no XML, such as one with a bare <br>, as any HTML."""
        try:
            root = fromstring(string)  # noqa: S314  (its entities cannot be other than XML's own)
        except ParseError:
            root = None
        if root is None or root.tag != "html":
            super().__init__(string=string, base_url=base_url, url_fetcher=url_fetcher)
            return
        self.base_url, self.url_fetcher = base_url, url_fetcher or OwnFiles()
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_few_defaults()]

    def _ph_stylesheets(self) -> list[CSS]:
        return []


@cache
def _few_defaults() -> CSS:
    return CSS(string=DEFAULTS)


class OwnFiles(URLFetcher):  # type: ignore[misc]  # it carries no types
    """Serve the files of the templates' folder, and of one more; refuse everything else."""

    def __init__(self, more: Path | None = None) -> None:
        """Allow another folder, if it is given."""
        super().__init__()
        self.folders = [one.resolve() for one in (folder(), more) if one]

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return the file at this address.

        Raises:
            FatalURLFetchingError: if it lies elsewhere; WeasyPrint passes this one on.
        """
        parts = urlsplit(url)
        path = Path(unquote(parts.path)).resolve()
        own = any(path.is_relative_to(one) for one in self.folders)
        if parts.scheme != "file" or parts.netloc or not own:
            raise FatalURLFetchingError(f"{url} is none of the package's own files")
        return super().fetch(url, headers)


def no_garbage_collection(work: Callable[P, R]) -> Callable[P, R]:
    """Collect no garbage during a work, whose boxes are looked through once, when it is done.

    Looking among boxes all in use, 4 pages take 1.15 s instead of 1.09; to write six pages takes
    0.91 s instead of 0.72.
    """

    @wraps(work)
    def without(*args: P.args, **kwargs: P.kwargs) -> R:
        was_on = gc.isenabled()
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            if was_on:
                gc.enable()

    return without


def render_pdf(
    sheet: Sheet,
    *,
    solved: bool,
    page: Page = A4,
    student: str = "",
    view: View = USUAL,
) -> bytes:
    """Render the blank or the solved sheet as PDF/UA-1; the same bytes each time.

    Raises:
        InputError: if the words have characters that no font of the machine has.
    """
    text = html(sheet, solved=solved, page=page, student=student, view=view)
    with unsupported() as missing:
        pdf = _drawn(text, grey_styles() if page.grey else "")
    if missing:
        theme = f"theme {sheet.theme.name!r}: " if sheet.theme else ""
        raise InputError(f"{theme}no font of this machine has {', '.join(sorted(missing))}")
    return pdf


@no_garbage_collection
def _drawn(text: str, more_styles: str) -> bytes:
    laid_out = document(text, more_styles)
    return bytes(laid_out.write_pdf(pdf_variant=VARIANT, finisher=scope_headers))


@no_garbage_collection
def document(text: str, more_styles: str = "") -> Document:
    """Lay HTML out with the sheets' styles, and with CSS on top of them."""
    fonts, styles = _styles()
    sheets, base = [styles], f"{folder().as_uri()}/"
    if more_styles:
        own = {"font_config": fonts, "url_fetcher": OwnFiles(), "base_url": base}
        sheets.append(CSS(string=more_styles, **own))
    page = UnstyledPage(string=text, base_url=base, url_fetcher=OwnFiles())
    return page.render(stylesheets=sheets, font_config=fonts)


@no_garbage_collection
def own_styled_pdf(text: str, pictures: Path | None = None) -> bytes:
    """Render HTML of its own styles as PDF/UA-1, in the sheets' fonts; the same bytes each time.

    `pictures` is a folder from which it may show some.
    """
    fonts = FontConfiguration()
    faces = "".join(FONT_FACE.findall((folder() / STYLES).read_text(encoding="utf-8")))
    base, fetcher = f"{folder().as_uri()}/", OwnFiles(pictures)
    own = CSS(string=faces, font_config=fonts, base_url=base, url_fetcher=fetcher)
    beside = f"{pictures.resolve().as_uri()}/" if pictures else base
    page = HTML(string=text, base_url=beside, url_fetcher=fetcher)
    laid_out = page.render(stylesheets=[own], font_config=fonts)
    return bytes(laid_out.write_pdf(pdf_variant=VARIANT, finisher=scope_headers))


def render_both(sheet: Sheet, *, page: Page = A4, view: View = USUAL) -> tuple[bytes, bytes]:
    """Render the blank and the solved sheet, on two cores if there are two.

    A solved sheet shows all answers as a student's, unless it was the givens that were asked for.
    """
    views = view, view if view.hidden else USUAL
    both = [
        partial(render_pdf, sheet, solved=solved, page=page, view=one)
        for solved, one in zip((False, True), views, strict=True)
    ]
    other = other_core()
    if other is None:
        return both[0](), both[1]()
    task = other.submit(both[0])
    solved = both[1]()
    return task.result(), solved


@cache
def other_core() -> ProcessPoolExecutor | None:
    """Start a process that has all that this one has loaded, if there is a core for it.

    Ctrl-C is for this one to answer.
    """
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        return None
    try:
        pool = ProcessPoolExecutor(1, get_context("fork"), begin)
    except OSError:  # no shared memory, as in some containers, so no locks between processes
        return None
    start(pool)
    return pool


@cache
def _styles() -> tuple[FontConfiguration, CSS]:
    fonts = FontConfiguration()
    path = folder() / STYLES
    return fonts, CSS(filename=path, font_config=fonts, url_fetcher=OwnFiles())


def scope_headers(_document: Any, pdf: Any) -> None:
    """Say of each header cell what it heads, as PDF/UA asks: the first row's head columns."""
    for element in pdf.objects:
        if getattr(element, "get", None) and element.get("S") == "/TH":
            row = element["ID"].string.split("-")[1]
            element["A"]["Scope"] = "/Column" if row == "0" else "/Row"
