"""Show on a terminal how far a long run is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

Item = TypeVar("Item")


def with_progress(items: Iterable[Item], total: int) -> Iterator[Item]:
    """Yield the items, and show on a terminal how far it is, once it has taken a second."""
    with sheets_bar(total) as done:
        for item in items:
            done(0)
            yield item
            done(1)


@contextmanager
def telling_what_is_kept(what: str) -> Iterator[None]:
    """Say on Ctrl-C what is kept of what was done."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(f"\nstopped: {what}", err=True)
        raise


@contextmanager
def sheets_bar(total: int) -> Iterator[Callable[[int], None]]:
    """Give something to call with the number of sheets finished; 0 clears the line for a moment."""
    if total == 1 or not sys.stderr.isatty():
        yield lambda sheets: None
        return
    from tqdm import tqdm

    with tqdm(total=total, unit="sheet", delay=1, miniters=1, leave=False) as bar:

        def update(sheets: int) -> None:
            if sheets:
                bar.update(sheets)
            elif bar.last_print_n:  # it stands where the ID will
                bar.clear()

        yield update
