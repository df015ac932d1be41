"""Pages that the renderer drew, each once a run, whichever test and worker asks first."""

import json
import logging
from hashlib import sha256
from typing import Any

from whole_run import once

from worksheets.render.page import html
from worksheets.render.pdf import render_pdf
from worksheets.sheet import Sheet


def pdf(sheet: Sheet, **how: Any) -> bytes:
    """Return what `render_pdf` gives, kept by the HTML that decides it."""
    return logged(sheet, **how)[0]


def logged(sheet: Sheet, **how: Any) -> tuple[bytes, list[str]]:
    """Return a PDF, and what was logged while it was made."""
    said = sha256(html(sheet, **how).encode()).hexdigest()
    records, content = once(f"{said}.page", lambda: _drawn(sheet, how)).split(b"\n", 1)
    return content, json.loads(records)


def _drawn(sheet: Sheet, how: dict[str, Any]) -> bytes:
    records: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: records.append(record.getMessage())
    logging.getLogger().addHandler(handler)
    try:
        content = render_pdf(sheet, **how)
    finally:
        logging.getLogger().removeHandler(handler)
    return json.dumps(records).encode() + b"\n" + content
