"""Runs reads on a few threads, each on a cursor of its own, and stops them when nobody waits any more."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

import duckdb

from backend.errors import InvalidRequest, Unavailable

T = TypeVar("T")
Read = Callable[[duckdb.DuckDBPyConnection], T]

DEADLINE_S = 30.0
THREADS = 3


class Readers:
    """A pool of reading threads over one database."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self._database = database
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="airis-read")

    async def run(self, read: Read[T], *, deadline_s: float = DEADLINE_S) -> T:
        """Run a read; a cancelled task or a passed deadline interrupts the query itself."""
        job = _Job(self._database, read)
        work = asyncio.get_running_loop().run_in_executor(self._pool, job.run)
        try:
            return await asyncio.wait_for(asyncio.shield(work), deadline_s)
        except TimeoutError:
            job.stop()
            await asyncio.wait([work], timeout=1.0)
            _forget(work)
            raise Unavailable(f"The embedded store did not answer within {deadline_s:g} s.") from None
        except asyncio.CancelledError:
            job.stop()
            _forget(work)
            raise
        except duckdb.Error as error:
            raise _explained(error) from error

    def close(self) -> None:
        """Wait for running reads and stop."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class _Job(Generic[T]):
    """One read that can be stopped from another thread at any moment."""

    def __init__(self, database: duckdb.DuckDBPyConnection, read: Read[T]) -> None:
        self._database = database
        self._read = read
        self._cursor: duckdb.DuckDBPyConnection | None = None
        self._stopped = False
        self._guard = threading.Lock()

    def run(self) -> T:
        """Open a cursor and read."""
        with self._guard:
            if self._stopped:
                raise duckdb.InterruptException("stopped before it began")
            cursor = self._cursor = self._database.cursor()
        try:
            return self._read(cursor)
        finally:
            with self._guard:
                self._cursor = None
            cursor.close()

    def stop(self) -> None:
        """Interrupt the query if it runs, or keep it from running."""
        with self._guard:
            self._stopped = True
            if self._cursor is not None:
                self._cursor.interrupt()


def _forget(work: asyncio.Future[T]) -> None:
    """Take note of a result that nobody waits for, so that asyncio does not report it."""
    work.add_done_callback(lambda done: done.cancelled() or done.exception())


def _explained(error: duckdb.Error) -> InvalidRequest | Unavailable:
    if isinstance(error, duckdb.OutOfMemoryException):
        return InvalidRequest("The question needs more memory than the embedded store may use; narrow it.")
    return Unavailable(f"The embedded store failed: {error}")
