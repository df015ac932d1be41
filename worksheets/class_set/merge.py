"""The print files: a class's sheets in the roster's order, in as many files as it takes."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from worksheets import exercise
from worksheets.class_set import covers, part
from worksheets.class_set.chunk import SIZE
from worksheets.class_set.order import Order, Plan
from worksheets.stamp.document import Merged

WHAT = ("blanks", "solved")


@dataclass(frozen=True)
class Printed:
    """Where a sheet is: its blank's and its key's files, its pages in each, counted from 1."""

    files: tuple[str, str]
    first_page: int
    last_page: int


def print_files(plan: Plan) -> list[tuple[str, str]]:
    """The names of each volume's files."""
    volumes = len(plan.volumes())
    ends = [f"-{volume + 1}" for volume in range(volumes)] if volumes > 1 else [""]
    return [(f"{WHAT[0]}{end}.pdf", f"{WHAT[1]}{end}.pdf") for end in ends]


def merge(order: Order, plan: Plan, parts: list[Path], folder: Path, keys: Path) -> dict[str, str]:
    """Write the print files and the keys; return the digests of the students' single files."""
    singles: dict[str, str] = {}
    with keys.open("w", encoding="utf-8") as text:
        for volume, files in zip(plan.volumes(), print_files(plan), strict=True):
            some = parts[volume.start // SIZE : -(-volume.stop // SIZE)]
            text.write(",\n" if volume.start else "[\n")
            singles |= _volume(order, plan, volume, some, [folder / file for file in files], text)
        text.write("\n]\n")
    return singles


def _volume(
    order: Order, plan: Plan, volume: range, parts: list[Path], paths: list[Path], keys: TextIO
) -> dict[str, str]:
    title = f"{exercise.find(order.specification.kind).TITLE}, set {order.set_name}"
    singles: dict[str, str] = {}
    with ExitStack() as opened:
        files = [opened.enter_context(path.open("wb")) for path in paths]
        both = [Merged(file, f"{title}, {what}") for file, what in zip(files, WHAT, strict=True)]
        for document, stamp in zip(both, order.specification.stamps(), strict=True):
            document.start(stamp, plan.foreign_in(volume))
        for place, path in enumerate(parts):
            done = part.load(path)
            keys.write(",\n" * (place > 0) + done.keys)
            for document, pieces in zip(both, (done.blanks, done.solved), strict=True):
                for piece in pieces:
                    document.add(piece)
            singles |= done.digests
        for document in both:
            covers.add(order, volume, document)
            document.finish()
    return singles


def printed(order: Order, plan: Plan) -> list[Printed]:
    """Where each student's sheet is."""
    pages = order.specification.stamps()[0].objects.pages
    found = []
    for volume, files in zip(plan.volumes(), print_files(plan), strict=True):
        starts = {section.start for section in covers.starts(order, volume)}
        page = 0
        for place in volume:
            page += covers.pages(order) if place in starts else 0
            found.append(Printed(files, page + 1, page + pages))
            page += pages
    return found
