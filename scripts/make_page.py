"""The page in the browser: static files, with Python, the program and its layouts beside them.

Arguments: the folder that it goes to, and that of the layouts; then, if the page is not to have all
kinds, names of kinds. What is fetched lies in build/parts.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from page_data import ladder, samples, spoken
from page_parts import below, fetched, npm_files, packed, pins, python_files

import worksheets as ws
from worksheets import cache, derived, exercise, language
from worksheets.ids import LANGUAGES
from worksheets.render.texts import folder

PACKAGE = Path(cache.__file__).parent
SITE = PACKAGE / "page" / "site"
PARTS = Path("build/parts")
LATER, PROOFS = "more.zip", "proofs.zip"
LATER_FILES = ("layouts/", "samples/")  # kept by a browser once they were asked for
NOT_PROGRAM = {"cli", "site", "__pycache__", "_layouts", "_templates"}


def main(out: Path, layouts: Path, kinds: list[str]) -> None:
    """Make the page anew; what stood in the folder before is gone."""
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(SITE, out)
    shutil.copytree(layouts, out / "layouts")
    shutil.copytree(folder() / "fonts", out / "fonts")
    names = sorted(path.name for path in layouts.iterdir())
    kinds = kinds or list(exercise.all_kinds())
    core: dict[str, bytes] = {}
    later: dict[str, bytes] = {}
    proofs: dict[str, bytes] = {}
    for name, pin in pins().items():
        archive = fetched(pin, PARTS)
        if "npm" in pin:
            write(out / name, npm_files(pin, archive))
        elif name == "numpy":
            write(out, {"numpy.zip": packed(python_files(pin, archive))})
        else:
            where = {LATER: later, PROOFS: proofs}.get(str(pin.get("into")), core)
            where.update(python_files(pin, archive))
    core.update(program())
    core["worksheets/_layouts/names.json"] = json.dumps(names).encode()
    write(out, {"program.zip": packed(core), LATER: packed(later), PROOFS: packed(proofs)})
    compiled(out, ["numpy.zip", "program.zip"])
    for one in LANGUAGES.values():
        write(out / "data", {f"ladder-{one}.json": ladder(one, kinds, set(names))})
        for sheet in samples(kinds, one, set(names)):
            write(out / "samples", ws.files(sheet, {"pdf"}))
        write(out / "data", {f"texts-{one}.json": spoken(one)})
    offline(out)
    print(f"{out}: {sum(1 for _ in files(out))} files, {size(out) / 1e6:.1f} MB")


def program() -> Iterator[tuple[str, bytes]]:
    """Yield the program's files as they lie where packages do, and what it keeps between runs."""

    def wanted(path: Path) -> bool:
        return not NOT_PROGRAM & set(path.relative_to(PACKAGE).parts) and path.suffix != ".pyc"

    yield from below(PACKAGE, wanted, "worksheets")
    yield from below(folder(), lambda path: True, "worksheets/_templates")
    for path in sorted(language.FOLDER.rglob("*.po")):
        name, content = language.compiled(path.read_bytes())
        yield f"cache/{name}", cache.mark(name, content) + content
    yield from laws()


def laws() -> Iterator[tuple[str, bytes]]:
    """Yield what SymPy derives for the kinds' laws, some 5 kB, so that no browser derives it."""
    with TemporaryDirectory() as folder:
        program = "from worksheets.verify import derive_all; derive_all()"
        env = {**os.environ, "WORKSHEETS_CACHE": folder}
        subprocess.run([sys.executable, "-c", program], check=True, env=env)
        for path in sorted(Path(folder).glob("law-*")):
            name, content = derived.carried_name(path.name), cache.unmarked(path.name, path)
            yield f"cache/{name}", cache.mark(name, content) + content


def compiled(out: Path, archives: list[str]) -> None:
    """Compile the modules in archives, which saves a third of the time until a first sheet.

    The others are left as they are: they would be twice as large, and are loaded later.
    """
    command = ["node", str(Path(__file__).with_name("bytecode.mjs")), str(out.resolve()), *archives]
    subprocess.run(command, check=True)


def offline(out: Path) -> None:
    """Tell the service worker what it keeps, under a name that every change changes."""
    found = {path.relative_to(out).as_posix(): path.read_bytes() for path in files(out)}
    digests = {name: hashed(content) for name, content in found.items()}
    needed = ["./", *(one for one in found if not one.startswith(LATER_FILES))]
    for name in (PROOFS, "sw.js"):
        needed.remove(name)
    worker = (out / "sw.js").read_text("utf-8")
    worker = worker.replace("@VERSION", hashed(json.dumps(digests).encode()))
    write(out, {"sw.js": worker.replace('["@FILES"]', json.dumps(needed)).encode()})


def hashed(content: bytes) -> str:
    """Return a short hash."""
    return sha256(content).hexdigest()[:16]


def files(out: Path) -> Iterator[Path]:
    """Yield all files below a folder, in order."""
    yield from sorted(path for path in out.rglob("*") if path.is_file())


def size(out: Path) -> int:
    """Return how many bytes the page has."""
    return sum(path.stat().st_size for path in files(out))


def write(folder: Path, contents: dict[str, bytes]) -> None:
    """Write files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
