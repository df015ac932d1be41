"""Write all that comes out of marking into a folder, all or nothing, over nobody else’s files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from hashlib import file_digest, sha256
from pathlib import Path
from shutil import rmtree
from zipfile import ZipFile, ZipInfo

from worksheets.errors import InputError
from worksheets.files import prepare, synchronise
from worksheets.language import told
from worksheets.lock import locked
from worksheets.machine.executors import BROWSER, threads
from worksheets.marking import gradebook, record, report
from worksheets.marking.hand_back import CHUNK, Digests, PrintFile, file_names, make, print_files
from worksheets.marking.hand_back import FOLDER as FEEDBACK
from worksheets.marking.marks import Marked, Marking
from worksheets.workers.processes import cores, executor_of

RECORD = "marks.json"
ARCHIVE = "gradebook-feedback.zip"
UNFINISHED = ".unfinished-marks"
OWN = re.compile(
    r"feedback/[^/\\]+-feedback\.pdf|feedback(-[^/\\]+)?\.pdf|marks\.(csv|xlsx)|report\.(html|pdf)|gradebook-\w+\.csv|gradebook-feedback\.zip"
)
PRINTED = () if BROWSER else ("report.pdf",)  # which the renderer alone makes
FEW = 2 * CHUNK  # students for whom one process is as quick as several

Named = tuple[str, Marked]


def write(
    marking: Marking,
    output: Path,
    *,
    feedback: bool,
    paper: str,
    force: bool,
    more: Mapping[str, bytes] = {},
    folders: Mapping[str, str] = {},
) -> list[str]:
    """Write feedback, gradebooks, the report, the record, and `more`; return the files' names.

    If sheets have `folders`, their feedback also stands in a ZIP archive, in these.

    What an earlier run wrote is replaced, or removed where this one has none of it, unless somebody
    has changed it since. All stands in a folder of its own before anything is replaced.

    Raises:
        InputError: if nothing could be marked, if a file is somebody else's or has been changed and
            `force` is not given, or if one cannot be written.
    """
    if not marking.marked:
        of = f"; {marking.against}" if marking.against else ""
        raise InputError(told("nothing could be marked, so nothing is written{of}", of=of))
    prepare(output)
    with locked(output):
        return _write(marking, output, feedback, paper, force, more, folders)


def _write(
    marking: Marking,
    output: Path,
    feedback: bool,
    paper: str,
    force: bool,
    more: Mapping[str, bytes],
    folders: Mapping[str, str],
) -> list[str]:
    """Write everything into a folder that nobody else writes into."""
    earlier = _earlier(output)
    names = file_names(marking.marked) if feedback else {}
    together = print_files(marking.marked, paper) if feedback else []
    written = [*names.values(), *(one.name for one in together)]
    written += ["marks.csv", "marks.xlsx", "report.html", *PRINTED]
    written += [*more, *([ARCHIVE] if folders and names else []), RECORD]
    if not force:
        _refuse(marking, output, earlier, written)
    try:
        with _staging(output) as folder:
            digests = _make(marking, names, together, paper, folder, more, folders)
            _replace(folder, output, digests, earlier, force=force)
    except OSError as error:
        where = error.filename or output
        raise InputError(
            told("cannot write {where}: {reason}", where=where, reason=error.strerror or error)
        ) from None
    return [name for name in written if name in digests or name == RECORD]


def _earlier(output: Path) -> dict[str, set[str]]:
    """Return the files that earlier runs wrote, with the digests each of them may have.

    A run that was killed while it put its files into their places has left its record behind.
    """
    found: dict[str, set[str]] = {}
    for path in (output / RECORD, output / UNFINISHED / RECORD):
        for name, digest in record.head_of(path).get("files", {}).items():
            if OWN.fullmatch(name) and isinstance(digest, str):
                found.setdefault(name, set()).add(digest)
    return found


def _refuse(
    marking: Marking, output: Path, earlier: Mapping[str, set[str]], written: Sequence[str]
) -> None:
    """Refuse to replace other people's files, or another class's marks."""
    before = record.head_of(output / RECORD)
    if before.get("ids") and not set(before["ids"]) & {one.sheet.id for one in marking.marked}:
        raise InputError(
            told("{output} has the marks of other sheets", output=output / RECORD), "force"
        )
    for name in dict.fromkeys((*written, *earlier)):
        path = output / name
        if not path.exists() or (name == RECORD and before):
            continue
        if path.is_dir() or _digest(path) not in earlier.get(name, ()):
            raise InputError(
                told("{path} exists and holds something else than marking wrote", path=path),
                "force",
            )


@contextmanager
def _staging(output: Path) -> Iterator[Path]:
    """Yield a folder to write into. It stays behind only if files were being replaced."""
    folder = output / UNFINISHED
    rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        if not (folder / RECORD).exists() or not _waiting(folder):
            rmtree(folder, ignore_errors=True)


def _waiting(folder: Path) -> bool:
    """Tell whether some of a folder's files were put into their places, and the record not."""
    head = record.head_of(folder / RECORD)
    return any(not (folder / name).exists() for name in head.get("files", {}))


