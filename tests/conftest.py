"""A run's seed and folder, what of the tests it takes, and in which order."""

import gc
import os
import shutil
import sys
from multiprocessing import active_children
from pathlib import Path
from random import SystemRandom
from tempfile import mkdtemp

import pytest
import whole_run
from hypothesis import HealthCheck, settings

from worksheets.exercise import all_kinds

# However busy the machine is, no example is too slow.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
# PyMuPDF, where it is imported, would load a neural network for the layout of pages: a second.
sys.modules["pymupdf.layout"] = None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", type=int, help="look at the sheets of an earlier run")
    parser.addoption("--sweep", action="store_true", help="all tests, with hundreds of sheets each")


def pytest_configure(config: pytest.Config) -> None:
    """Choose what the workers of xdist inherit with the environment, as all that they start does.

    What the program keeps between runs is kept for this one alone.
    """
    if hasattr(config, "workerinput"):
        return
    seed = config.getoption("seed")
    folder = Path(mkdtemp(prefix="worksheets-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ[whole_run.SEED] = str(SystemRandom().randrange(10**6) if seed is None else seed)
    os.environ[whole_run.FOLDER] = str(folder)
    os.environ["WORKSHEETS_CACHE"] = str(folder / "kept")
    if config.getoption("sweep"):
        os.environ[whole_run.SWEEP] = "1"


def pytest_report_header() -> str:
    return f"sheets: --seed {whole_run.seed()}{' --sweep' if whole_run.sweeps() else ''}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it again where it is asked for: beside what failed, and where no header is printed."""
    terminalreporter.write_line(pytest_report_header())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the sweeps to runs that ask for them; put beside each other what shares much.

    Most of the time goes into sheets, pages and layouts of a kind and level, which modules and
    fixtures keep: a worker that takes neighbours makes few of them a second time. First stand those
    in a browser, so that one worker opens it, and the other slow tests of no kind, the longest
    ones, and last the fast: what ends a run is easily shared.
    """
    left = [item for item in items if not whole_run.sweeps() and item.get_closest_marker("sweep")]
    config.hook.pytest_deselected(items=left)
    kinds, out = list(all_kinds()), set(left)

    def place(item: pytest.Item) -> tuple[int, ...]:
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        named = [kinds.index(one) for one in parameters if isinstance(one, str) and one in kinds]
        levels = [one for one in parameters if isinstance(one, int)]
        if named:
            return (named[0], *levels[:1])
        if "opened" in getattr(item, "fixturenames", ()):
            return (-2,)
        return (-1,) if item.get_closest_marker("slow") else (len(kinds),)

    items[:] = sorted((item for item in items if item not in out), key=place)


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never among tests and modules: that took a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)  # more seldom, and a worker grows to 4 GB


def pytest_sessionfinish() -> None:
    """End the process that draws a second page beside a worker: xdist's workers leave theirs."""
    for child in active_children():
        child.terminate()


@pytest.fixture(params=["pikepdf", "pypdf"])
def pdf_library(request, monkeypatch):
    """What forms are read by: natively, and in a browser."""
    from worksheets.machine import pdf_objects, plain_pdf
    from worksheets.marking.reading import drawn, fields, form, over

    if request.param == "pypdf":
        for module in (drawn, fields, form, over):
            for name in pdf_objects.__all__:
                if hasattr(module, name):
                    monkeypatch.setattr(module, name, getattr(plain_pdf, name))
    drawn._drawn.cache_clear()
    yield request.param
    drawn._drawn.cache_clear()


@pytest.fixture(scope="session")
def address():
    """Where the page is served."""
    from page_made import page_folder, served

    with served(page_folder()) as there:
        yield there


@pytest.fixture(scope="session")
def opened(address, tmp_path_factory):
    """The page in one browser for all of a worker's tests: no other host is asked."""
    from page_made import READY
    from tab import tab

    with tab(tmp_path_factory.mktemp("browser")) as made:
        made.size(1280, 900)
        made.open(address)
        made.until(READY)
        yield made
        assert all(one.startswith((address, "blob:", "data:")) for one in made.requests)
        assert made.said == []
