"""Write what students get back: each one's own file, and print files of all in their order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b, sha256
from pathlib import Path

from worksheets.class_set.file_names import begin
from worksheets.class_set.name_lines import ROOM, VOLUME
from worksheets.class_set.order import volumes
from worksheets.language import say_in
from worksheets.marking.feedback import Feedback, feedback
from worksheets.marking.marks import Marked
from worksheets.stamp.document import Merged, alone
from worksheets.stamp.fallback import FallbackTexts, draw, placed, together
from worksheets.stamp.sheets import FIRST, SheetBlock, Stamp

FOLDER = "feedback"
CHUNK = 50  # students that a process makes at a time
DRAWN = 100  # names that fonts lack, drawn at a time

Digests = dict[str, str]  # of files, by their names in the folder
Starts = tuple[int, ...]  # of objects in a block
Job = Future[tuple[Digests, Starts]]  # a chunk


@dataclass(frozen=True)
class Family:
    """Say what papers share that one layout makes."""

    kind: str
    level: int
    language: str
    fade: str

    @classmethod
    def of(cls, one: Marked) -> Family:
        """Return a marked sheet's."""
        identity = one.sheet.identity
        return cls(one.sheet.kind.name, identity.level, identity.language, one.submission.fade)

    def maker(self, paper: str) -> Feedback:
        """Return what makes its pages; its layout is laid out once, before there are processes."""
        return feedback(self.kind, self.level, paper, self.language, self.fade)


@dataclass(frozen=True)
class Run:
    """Hold one family's sheets in a print file, by their places among the marked.

    `first` is the number of its stamp's first object; `drawn` are names that fonts lack.
    """

    family: Family
    places: tuple[int, ...]
    first: int
    drawn: tuple[FallbackTexts, ...]

    def stamp(self, paper: str) -> Stamp:
        """Return what fills its sheets, each with an even number of pages."""
        return _padded(self.family, paper, self.first)


@dataclass(frozen=True)
class PrintFile:
    """Hold a print file's name, whose it is where there are several, and its runs."""

    name: str
    section: str
    runs: tuple[Run, ...]


def file_names(marked: Sequence[Marked]) -> dict[int, str]:
    """Name the file of each place by the student and the sheet.

    Several of one sheet, which then no class set knows, are told apart by a hash of the name.
    """
    sheets = Counter(one.sheet.id for one in marked)
    return {
        place: f"{FOLDER}/{begin(one.name, one.student)}{one.sheet.id}"
        f"{_whose(one) if sheets[one.sheet.id] > 1 else ''}-feedback.pdf"
        for place, one in enumerate(marked)
    }


def _whose(one: Marked) -> str:
    """Return a short hash of a student's name, which tells apart files of the same sheet."""
    name = " ".join(one.submission.student.split()).casefold()
    return f"-{blake2b(name.encode('utf-8', 'backslashreplace'), digest_size=4).hexdigest()}"


def print_files(marked: Sequence[Marked], paper: str) -> list[PrintFile]:
    """Plan the print files: a section each if there are several, as a class's blanks have them."""
    families = dict.fromkeys(map(Family.of, marked))
    largest = max(_padded(family, paper, FIRST).objects.count for family in families)
    every = volumes([one.section for one in marked], min(VOLUME, ROOM // largest))
    return [
        PrintFile(f"{FOLDER}{one.ending}.pdf", one.section, tuple(_runs(marked, one.places, paper)))
        for one in every
    ]


def _runs(marked: Sequence[Marked], places: Iterable[int], paper: str) -> Iterator[Run]:
    """Yield a print file's families; each one's objects begin where the last one's end."""
    first = FIRST
    families: dict[Family, list[int]] = defaultdict(list)
    for place in places:
        families[Family.of(marked[place])].append(place)
    for family, own in families.items():
        maker = family.maker(paper)
        lacking = list(dict.fromkeys(part for at in own for part in maker.lacking(marked[at])))
        drawn = placed(draw(lacking[at : at + DRAWN]) for at in range(0, len(lacking), DRAWN))
        yield Run(family, tuple(own), first, tuple(drawn))
        first = _padded(family, paper, first).base(len(own), together(drawn))


def make(
    marked: Sequence[Marked],
    names: Mapping[int, str],
    files: Sequence[PrintFile],
    paper: str,
    folder: Path,
    executor: Executor,
) -> Iterator[Digests]:
    """Write everything into a folder: chunks by the executor, which the print files then join.

    Yields digests; all is submitted before the first.
    """
    (folder / FOLDER).mkdir()

    def submit(run: Run, at: int) -> Job:
        places = run.places[at : at + CHUNK]
        some = [(names[place], marked[place]) for place in places]
        return executor.submit(_chunk, some, run, at, paper, folder)

    jobs = [
        submit(run, at)
        for file in files
        for run in file.runs
        for at in range(0, len(run.places), CHUNK)
    ]
    return _joined(files, iter(jobs), paper, folder)


def _joined(
    files: Sequence[PrintFile],
    jobs: Iterator[Job],
    paper: str,
    folder: Path,
) -> Iterator[Digests]:
    """Write the print files, as the chunks come; yield each digest."""
    for file in files:
        say = say_in(file.runs[0].family.language)
        title = ", ".join(filter(None, (say("Feedback"), file.section)))
        with (folder / file.name).open("wb") as target:
            document = Merged(target, title)
            for run in file.runs:
                document.start(run.stamp(paper), run.drawn)
                for at in range(0, len(run.places), CHUNK):
                    digests, starts = next(jobs).result()
                    yield digests
                    path = _block(folder, run, at)
                    block = SheetBlock(path.read_bytes(), starts)
                    document.add(block, run.places[at : at + CHUNK])
                    path.unlink()
            document.finish()
        yield {file.name: document.digest.hexdigest()}


def _chunk(
    named: Sequence[tuple[str, Marked]], run: Run, at: int, paper: str, folder: Path
) -> tuple[Digests, Starts]:
    """Write some students' own files, and their sheets for the print file, from `at` in its run.

    Return the digests of the first, and where the objects of the others start.
    """
    maker, stamp = run.family.maker(paper), run.stamp(paper)
    shared = together(run.drawn)
    digests: Digests = {}
    blocks = []
    for place, (name, one) in enumerate(named, at):
        own = draw(maker.lacking(one))
        texts = maker.texts(one, own)
        shown = stamp.shown(texts, own)
        content = alone(maker.stamp, shown, stamp.title(texts), own)
        (folder / name).write_bytes(content)
        digests[name] = sha256(content).hexdigest()
        if own.forms:  # which have other places in the print file
            shown = stamp.shown(texts, shared)
        blocks.append(stamp.block(shown, place, shared))
    block = SheetBlock.joined(blocks)
    _block(folder, run, at).write_bytes(block.data)
    return digests, block.starts


def _block(folder: Path, run: Run, at: int) -> Path:
    """Return where a chunk's sheets wait for their print file; a sheet is in one run only."""
    return folder / f".{run.places[at]}.block"


@cache
def _padded(family: Family, paper: str, first: int) -> Stamp:
    """Return what fills a family's sheets for print on both sides."""
    return Stamp(family.maker(paper).stamp.layout, even=True, first=first)
