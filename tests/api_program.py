"""A program that uses the package's front door alone: its types are checked, and it runs."""

from pathlib import Path

import worksheets as ws


def handed_out(folder: Path) -> ws.Certificate:
    """Make a class set from a roster, and one sheet more, proved."""
    students: list[ws.Student] = ws.read_roster(folder / "roster.csv", {"id": "Nummer"})
    page = ws.Page(paper="letter", fade="one-cell")
    order: ws.Order = ws.order(
        "matmul", students, set_name="autumn", page=page, formats={"pdf"}, roster="roster.csv"
    )
    sheet: ws.Sheet = ws.sheet("matmul", level=3, number=len(students))
    if not (verification := ws.verify(ws.from_id(sheet.id))).proved:
        faults: list[str] = [proof.fault for proof in verification.proofs if not proof.agrees]
        raise ValueError(faults)
    contents: dict[str, bytes] = ws.files(sheet, {"json"})
    ws.write_files(contents, folder / "sheet")
    return ws.class_set(order, folder / "set", workers=1)


def marked(folder: Path) -> dict[str, str]:
    """Mark what was handed in; each student's share of the points."""
    try:
        marking: ws.Marking = ws.mark([folder / "answers"], register=folder / "set")
    except ws.InputError as error:
        raise SystemExit(f"{error.message} {error.remedy}") from None
    ws.write_marks(marking, folder / "marks", feedback=False, force=True)
    return {one.student: one.percent for one in marking.marked}


def minutes() -> dict[str, list[int]]:
    """Minutes of each level, by kind."""
    kinds: tuple[ws.KindSummary, ...] = ws.kinds()
    return {kind.name: [level.minutes for level in kind.levels] for kind in kinds}
