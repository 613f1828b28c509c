"""The embedded store: one DuckDB file that keeps logs, spans and samples, and answers for all three."""

import asyncio
import atexit
from importlib.resources import files
from pathlib import Path
from typing import Self

import duckdb

from backend.clock import Clock
from backend.engines.embedded.arrivals import LogArrivals
from backend.engines.embedded.directory_lock import DirectoryLock
from backend.engines.embedded.intake import IntakeQueue
from backend.engines.embedded.logs import EmbeddedLogs
from backend.engines.embedded.metrics import EmbeddedMetrics
from backend.engines.embedded.readers import Readers
from backend.engines.embedded.retention import Retention, RetentionKeeper
from backend.engines.embedded.ring import LogRing
from backend.engines.embedded.sequences import Sequences
from backend.engines.embedded.single import single
from backend.engines.embedded.tally import StoreStats, Tally
from backend.engines.embedded.traces import EmbeddedTraces
from backend.engines.embedded.writer import Writer
from backend.errors import Unavailable

FILE_NAME = "telemetry.duckdb"
BYTES_PER_QUEUED_ROW = 512
"""Mean size up to which the row limit of the queue, not its byte limit, decides."""


class EmbeddedStore:
    """Opens the store of a directory, which it holds alone until closed."""

    def __init__(
        self,
        directory: Path,
        lock: DirectoryLock,
        connection: duckdb.DuckDBPyConnection,
        clock: Clock,
        retention: Retention,
        queue_rows: int,
    ) -> None:
        self._directory = directory
        self._lock = lock
        self._connection = connection
        self._clock = clock
        self._tally = Tally()
        sequences = _sequences(connection)
        _count(connection, self._tally)
        self.log_arrivals = LogArrivals(sequences.log)
        ring = LogRing()
        self._queue = IntakeQueue(queue_rows, queue_rows * BYTES_PER_QUEUED_ROW)
        self._readers = Readers(connection)
        self._keeper = RetentionKeeper(directory / FILE_NAME, retention, clock, self._tally)
        self._writer = Writer(
            connection.cursor(), self._queue, sequences, self.log_arrivals, ring, self._tally, self._keeper.step
        )
        self.intake = self._queue
        self.logs = EmbeddedLogs(self._readers, ring, self.log_arrivals, self._tally)
        self.traces = EmbeddedTraces(self._readers)
        self.metrics = EmbeddedMetrics(self._readers, self._tally)
        self._writer.start()
        atexit.register(self._shut)  # a thread inside the database must not outlive the interpreter

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        clock: Clock,
        retention: Retention | None = None,
        queue_rows: int = 100_000,
        memory_limit_mb: int = 128,
    ) -> Self:
        """Open or create the store; raise `DirectoryInUse` if another process holds it, `Unavailable` if broken."""
        lock = DirectoryLock(directory)
        try:
            connection = _connect(directory, memory_limit_mb)
            return cls(directory, lock, connection, clock, retention or Retention(), queue_rows)
        except duckdb.Error as error:
            lock.close()
            raise Unavailable(f"The store in {directory} cannot be opened: {error}") from error
        except BaseException:
            lock.close()
            raise

    def stats(self) -> StoreStats:
        """Return rows, newest times, rates, size and the last error; cheap, and free of any query."""
        now = self._clock.monotonic()
        return StoreStats(
            logs=self._tally.logs.stats(now),
            spans=self._tally.spans.stats(now),
            samples=self._tally.samples.stats(now),
            bytes_on_disk=_bytes_on_disk(self._directory),
            queue_depth=self._queue.depth,
            last_error=self._tally.last_error,
            last_error_at=self._tally.last_error_at,
        )

    async def close(self) -> None:
        """Write what waits, let reads end, and release the directory; a second call does nothing."""
        await asyncio.to_thread(self._shut)

    def _shut(self) -> None:
        atexit.unregister(self._shut)
        self._queue.close()
        self._writer.join()
        self._readers.close()
        self._connection.close()
        self._lock.close()


def _connect(directory: Path, memory_limit_mb: int) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        str(directory / FILE_NAME),
        config={
            "memory_limit": f"{memory_limit_mb}MB",
            "threads": 2,
            "temp_directory": str(directory / "tmp"),
            "autoinstall_known_extensions": False,
            "allow_unsigned_extensions": False,
        },
    )
    connection.execute("SET enable_external_access = false")  # no query may read or write other files
    connection.execute(files("backend.engines.embedded").joinpath("schema.sql").read_text("utf-8"))
    return connection


def _sequences(connection: duckdb.DuckDBPyConnection) -> Sequences:
    def highest(table: str) -> int:
        row = single(
            connection,
            f"SELECT greatest((SELECT coalesce(max(seq), 0) FROM {table}), "
            "(SELECT coalesce(max(value), 0) FROM counters WHERE name = ?))",
            [table],
        )
        return int(row[0]) if row else 0

    return Sequences(log=highest("logs"), span=highest("spans"))


def _count(connection: duckdb.DuckDBPyConnection, tally: Tally) -> None:
    for signal, table, newest in (
        (tally.logs, "logs", "max(ts_ns)"),
        (tally.spans, "spans", "max(start_ns)"),
        (tally.samples, "samples", "max(ts_ms) * 1000000"),
    ):
        row = single(connection, f"SELECT count(*), {newest} FROM {table}")
        if row:
            signal.rows, signal.newest_ns = row


def _bytes_on_disk(directory: Path) -> int:
    found = (directory / name for name in (FILE_NAME, f"{FILE_NAME}.wal"))
    return sum(path.stat().st_size for path in found if path.exists())
