"""Collect characters that no font of the machine has, of which the renderer only warns."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

# What the renderer says of characters that no font has.
UNSUPPORTED = re.compile(r"\.notdef .*\((U\+[0-9A-F]+(?:[, ]+U\+[0-9A-F]+)*)\)")


@contextmanager
def unsupported() -> Iterator[set[str]]:
    """Yield the set of characters of which the renderer complains meanwhile."""
    found: set[str] = set()

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if complaint := UNSUPPORTED.search(record.getMessage()):
                found.update(chr(int(one, 16)) for one in re.findall(r"U\+(\w+)", complaint[1]))

    logger, collector = logging.getLogger("weasyprint"), Collector(logging.WARNING)
    logger.addHandler(collector)
    try:
        yield found
    finally:
        logger.removeHandler(collector)
