"""List kinds, and make single sheets, their files and their proofs.

Functions load what they need when they are called: keys come without a renderer's start.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from worksheets import exercise
from worksheets.ids import Identity
from worksheets.language import ENGLISH
from worksheets.selection import numbered, typed
from worksheets.sheet import LARGEST_BATCH, Sheet, make, stand_in
from worksheets.views.page import A4, Page
from worksheets.vocabulary.theme import Theme

if TYPE_CHECKING:
    from worksheets.overview import KindSummary, ThemeSummary
    from worksheets.stress import Figures
    from worksheets.verify import Verification

PDF = frozenset({"pdf"})


def kind_names() -> tuple[str, ...]:
    """Return the names of all kinds of sheets.

    >>> "rlhf" in ws.kind_names()
    True
    """
    return tuple(exercise.all_kinds())


def kinds() -> tuple[KindSummary, ...]:
    """Return every kind with its levels: operations, minutes, cells, how many sheets there are.

    >>> [level.minutes for kind in ws.kinds() if kind.name == "matmul" for level in kind.levels]
    [5, 10, 15]
    """
    from worksheets import overview

    return overview.kinds()


def stress(
    kind: str, *, level: int | None = None, edition: str = "free", count: int = 2000
) -> tuple[Figures, ...]:
    """Sum up the first attempts of `count` sheets of a level, or of each level, for an author.

    Shares are from 0 to 1, effort is in operations.

    Raises:
        InputError: if there is no such kind, level or edition, or nothing is accepted.

    >>> [(figures.level, figures.attempts) for figures in ws.stress("matmul", count=50)]
    [(1, 50), (2, 50), (3, 50)]
    """
    from worksheets.stress import stress as figures_of

    levels = exercise.find(kind).LEVELS if level is None else (level,)
    return tuple(figures_of(kind, one, edition, count) for one in levels)


def themes() -> tuple[ThemeSummary, ...]:
    """Return the themes that come along: their words, and what they are about.

    >>> next(theme.winning for theme in ws.themes() if theme.name == "doctor")
    'them'
    """
    from worksheets import overview

    return overview.themes()


def use_secret(path: Path) -> str:
    """Let this program draw the sheets of a secret, and return the mark that their IDs have.

    Raises:
        InputError: if the file cannot be read, or what it holds could be guessed.

    >>> _ = Path("exam.secret").write_text("b5bb9d8014a0f9b1d61e21e796d78dccdf1352f2")
    >>> ws.use_secret(Path("exam.secret"))
    'C48C'
    """
    from worksheets.secret import use_secret as use

    return use(path)


def sheets(
    kind: str,
    *,
    level: int | None = None,
    number: int = 1,
    count: int = 1,
    edition: str = "free",
    theme: str | None = None,
    language: str = ENGLISH,
    tell: Callable[[str], None] = lambda note: None,
) -> Iterator[Sheet]:
    """Yield `count` sheets from `number` on, a batch at a time, so that many need little memory.

    `level` is the kind's lowest if it is not given; `theme` is a name or a TOML file, and if it is
    not given the number draws one. `tell` is told which words a file of somebody's own lacks, and
    what stands in.

    Raises:
        InputError: before any sheet is made, naming what does not exist.

    >>> [sheet.id for sheet in ws.sheets("matmul", level=2, number=7, count=2)]
    ['MATM-2F10E-0007-9', 'MATM-2F10E-0008-Q']
    """
    identities, own_theme = numbered(kind, level, number, count, edition, theme, language)
    if note := stand_in(exercise.find(kind), own_theme):
        tell(note)
    return _each(identities, own_theme)


def sheet(
    kind: str,
    *,
    level: int | None = None,
    number: int = 1,
    edition: str = "free",
    theme: str | None = None,
    language: str = ENGLISH,
) -> Sheet:
    """Make the sheet of this number, as `sheets` does.

    Raises:
        InputError: naming what does not exist.

    >>> ws.sheet("rlhf", level=1, edition="published").values["loser_reward"]
    [['3']]
    """
    return next(
        sheets(kind, level=level, number=number, edition=edition, theme=theme, language=language)
    )


def from_ids(ids: Sequence[str], theme: str | None = None) -> Iterator[Sheet]:
    """Yield the sheets of these IDs, in any case, with dashes and spaces anywhere.

    `theme` is the file of the words, for IDs whose words come from a file of somebody's own.

    Raises:
        InputError: before any sheet is made, saying which part of an ID is wrong.

    >>> [sheet.identity.number for sheet in ws.from_ids(["RLHF-1P10E-0001-0"])]
    [1]
    """
    return _each(*typed(ids, theme))


def from_id(id: str, theme: str | None = None) -> Sheet:
    """Make the sheet of this ID again, as `from_ids` does.

    Raises:
        InputError: saying which part of the ID is wrong.

    >>> ws.from_id("rlhf 1p10e 0001 0").key()["level"]
    1
    """
    return next(from_ids([id], theme))


def _each(identities: list[Identity], own_theme: Theme | None) -> Iterator[Sheet]:
    for start in range(0, len(identities), LARGEST_BATCH):
        yield from make(identities[start : start + LARGEST_BATCH], own_theme)


def key_text(sheet: Sheet) -> str:
    """Return a sheet's key for a reader; `sheet.key()` is that for programs.

    >>> print(ws.key_text(ws.sheet("matmul")).splitlines()[0])
    MATM-1F10E-0001-E  Matrix products by hand, level 1, free edition
    """
    from worksheets.exports import key_text as text

    return text.key_text(sheet)


def files(sheet: Sheet, formats: Collection[str] = PDF, page: Page = A4) -> dict[str, bytes]:
    """Return a sheet's files by name.

    `formats` are some of "pdf" (the blank and the solved sheet), "json" (the key), "xlsx" (an
    answer sheet to type into) and "form" (the blank sheet as a fillable PDF).

    Raises:
        InputError: if a format is unknown, or page and formats do not go together.

    >>> sorted(ws.files(ws.sheet("matmul"), {"pdf"}, ws.Page(fade="one-cell")))
    ['MATM-1F10E-0001-E-faded-one-cell.pdf', 'MATM-1F10E-0001-E-solved.pdf']
    """
    from worksheets.exports.sheet_files import sheet_files

    return sheet_files(sheet, formats, page)


def write_files(contents: Mapping[str, bytes], folder: Path, *, force: bool = False) -> None:
    """Write files that belong together into a folder: none of them before all can be.

    Raises:
        InputError: if one exists with other bytes and `force` is not given, or cannot be written.

    >>> ws.write_files(ws.files(ws.sheet("matmul"), {"json"}), Path("out"))
    >>> [path.name for path in Path("out").iterdir()]
    ['MATM-1F10E-0001-E.json']
    """
    from worksheets.files import write_all

    write_all(folder, contents, force=force)


def verify(sheet: Sheet) -> Verification:
    """Prove every answer of a sheet by its kind's law, which shares nothing with its steps.

    >>> ws.verify(ws.sheet("matmul", level=3)).proved
    True
    """
    from worksheets.verify import verify as proved

    return proved(sheet)
