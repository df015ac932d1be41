"""How students' own files of a class set are found by the sheet's ID in their names."""

from pathlib import Path


def sheet_id(path: Path) -> str:
    """The ID in a file's name, which goes on with a dash or ends there."""
    return "-".join(path.stem.rpartition("_")[2].split("-")[:4])


def own_file(output: Path, folder: str, end: str) -> Path:
    """The only file in a set's folder whose name ends so."""
    (path,) = (path for path in (output / folder).iterdir() if path.name.endswith(end))
    return path
