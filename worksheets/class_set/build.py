"""Make a class set: chunk by chunk, wherever they are done, then merged in the roster's order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from itertools import chain
from pathlib import Path

from worksheets import cache, exercise
from worksheets.class_set import papers, part
from worksheets.class_set.assignment import Assignment
from worksheets.class_set.booklet import Booklet
from worksheets.class_set.merge import merge, print_files
from worksheets.class_set.name_lines import plan
from worksheets.class_set.order import Order, folder_of, in_sections, part_name
from worksheets.class_set.stale import remove_empty, remove_stale
from worksheets.class_set.standing import refuse_losses, refuse_others, standing_in
from worksheets.class_set.tally import Tally
from worksheets.class_set.work import Work
from worksheets.errors import InputError, NotProvedError
from worksheets.files import prepare, synchronise
from worksheets.language import to_tell, told
from worksheets.lock import locked
from worksheets.secret import keep_secret
from worksheets.sheet import stand_in

KEPT = to_tell("what is finished is kept, and the same command goes on from there")


def build(
    order: Order,
    output: Path,
    executor: Executor,
    *,
    workers: int,
    force: bool = False,
    progress: Callable[[int], None] = lambda sheets: None,
    tell: Callable[[str], None] = lambda note: None,
) -> papers.Certificate:
    """Write everything into the folder, and say what was made.

    Killed at any moment, the same call goes on where it was: what is finished lies in parts, which
    go when all is done. Files are renamed into their places at the very end.

    Raises:
        InputError: if the folder holds something else, cannot be written, or another run writes
            into it.
        NotProvedError: if the law says otherwise than a sheet; then nothing of the set is kept.
    """
    students = in_sections(order.students)
    if students != order.students:
        tell(
            told(
                "{roster}: its sections are put together, each where its first student is",
                roster=order.roster,
            )
        )
    if note := stand_in(exercise.find(order.specification.kind_name), order.own_theme):
        tell(note)
    order = replace(order, students=students)
    prepare(output)
    with locked(output):
        return _build(order, output, executor, workers, force, progress, tell)


def _build(
    order: Order,
    output: Path,
    executor: Executor,
    workers: int,
    force: bool,
    progress: Callable[[int], None],
    tell: Callable[[str], None],
) -> papers.Certificate:
    """Write everything into a folder that nobody else writes into."""
    there, planned = standing_in(output), plan(order, executor)
    assignment = Assignment.first(order, there.ids())
    if not force:
        refuse_others(order, output, there, list(chain(*print_files(planned))))
        refuse_losses(assignment, there, output)
    keep_secret(order.identity.secret)
    for note in planned.notes:
        tell(note)
    parts, key = folder_of(order, output), cache.own_key()
    try:
        prepare(parts)
        layouts = order.specification.keys()
        while True:
            chunks = assignment.chunks(planned)
            names = [parts / part_name(chunk, layouts) for chunk in chunks]
            work = Work(assignment, planned, names, output, key, tell)
            try:
                work.finish(executor, workers, progress)
            except InputError as error:
                raise InputError(f"{error}; {told(KEPT)}", error.remedy, *error.values) from None
            tally = Tally.of(part.facts(names))
            if not assignment.choose_again(tally.givens, tally.answers):
                break
        if not force:
            refuse_losses(assignment, there, output)
        certificate = papers.certificate(order, tally)
        with papers.temporary(output) as folder:
            booklet = Booklet(order, planned, names, executor)  # filled by others meanwhile
            digests = merge(order, planned, names, folder, folder / papers.KEYS)
            papers.write(order, planned, folder, names, digests, certificate)
            booklet.write(folder / papers.BOOKLET)
            if gone := remove_stale(output, there.own_files, names, key):
                tell(
                    told(
                        "{output}: {count} files of an earlier run, which this one lacks, "
                        "are removed",
                        output=output,
                        count=gone,
                    )
                )
            _put(folder, output, papers.of_a_set(output, there.sections))
    except NotProvedError as error:
        _withdraw(parts, output, key)
        raise NotProvedError(assignment.whose(error.sheet), error.fault) from None
    except OSError as error:
        reason = error.strerror or error
        raise InputError(
            told(
                "cannot write into {output}: {reason}; {kept}",
                output=output,
                reason=reason,
                kept=told(KEPT),
            )
        ) from None
    _remove(parts)
    return certificate


def _withdraw(parts: Path, output: Path, key: bytes) -> None:
    """Take back what was finished of a set that is not right, also its single files."""
    if not papers.of_a_set(output):  # else they may belong to what stands there
        for one in parts.glob("[0-9]*.part"):  # not those that were being written
            for single in part.summary(one)[1] if part.is_whole(one, key) else ():
                (output / single).unlink(missing_ok=True)
        remove_empty(output)
    _remove(parts)


def _remove(parts: Path) -> None:
    for one in parts.iterdir():
        one.unlink()
    parts.rmdir()


def _put(folder: Path, output: Path, there: Sequence[Path]) -> None:
    """Put everything into its place, and remove what an earlier run had there more."""
    made = sorted(file.name for file in folder.iterdir())
    for file in made:
        synchronise(folder / file)
    for file in made:
        (folder / file).replace(output / file)
    synchronise(output)
    for old in there:
        if old.name not in made:  # of a larger class, say
            old.unlink(missing_ok=True)
