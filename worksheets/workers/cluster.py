"""Make an executor of a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

Result = TypeVar("Result")
RETRIES = 3  # of a load whose workers die


class Cluster(Executor):
    """Submit work to a Dask client.

    Dask's own executor takes a result for a fault if its worker dies once it has been fetched; here
    a lost result is computed again.
    """

    def __init__(self, client: Any) -> None:
        self.client = client

    def submit(self, work: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Have a function called by a worker, and return the future of its result."""
        told: Future[Result] = Future()

        def tell(asked: Any) -> None:
            if told.set_running_or_notify_cancel():
                try:
                    told.set_result(asked.result())
                except Exception as error:  # whatever the work has raised
                    told.set_exception(error)

        asked = self.client.submit(work, *args, pure=False, retries=RETRIES, **kwargs)
        asked.add_done_callback(tell)
        return told
