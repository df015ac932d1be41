"""Start threads and processes, or in a browser, which has neither, do work when it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

BROWSER = sys.platform == "emscripten"


class AtOnce(Executor):
    """Do work in the caller's own thread, before its future is given."""

    def submit(
        self,
        fn: Callable[Arguments, Result],
        /,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Future[Result]:
        """Call a function, and return the future of its result or of what it raised."""
        future: Future[Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # whatever the work has raised
            future.set_exception(error)
        return future


def threads(count: int) -> Executor:
    """Return an executor of so many threads."""
    return AtOnce() if BROWSER else ThreadPoolExecutor(count)
