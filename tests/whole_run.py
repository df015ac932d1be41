"""What all workers of a run have in common: which sheets they look at, and what they made once."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

SEED, SWEEP, FOLDER = "WORKSHEETS_TEST_SEED", "WORKSHEETS_TEST_SWEEP", "WORKSHEETS_TEST_FOLDER"
USUAL, MANY = 60, 300
REGION = 3_000  # starts that a seed chooses from, all of IDs of the shorter form


def seed() -> int:
    """Which sheets are looked at: another one each run, unless `--seed` says."""
    return int(os.environ.get(SEED, "0"))


def sweeps() -> bool:
    """Whether this run is a long one (`--sweep`)."""
    return SWEEP in os.environ


def numbers(usual: int = USUAL, many: int = MANY) -> list[int]:
    """Return this run's numbers of sheets, all different: those of its seed, in a sweep many more.

    Another seed has others, so that each week's runs look at thousands, at a fifth of the time.
    """
    first = many * (1 + seed() % REGION)
    return [*(range(many) if sweeps() else ()), *range(first, first + usual)]


def chosen(count: int, some: list) -> list:
    """Return this many of some, spread over them, others with another seed; in a sweep all."""
    if sweeps():
        return some
    return [some[(seed() + place * len(some) // count) % len(some)] for place in range(count)]


def once(name: str, make: Callable[[], bytes]) -> bytes:
    """Return what the first worker to ask makes, and the others wait for and read."""
    path = Path(os.environ[FOLDER]) / name
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # given back by the system if the worker dies
        if not path.exists():
            part = path.with_suffix(".part")
            part.write_bytes(make())
            part.replace(path)
    return path.read_bytes()
