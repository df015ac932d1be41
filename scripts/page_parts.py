"""Fetch what the page in the browser is made of, by the hashes of page-parts.toml, and pack it."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatch
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PINS = Path(__file__).with_name("page-parts.toml")


def pins(*, for_tests: bool = False) -> dict[str, dict[str, object]]:
    """Return the page's parts by name, or what its tests look at it by."""
    pinned = tomllib.loads(PINS.read_text("utf-8"))
    return {name: pin for name, pin in pinned.items() if bool(pin.get("tests")) == for_tests}


def fetched(pin: Mapping[str, object], folder: Path) -> bytes:
    """Return a part's archive, from the folder if it was fetched before.

    Raises:
        SystemExit: if it cannot be fetched, or is not the one that is pinned.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = str(pin.get("wheel") or f"{pin['npm']}-{pin['version']}.tgz")
    path = folder / name
    if not path.exists():
        _fetch(pin, folder)
    content = path.read_bytes()
    refuse_other(name, content, str(pin["sha256"]))
    return content


def _fetch(pin: Mapping[str, object], folder: Path) -> None:
    if "npm" in pin:
        command = ["npm", "pack", "--silent", f"{pin['npm']}@{pin['version']}"]
    else:
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq"]
        command += [
            "download",
            "--no-deps",
            "--only-binary=:all:",
            f"{pin['pypi']}=={pin['version']}",
        ]
        if "platform" in pin:
            command += ["--platform", str(pin["platform"]), "--python-version", "3.12"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def refuse_other(name: str, content: bytes, pinned: str) -> None:
    """End with a message if the content is not what is pinned."""
    found = sha256(content).hexdigest()
    if found != pinned:
        raise SystemExit(f"{name}: its SHA-256 is {found}, and {pinned} is pinned in {PINS.name}")


def npm_files(pin: Mapping[str, object], archive: bytes) -> dict[str, bytes]:
    """Return the files that are taken out of an npm package."""
    with tarfile.open(fileobj=BytesIO(archive)) as tar:

        def content(name: str) -> bytes:
            member = tar.extractfile(f"{pin['within']}/{name}")
            if member is None:
                raise SystemExit(f"{pin['npm']}: it has no file {name}")
            return member.read()

        return {name: content(name) for name in pin["files"]}  # type: ignore[attr-defined]


def python_files(pin: Mapping[str, object], archive: bytes) -> dict[str, bytes]:
    """Return the files of a Python package, without those that the page does not need."""
    if member := pin.get("member"):
        with ZipFile(BytesIO(archive)) as outer:
            archive = outer.read(str(member))
        refuse_other(str(member), archive, str(pin["member_sha256"]))
    left_out = [str(one) for one in pin.get("without", [])]  # type: ignore[attr-defined]
    with ZipFile(BytesIO(archive)) as wheel:
        return {
            name: wheel.read(name)
            for name in sorted(wheel.namelist())
            if not name.endswith("/") and not any(_is_in(name, one) for one in left_out)
        }


def _is_in(name: str, pattern: str) -> bool:
    """Tell whether a file is one that the pattern names, or in a folder that it names."""
    return fnmatch(name, f"{pattern}*" if pattern.endswith("/") else pattern)


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP archive of these files; the same bytes each time."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED, 9)  # of 1980
    return made.getvalue()


def below(folder: Path, wanted: Callable[[Path], bool], at: str) -> Iterable[tuple[str, bytes]]:
    """Yield the wanted files below a folder, by their names below `at`."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and wanted(path):
            yield f"{at}/{path.relative_to(folder).as_posix()}", path.read_bytes()
