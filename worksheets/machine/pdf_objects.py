"""Read what a PDF consists of: by pikepdf, or in a browser by pypdf, which says it in the same way.

A document has a `Root` and `pages`, of which each is an `obj`; a dictionary's `get` follows
references, and its `objgen` is its own.
"""

from __future__ import annotations

import sys

if sys.platform == "emscripten":
    from worksheets.machine.plain_pdf import (
        INLINE,
        Array,
        Dictionary,
        Name,
        PasswordError,
        Pdf,
        PdfError,
        Stream,
        String,
        instructions,
        opened,
        text_of,
    )
else:
    import warnings
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from io import BytesIO
    from typing import Any

    import pikepdf
    from pikepdf import Array, Dictionary, Name, PasswordError, Pdf, Stream, String
    from pikepdf import PikepdfError as PdfError

    INLINE = "inline"

    def opened(content: bytes) -> AbstractContextManager[Pdf]:
        """Open a document that is whole.

        Raises:
            PasswordError: if it needs one.
            PdfError: if it is damaged.
        """
        return pikepdf.open(BytesIO(content), attempt_recovery=False, suppress_warnings=True)

    def text_of(content: bytes) -> str:
        """Return the text that these bytes are in a PDF."""
        return str(String(content))

    def instructions(content: bytes) -> Iterator[tuple[str, list[Any]]]:
        """Yield a content stream's operators and operands; a picture within it is `INLINE`."""
        with pikepdf.new() as pdf, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a stream that ends too soon: it draws no more
            for one in pikepdf.parse_content_stream(Stream(pdf, content)):
                if isinstance(one, pikepdf.ContentStreamInlineImage):
                    yield INLINE, []
                else:
                    yield str(one.operator), list(one.operands)


__all__ = [
    "INLINE",
    "Array",
    "Dictionary",
    "Name",
    "PasswordError",
    "Pdf",
    "PdfError",
    "Stream",
    "String",
    "instructions",
    "opened",
    "text_of",
]
