"""Write the print files: a class's sheets in the roster's order, in as many files as it takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from worksheets import exercise
from worksheets.class_set import covers, part
from worksheets.class_set.order import Order, Plan, Volume
from worksheets.language import message, say_in
from worksheets.machine.executors import threads
from worksheets.stamp.document import Merged

WHAT = (message("blanks"), message("solved"))


@dataclass(frozen=True)
class Printed:
    """Say where a sheet is in print: its blank's and key's files, its pages in each, from 1 on."""

    files: tuple[str, str]
    first_page: int
    last_page: int


def print_files(plan: Plan) -> list[tuple[str, str]]:
    """Return the names of each volume's files."""
    ends = [volume.ending for volume in plan.volumes]
    return [(f"{WHAT[0]}{end}.pdf", f"{WHAT[1]}{end}.pdf") for end in ends]


def merge(order: Order, plan: Plan, parts: list[Path], folder: Path, keys: Path) -> dict[str, str]:
    """Write the print files and the keys; return the print files' digests.

    Both print files of a volume are written at once: most of it is copying and digesting, which
    two threads do on two cores. Covers are drawn by the renderer, which bears one thread alone.
    """
    digests: dict[str, str] = {}
    with threads(1 if order.covers else len(WHAT)) as executor:
        for volume, files in zip(plan.volumes, print_files(plan), strict=True):
            some = parts[plan.chunks_in(volume)]
            both = [
                executor.submit(_print_file, order, plan, volume, some, which, folder / file)
                for which, file in zip((part.BLANKS, part.SOLVED), files, strict=True)
            ]
            digests |= dict(zip(files, (one.result() for one in both), strict=True))
    with keys.open("wb") as file:
        file.write(b"[\n")
        for place, path in enumerate(parts):
            file.write(b",\n" * (place > 0) + part.keys(path))
        file.write(b"\n]\n")
    return digests


def _print_file(
    order: Order, plan: Plan, volume: Volume, parts: list[Path], which: int, path: Path
) -> str:
    """Write one print file and return its digest."""
    what = which - part.BLANKS
    say, kind = say_in(order.specification.language), exercise.find(order.specification.kind_name)
    of_set = say("set {}").format(order.set_name)
    title = f"{say(kind.TITLE)}, {of_set}, {say(WHAT[what])}"
    with path.open("wb") as file:
        document = Merged(file, title)
        document.start(order.specification.stamps()[what], plan.fallback_in(volume))
        for one in parts:
            document.add(part.block(one, which))
        covers.add(order, volume.places, document)
        document.finish()
    return document.digest.hexdigest()


def printed(order: Order, plan: Plan) -> Iterator[Printed]:
    """Yield where each student's sheet is."""
    pages = order.specification.stamps()[0].objects.pages
    for volume, files in zip(plan.volumes, print_files(plan), strict=True):
        starts = {section.start for section in covers.starts(order, volume.places)}
        page = 0
        for place in volume.places:
            page += covers.pages(order) if place in starts else 0
            yield Printed(files, page + 1, page + pages)
            page += pages
