"""The layouts that come with a wheel: every kind, level, paper and language, made on every core.

Arguments: the folder that they go to; then, if not all are wanted, names of kinds.
"""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path

from tqdm import tqdm

from worksheets import exercise
from worksheets.class_set import booklet, covers
from worksheets.ids import LANGUAGES
from worksheets.layouts.specification import Specification
from worksheets.layouts.store import pack_into
from worksheets.marking import feedback
from worksheets.views.page import PAPERS, Page

Job = tuple[Callable[..., None], tuple[object, ...]]


def main(folder: Path, kinds: list[str]) -> None:
    """Make the layouts that are not kept, and pack all of them into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = list(jobs(kinds or list(exercise.all_kinds())))
    with ProcessPoolExecutor() as executor:
        tasks = [executor.submit(make, folder, *arguments) for make, arguments in wanted]
        for task in tqdm(tasks, unit="layout", desc="layouts"):
            task.result()


def jobs(kinds: list[str]) -> Iterator[Job]:
    """Yield what is to be made: sheets, feedback and booklets of each level, then covers."""
    places = list(product(PAPERS, LANGUAGES.values()))
    for kind in kinds:
        for level in exercise.find(kind).LEVELS:
            for paper, language in places:
                for edition in exercise.editions(exercise.find(kind), level):
                    yield sheet, (kind, level, paper, language, edition)
                yield marked, (kind, level, paper, language)
    for paper, language in places:
        yield cover, (paper, language)


def sheet(folder: Path, kind: str, level: int, paper: str, language: str, edition: str) -> None:
    """Pack the blank page, the solved one, and the booklet's."""
    specification = Specification(
        kind, level, solved=False, page=Page(paper=paper), language=language, edition=edition
    )
    for one in specification.both():
        pack_into(folder, one.decided(), one.layout())
    table = booklet.table_of(specification)
    pack_into(folder, booklet.decided(table), booklet.stamp_of(table).layout)


def marked(folder: Path, kind: str, level: int, paper: str, language: str) -> None:
    """Pack the page with feedback."""
    decided = feedback.decided(kind, level, paper, language)
    layout = feedback.feedback(kind, level, paper, language).stamp.layout
    pack_into(folder, decided, layout)


def cover(folder: Path, paper: str, language: str) -> None:
    """Pack the cover sheet of a section."""
    pack_into(folder, covers.decided(paper, language), covers.layout(paper, language))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
