"""Where processes cannot share memory, as in some containers, one process does all the work."""

import errno
import os
from multiprocessing import synchronize

import pytest

from worksheets.ids import Identity
from worksheets.render import pdf
from worksheets.sheet import make
from worksheets.workers.processes import executor_of


@pytest.fixture(autouse=True)
def no_shared_memory(monkeypatch):
    """Each lock between processes is refused, as without a folder /dev/shm to write in."""

    def refuse(*_, **__):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(synchronize.SemLock, "__init__", refuse)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    pdf.other_core.cache_clear()
    yield
    pdf.other_core.cache_clear()


@pytest.mark.slow
def test_blank_and_solved_are_rendered_one_after_the_other():
    (sheet,) = make([Identity("MATM", 1, 3)])
    expected = tuple(pdf.render_pdf(sheet, solved=solved) for solved in (False, True))
    assert pdf.render_both(sheet) == expected


def test_a_class_set_is_made_in_this_process():
    with executor_of(None, 2) as executor:
        assert executor.submit(os.getpid).result() == os.getpid()