def _make(
    marking: Marking,
    names: Mapping[int, str],
    together: Sequence[PrintFile],
    paper: str,
    folder: Path,
    more: Mapping[str, bytes],
    folders: Mapping[str, str],
) -> Digests:
    """Make everything in a folder, in several processes if it is much; the record comes last."""
    html = report.as_html(marking, paper)
    with _executor(len(marking.marked)) as executor:
        jobs = [executor.submit(_report, html, folder) for _ in PRINTED]
        # A learning platform takes an empty cell for "no grade", also where it has one already: who
        # is missing stands in the table for people, and not in the one to be imported.
        table = gradebook.table(marking.marked, marking.missing)
        steps = gradebook.steps(marking.marked)
        jobs.append(executor.submit(_workbook, table, steps, folder))
        pages = make(marking.marked, names, together, paper, folder, executor)
        digests = _written(
            folder,
            {
                "marks.csv": gradebook.as_csv(gradebook.table(marking.marked)),
                "report.html": html.encode("utf-8", "replace"),
                **more,
            },
        )
        students = list(record.students(marking, names))
        for made in (*pages, *(job.result() for job in jobs)):
            digests |= made
    if folders and names:
        named = [(name, marking.marked[place]) for place, name in names.items()]
        digests |= _archive(named, folder, folders)
    with (folder / RECORD).open("wb") as file:
        file.writelines(record.as_json(marking, students, digests))
    return digests


def _archive(named: Sequence[Named], folder: Path, folders: Mapping[str, str]) -> Digests:
    """Write an archive of the feedback, each file in its folder; the same bytes each time."""
    with ZipFile(folder / ARCHIVE, "w") as archive:
        for name, one in named:
            if where := folders.get(one.sheet.id):
                entry = ZipInfo(f"{where}/{Path(name).name}")  # of 1980, as every archive's first
                archive.writestr(entry, (folder / name).read_bytes())
    with (folder / ARCHIVE).open("rb") as file:
        return {ARCHIVE: file_digest(file, "sha256").hexdigest()}


def _executor(students: int) -> AbstractContextManager[Executor]:
    if students <= FEW or cores() == 1:
        return threads(1)  # the renderer bears no second one
    return executor_of(None, cores())


def _workbook(table: gradebook.MarksTable, steps: gradebook.MarksTable, folder: Path) -> Digests:
    from worksheets.marking import workbook  # which takes its time to load

    return _written(folder, {"marks.xlsx": workbook.as_workbook(table, steps)})


def _report(html: str, folder: Path) -> Digests:
    try:
        return _written(folder, {"report.pdf": report.as_pdf(html)})
    except InputError:  # no renderer is installed: the same stands in report.html
        return {}


def _written(folder: Path, contents: Mapping[str, bytes]) -> Digests:
    """Write files into a folder, and return their digests."""
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {name: sha256(content).hexdigest() for name, content in contents.items()}


def _replace(
    folder: Path, output: Path, digests: Digests, earlier: Mapping[str, set[str]], *, force: bool
) -> None:
    """Put the files into their places, the record last, and remove what is stale."""
    if (folder / FEEDBACK).exists():
        prepare(output / FEEDBACK)
    for name in digests:
        if _digest(output / name) != digests[name]:
            (folder / name).replace(output / name)
    for name in earlier.keys() - digests.keys():
        path = output / name
        if path.is_file() and (force or _digest(path) in earlier[name]):
            path.unlink()
    synchronise(folder / RECORD)
    (folder / RECORD).replace(output / RECORD)
    synchronise(output)
    if (output / FEEDBACK).is_dir() and not any((output / FEEDBACK).iterdir()):
        (output / FEEDBACK).rmdir()


def _digest(path: Path) -> str:
    """Return a file's SHA-256, or nothing if it is not there."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, IsADirectoryError):
        return ""
