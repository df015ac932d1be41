"""The page in a browser, beside the same work natively: python -m benchmarks.page [FOLDER].

The folder is what `make page KINDS=rlhf` makes at least, out/page if none is named.
"""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from benchmarks.measure import seconds, table

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))

SIZES = (30, 300, 1000)
VISITS = ("first", "second", "third")
MIB = 2**20
SHOWN = (
    "(document.getElementById('shown').ariaBusy ? '' : document.getElementById('shown').dataset.id)"
)
READY = "document.documentElement.dataset.stage === 'ready'"
KEPT = "document.documentElement.dataset.kept"
ANOTHER = "document.getElementById('another').click();"
# The milliseconds since the page was opened at which this is so; until then it may be undefined.
WHEN = """new Promise((resolve) => {{
    const so = () => {{ try {{ return {0}; }} catch {{ return false; }} }};
    const look = () => (so() ? resolve(performance.now()) : setTimeout(look, 10));
    look();
}})"""
LOADED = """(async () => {
    const seen = performance.getEntriesByType("resource").map((one) => one.name);
    const files = (await caches.keys()).filter((one) => one !== "python"); // memory is no file
    for (const name of files)
        seen.push(...(await (await caches.open(name)).keys()).map((one) => one.url));
    return seen.filter((one) => one.startsWith(location.origin));
})()"""
NATIVE = """
import sys
from pathlib import Path
import worksheets as ws
roster, folder = map(Path, sys.argv[1:])
order = ws.order(
    "rlhf", ws.read_roster(roster), set_name="page", level=1, roster="class.csv", proved=False
)
ws.class_set(order, folder, workers=1)
"""


def report(page: Path) -> None:
    """Print the bytes to load, the seconds to a first sheet, and those of class sets."""
    from page_made import served

    with TemporaryDirectory() as folder, served(page) as there:
        profile = Path(folder, "browser")
        _starts(page, there, profile)
        _classes(there, profile, Path(folder))


def _starts(page: Path, there: str, profile: Path) -> None:
    rows = []
    for visit in VISITS:
        with _tab(profile) as tab:
            tab.open(there)
            picture = tab.value(WHEN.format(SHOWN))
            before = tab.value(f"const id = {SHOWN}; {ANOTHER} id")
            sheet = tab.value(WHEN.format(f"{SHOWN} && {SHOWN} !== {before!r}"))
            ready = tab.value(WHEN.format(READY))
            tab.value(WHEN.format(KEPT))
            start = tab.value(f"{ANOTHER} performance.now()")
            following = tab.value(WHEN.format(SHOWN)) - start
            if not rows:
                loaded = tab.value(LOADED)
        times = (picture, ready, sheet, following)
        rows.append([f"{visit} visit", *(f"{time / 1000:.2f}" for time in times)])
    with TemporaryDirectory() as out:
        command = [sys.executable, "generator.py", "sheet", "rlhf", "--level", "1", "--output", out]
        _run(command)  # its layouts are kept
        rows.append(["natively", "", "", f"{seconds(lambda: _run(command)):.2f}", ""])
    names = {re.sub(r"[?#].*", "", one.removeprefix(there)) or "index.html" for one in loaded}
    contents = [(page / name).read_bytes() for name in sorted(names | {"sw.js"})]
    whole = sum(len(gzip.compress(content, 6)) for content in contents)
    print(f"\nTo load: {len(contents)} files, {whole / 1e6:.2f} MB by gzip")
    table(
        "Seconds from opening it",
        ("", "picture of a sheet", "Python ready", "first sheet made", "the next one takes"),
        rows,
    )


def _classes(there: str, profile: Path, folder: Path) -> None:
    rows = []
    for size in SIZES:
        roster = folder / f"{size}.csv"
        lines = [f"{number},Student {number}" for number in range(1000, 1000 + size)]
        roster.write_text("\n".join(["id,name", *lines, ""]), "utf-8")
        with _tab(profile) as tab:
            tab.open(f"{there}#class")
            tab.value(WHEN.format(READY))
            tab.give("#list", roster)
            tab.value(WHEN.format("document.getElementById('list-count')"))
            there_first, again = _made(tab), _made(tab)
            peak = _peak()
        natively = seconds(
            lambda roster=roster: _run(
                [sys.executable, "-c", NATIVE, str(roster), str(folder / roster.stem)]
            )
        )
        times = (there_first, again, natively)
        rows.append([f"{size:,}", *(f"{time:.1f}" for time in times), f"{peak / MIB:,.0f}"])
    table(
        "A class's set, rlhf, level 1, in seconds; one worker, not proved",
        ("students", "in the browser", "again", "natively", "the tab's peak, MiB"),
        rows,
    )


def _made(tab: Any) -> float:
    start = tab.value(
        "document.getElementById('class-set').value = 'page';"
        "document.getElementById('class-kind').value = 'rlhf';"
        "document.getElementById('class-kind').dispatchEvent(new Event('change'));"
        "document.getElementById('class-make').click(); performance.now()"
    )
    done = "document.getElementById('class-running').hidden"
    end = tab.value(WHEN.format(done))
    fault = tab.value("document.getElementById('class-fault').textContent")
    if fault:
        raise SystemExit(fault)
    return float(end - start) / 1000


def _peak() -> int:
    """Return the most memory that a tab of this process's browser has had."""
    children = psutil.Process().children(recursive=True)
    tabs = [one for one in children if "--type=renderer" in one.cmdline()]
    status = [Path(f"/proc/{one.pid}/status").read_text("utf-8") for one in tabs]
    return max(int(re.findall(r"VmHWM:\s+(\d+) kB", text)[0]) for text in status) * 1024


def _run(command: list[str]) -> None:
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


@contextmanager
def _tab(profile: Path) -> Iterator[Any]:
    from tab import tab

    with tab(profile) as made:
        made.size(1280, 900)
        yield made


if __name__ == "__main__":
    report(Path(sys.argv[1] if len(sys.argv) > 1 else "out/page"))
