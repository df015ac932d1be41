"""A sheet's HTML as a tagged PDF, with nothing loaded but this package's own files."""

from __future__ import annotations

import ctypes.util
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import unquote, urlsplit

from worksheets.render.page import folder, html
from worksheets.sheet import Sheet

# On Linux the loader finds libraries by their names; to ask ldconfig and gcc first takes 0.3 s.
without_search = mock.patch.object(ctypes.util, "find_library", return_value=None)
with without_search if sys.platform == "linux" else nullcontext():
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

STYLES = "sheet.css"
VARIANT = "pdf/ua-1"


class OwnFiles(URLFetcher):  # type: ignore[misc]  # it carries no types
    """Serves the files of the templates' folder and refuses everything else."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The file at this address.

        Raises:
            FatalURLFetchingError: if it lies elsewhere; WeasyPrint passes this one on.
        """
        parts = urlsplit(url)
        path = Path(unquote(parts.path)).resolve()
        if parts.scheme != "file" or parts.netloc or not path.is_relative_to(folder().resolve()):
            raise FatalURLFetchingError(f"{url} is none of the package's own files")
        return super().fetch(url, headers)


def render_pdf(sheet: Sheet, *, solved: bool, paper: str) -> bytes:
    """The blank or the solved sheet as PDF/UA-1; the same bytes each time.

    `paper` is "a4" or "letter".
    """
    fonts, styles = _styles()
    text = html(sheet, solved=solved, paper=paper)
    with _no_garbage_collection():
        document = HTML(string=text, base_url=f"{folder().as_uri()}/", url_fetcher=OwnFiles())
        return bytes(
            document.write_pdf(
                stylesheets=[styles],
                font_config=fonts,
                pdf_variant=VARIANT,
                finisher=_scope_headers,
            )
        )


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """A quarter of the time would go into looking for garbage among boxes that are all in use."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@cache
def _styles() -> tuple[FontConfiguration, CSS]:
    fonts = FontConfiguration()
    path = folder() / STYLES
    return fonts, CSS(filename=path, font_config=fonts, url_fetcher=OwnFiles())


def _scope_headers(_document: Any, pdf: Any) -> None:
    """Say of each header cell what it heads, as PDF/UA asks: the first row's head columns."""
    for element in pdf.objects:
        if getattr(element, "get", None) and element.get("S") == "/TH":
            row = element["ID"].string.split("-")[1]
            element["A"]["Scope"] = "/Column" if row == "0" else "/Row"
