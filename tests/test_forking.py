"""Ctrl-C while a pool starts its processes: it is answered, and not before they have started."""

import os
import signal
from concurrent.futures import Executor

import pytest

from worksheets.machine.forking import start


@pytest.fixture(autouse=True)
def _heard():
    """Ctrl-C raises KeyboardInterrupt, whatever the tests themselves were started with."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Interrupted(Executor):
    """A pool that is interrupted as it starts."""

    def __init__(self):
        self.started = False

    def submit(self, *_args, **_more):
        os.kill(os.getpid(), signal.SIGINT)
        self.started = True


@pytest.mark.skipif(os.name != "posix", reason="a signal is what Ctrl-C sends there")
def test_it_is_answered_when_they_have_started():
    pool = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        start(pool)
    assert pool.started
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.skipif(os.name != "posix", reason="a signal is what Ctrl-C sends there")
def test_it_is_left_to_who_answers_it():
    heard = []
    signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    pool = Interrupted()
    start(pool)
    assert (pool.started, heard) == (True, [signal.SIGINT])


def test_without_it_nothing_is_raised_and_its_answer_stays():
    class Quiet(Executor):
        def submit(self, *_args, **_more):
            return None

    start(Quiet())
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
