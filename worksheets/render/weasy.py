"""Import WeasyPrint without a search for libraries that costs a third of a second."""

from __future__ import annotations

import ctypes.util
import os
import sys

from worksheets.errors import InputError

__all__ = [
    "CSS",
    "HTML",
    "Document",
    "ElementWrapper",
    "FatalURLFetchingError",
    "FontConfiguration",
    "URLFetcher",
    "URLFetcherResponse",
]

# A font of coloured emoji is cut down by fontTools, which would write the time of day into it.
os.environ["SOURCE_DATE_EPOCH"] = "0"
# On Linux the loader finds a library by its name; asking ldconfig and a compiler first is slow.
find_library = ctypes.util.find_library
if sys.platform == "linux":
    ctypes.util.find_library = lambda name: None
try:
    from cssselect2 import ElementWrapper
    from weasyprint import CSS, HTML
    from weasyprint.document import Document
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
except ModuleNotFoundError:
    raise InputError(
        "this page has no layout yet, and WeasyPrint, which lays it out, is not installed: "
        "python -m pip install weasyprint"
    ) from None
finally:
    ctypes.util.find_library = find_library
