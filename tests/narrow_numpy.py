"""Keys of every kind, level and edition, where numpy's default integer has 32 bits if asked for.

So it has in a browser, and so it had on Windows. Run as a script with `narrow`, it changes the
functions that make arrays of Python's numbers, and those that count, before the program is
imported; what a method such as `.argmax()` gives cannot be changed. It prints keys as JSON.
"""

import functools
import json
import sys

import numpy as np
import whole_run

COUNTERS = ("cumsum", "flatnonzero", "argwhere", "argsort", "argmax")
MAKERS = ("array", "asarray", "arange", "full", "select", "broadcast_to", "tile", "where", "append")


def is_wide(value):
    """Whether 64 bits were asked for already in what an array is made of."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype in (np.int64, np.uint64)
    return isinstance(value, (list, tuple)) and any(map(is_wide, value))


def narrow(function, *, counts):
    """The function, whose result has 32 bits where nobody asked for more."""

    @functools.wraps(function)
    def narrowed(*arguments, **options):
        found = function(*arguments, **options)
        asked = "dtype" in options or any(one is np.int64 for one in arguments)
        if asked or found.dtype != np.int64 or (not counts and any(map(is_wide, arguments))):
            return found
        return found.astype(np.int32)

    return narrowed


def narrow_everything():
    for name in COUNTERS + MAKERS:
        setattr(np, name, narrow(getattr(np, name), counts=name in COUNTERS))


def keys():
    """Keys by kind, level and edition."""
    from worksheets import exercise
    from worksheets.language import ENGLISH
    from worksheets.selection import numbered
    from worksheets.sheet import make

    found = {}
    for name, kind in exercise.all_kinds().items():
        for level in kind.LEVELS:
            for edition in exercise.editions(kind, level):
                first, count = (1, 1) if edition == "published" else (whole_run.seed(), 10)
                identities, own = numbered(name, level, first, count, edition, None, ENGLISH)
                sheets = make(identities, own)
                found[f"{name} {level} {edition}"] = [one.key() for one in sheets]
    return found


if __name__ == "__main__":
    if sys.argv[1:] == ["narrow"]:
        narrow_everything()
    json.dump(keys(), sys.stdout)
