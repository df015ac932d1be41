"""Save workbooks as files whose bytes depend on nothing but their contents."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first date that a ZIP archive can hold
SAVED_AT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def saved(book: Workbook) -> bytes:
    """Return the workbook as a file without the time at which it was saved."""
    book.properties.created = datetime(*LONG_AGO)
    kept = BytesIO()
    book.save(kept)
    file = BytesIO()
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(
            old.namelist()
        ):  # "[Content_Types].xml" comes first, as programs like it
            content = old.read(name)
            if name == "docProps/core.xml":
                content = SAVED_AT.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            part = zipfile.ZipInfo(name, LONG_AGO)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, content)
    return file.getvalue()
