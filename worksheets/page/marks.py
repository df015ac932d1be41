"""Mark what the page is given, and write what comes of it."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import chdir
from pathlib import Path

import worksheets as ws
from worksheets.language import told
from worksheets.page.archive import send_folder
from worksheets.page.classes import placed_secret
from worksheets.page.talk import HOME, Answer, Asked, Send, StoppedError, placed

HANDED_IN, EXPORT, MARKS = HOME / "handed-in", HOME / "export", HOME / "marks"
MANIFEST = "manifest.json"


def mark(asked: Asked, send: Send) -> Answer:
    """Mark the `files`, send all that comes of it as parts of one archive, and say who has what.

    A file has its content and when it was changed, in milliseconds, as the newer of two counts.
    `manifest` and `secret` are the contents of a class set's, or nothing. A `gradebook` comes with
    its `export`, a name and content, and the `item` that it gets. Meanwhile the file whose turn it
    is is told, as the page stops what takes too long.
    """
    if secret := asked["secret"]:
        ws.use_secret(placed_secret(secret))
    register = {MANIFEST: asked["manifest"]} if asked["manifest"] else {}
    contents = {name: content for name, (content, _) in asked["files"].items()}
    paths = placed(HANDED_IN, {**register, **contents})[len(register) :]
    for path, (_, changed) in zip(paths, asked["files"].values(), strict=True):
        os.utime(HANDED_IN / path, (changed / 1000, changed / 1000))
    placed(MARKS, {})
    done = 0

    def turn(path: Path | None) -> None:
        nonlocal done
        news = {"file": path.name if path else "", "done": done, "of": len(paths)}
        done += 1
        if not send(news):
            raise StoppedError

    with chdir(HANDED_IN):
        manifest = Path(MANIFEST) if register else None
        marking = ws.mark(paths, register=manifest, workers=1, turn=turn)
    notes: list[str] = []
    export = placed(EXPORT, dict([asked["export"]]) if asked["export"] else {})
    with chdir(EXPORT):
        if marking.marked:
            ws.write_marks(
                marking,
                MARKS,
                feedback=bool(asked["feedback"]),
                force=True,
                gradebook=asked["gradebook"],
                export=export[0] if export else None,
                item=asked["item"],
                tell=notes.append,
            )
    report = (MARKS / "report.html").read_text("utf-8") if marking.marked else ""
    send_folder(MARKS, send)
    return {
        "marked": [
            [one.student, one.name, one.sheet.id, one.shown(one.earned), one.shown(one.points)]
            for one in marking.marked
        ],
        "aside": [[one.source, one.reason] for one in marking.set_aside],
        "superseded": [[one.submission.source, one.newer.source] for one in marking.superseded],
        "missing": [[one.student, one.name, one.id] for one in marking.missing],
        "notes": [*_together(marking.notes), *notes],
        "report": report,
    }


def _together(notes: Iterable[str]) -> Iterator[str]:
    """Yield notes, each of which begins with its file; what is said of several is said once."""
    files: dict[str, list[str]] = defaultdict(list)
    for note in notes:
        file, _, what = note.partition(": ")
        files[what].append(file)
    for what, some in files.items():
        more = told(" and {count} more", count=len(some) - 1) if len(some) > 1 else ""
        yield f"{some[0]}{more}: {what}" if what else some[0]
