"""The layouts that come with a wheel: every kind, level, paper and language, made on every core.

Arguments: the folder that they go to; then, if not all are wanted, names of kinds. With --page also
what a browser, which has no renderer, cannot make: other looks, and forms to fill in.
"""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import product
from pathlib import Path

from tqdm import tqdm

from worksheets import exercise
from worksheets.class_set import booklet, covers
from worksheets.exports.form_format import pack_form_into
from worksheets.ids import LANGUAGES
from worksheets.layouts.specification import Specification
from worksheets.layouts.store import pack_into
from worksheets.marking import feedback
from worksheets.views.page import PAPERS, Page

LOOKS = {
    "": Page(),
    "one-cell": Page(fade="one-cell"),
    "one-matrix": Page(fade="one-matrix"),
    "alternate": Page(fade="alternate"),
    "large": Page(large_print=True),
    "grey": Page(grey=True),
}
FOR_PAGE = "--page"
Job = tuple[Callable[..., None], tuple[object, ...]]


def main(folder: Path, kinds: list[str], *, for_page: bool) -> None:
    """Make the layouts that are not kept, and pack all of them into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = list(jobs(kinds or list(exercise.all_kinds()), for_page))
    with ProcessPoolExecutor() as executor:
        tasks = [executor.submit(make, folder, *arguments) for make, arguments in wanted]
        for task in tqdm(tasks, unit="layout", desc="layouts"):
            task.result()


def jobs(kinds: list[str], for_page: bool) -> Iterator[Job]:
    """Yield what is to be made: sheets, feedback and booklets of each level, then covers."""
    places = list(product(PAPERS, LANGUAGES.values()))
    for kind in kinds:
        for level in exercise.find(kind).LEVELS:
            for paper, language in places:
                for edition in exercise.editions(exercise.find(kind), level):
                    for look in LOOKS if for_page else ("",):
                        one = specification(kind, level, paper, language, edition, look)
                        yield sheet, (one, for_page)
                yield marked, (kind, level, paper, language)
    for paper, language in places:
        yield cover, (paper, language)


def specification(
    kind: str, level: int, paper: str, language: str, edition: str = "free", look: str = ""
) -> Specification:
    """Return the blank page of this look."""
    return Specification(
        kind,
        level,
        solved=False,
        page=replace(LOOKS[look], paper=paper),
        language=language,
        edition=edition,
    )


def sheet(folder: Path, blank: Specification, with_form: bool) -> None:
    """Pack the blank page, the solved one, the booklet's, and a form of the blank page."""
    for one in blank.both():
        pack_into(folder, one.decided(), one.layout())
    table = booklet.table_of(blank)
    pack_into(folder, booklet.decided(table), booklet.stamp_of(table).layout)
    if with_form:
        pack_form_into(folder, blank)


def marked(folder: Path, kind: str, level: int, paper: str, language: str) -> None:
    """Pack the page with feedback."""
    decided = feedback.decided(kind, level, paper, language)
    layout = feedback.feedback(kind, level, paper, language).stamp.layout
    pack_into(folder, decided, layout)


def cover(folder: Path, paper: str, language: str) -> None:
    """Pack the cover sheet of a section."""
    pack_into(folder, covers.decided(paper, language), covers.layout(paper, language))


if __name__ == "__main__":
    named = [one for one in sys.argv[2:] if one != FOR_PAGE]
    main(Path(sys.argv[1]), named, for_page=FOR_PAGE in sys.argv)
