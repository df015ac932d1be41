"""The layouts that come with a wheel: every kind, level, paper and language, made on every core.

Arguments: the folder that they go to; then, if not all are wanted, which: of a kind, or of one of
its levels, papers and languages, as in rlhf/1/a4/en. With --page also what a browser, which has no
renderer, cannot make: other looks, and forms to fill in.
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
Place = tuple[str, int, str, str]  # a kind, a level, a paper, a language


def main(folder: Path, wanted: list[str], *, for_page: bool) -> None:
    """Make the layouts that are not kept, and pack all of them into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    asked = list(jobs(places(wanted or list(exercise.all_kinds())), for_page))
    with ProcessPoolExecutor() as executor:
        tasks = [executor.submit(make, folder, *arguments) for make, arguments in asked]
        for task in tqdm(tasks, unit="layout", desc="layouts"):
            task.result()


def places(wanted: list[str]) -> list[Place]:
    """Return the kinds, levels, papers and languages that begin as one of these says."""
    found: list[Place] = []
    for path in wanted:
        name, *rest = path.split("/")
        every = product(exercise.find(name).LEVELS, PAPERS, LANGUAGES.values())
        some = [one for one in every if [str(part) for part in one][: len(rest)] == rest]
        if not some:
            raise SystemExit(f"{path}: no such level, paper or language; right is as rlhf/1/a4/en")
        found += [(name, *one) for one in some]
    return found


def jobs(wanted: list[Place], for_page: bool) -> Iterator[Job]:
    """Yield what is to be made: sheets, feedback and booklets of each level, then covers."""
    for kind, level, paper, language in wanted:
        for edition in exercise.editions(exercise.find(kind), level):
            for look in LOOKS if for_page else ("",):
                one = specification(kind, level, paper, language, edition, look)
                yield sheet, (one, for_page)
        yield marked, (kind, level, paper, language)
    for paper, language in dict.fromkeys((paper, language) for *_, paper, language in wanted):
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
