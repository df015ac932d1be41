"""The page of two small kinds, made once a run, and served."""

import os
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import whole_run

from worksheets.ids import LANGUAGES
from worksheets.page.serve import address, server

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "scripts"))

KINDS = {"matmul": (1,), "linear_relu": (1,)}
GREY = "matmul"  # a class of which gets sheets without colours


def page_folder():
    """The folder of the page."""
    return Path(whole_run.once("page", _made).decode())


def _made():
    import layouts
    import make_page

    run = Path(os.environ[whole_run.FOLDER])
    out, laid_out = run / "out-page", run / "page-layouts"
    laid_out.mkdir()
    for kind, levels in KINDS.items():
        for level in levels:
            for language in LANGUAGES.values():
                blank = layouts.specification(kind, level, "a4", language)
                layouts.sheet(laid_out, blank, with_form=True)
    layouts.sheet(laid_out, layouts.specification(GREY, 1, "a4", "en", look="grey"), with_form=True)
    make_page.main(out, laid_out, list(KINDS))
    return str(out).encode()


@contextmanager
def served(folder):
    """The address of the page, while it is served."""
    with server(folder) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        try:
            yield address(running)
        finally:
            running.shutdown()
            thread.join()
