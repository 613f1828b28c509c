"""Forgets the oldest telemetry, by age and by size, in small steps between writes."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from backend.clock import Clock
from backend.engines.embedded.sequences import Sequences
from backend.engines.embedded.series_index import SeriesIndex
from backend.engines.embedded.single import single
from backend.engines.embedded.tally import Tally

DAY_S = 86_400
PERIOD_S = 60.0
"""Between two looks while all is well."""
EAGER_S = 1.0
"""Between two looks while the store is still too large."""
STEP_SHARE = 10
"""A step by size forgets one part in so many of the heaviest table."""
SERIES_PERIOD_S = 3600.0

_AGE = {"logs": ("ts_ns", 1), "spans": ("start_ns", 1), "samples": ("ts_ms", 1_000_000)}
"""The time column of a table, and how many nanoseconds its unit is."""
_ROW_BYTES = {"logs": 60, "spans": 90, "samples": 12}
"""About what a row takes on disk, to tell which table is heaviest."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long and how much is kept; whichever bound is met first decides."""

    max_age_s: float = 7 * DAY_S
    max_bytes: int = 2 * 1024**3


class RetentionKeeper:
    """Applies the bounds; `step` is called by the writer thread after every group and returns at once most times."""

    def __init__(self, file: Path, retention: Retention, clock: Clock, tally: Tally) -> None:
        self._file = file
        self._retention = retention
        self._clock = clock
        self._tally = tally
        self._due = clock.monotonic()
        self._series_due = clock.monotonic() + SERIES_PERIOD_S

    def step(self, connection: duckdb.DuckDBPyConnection, sequences: Sequences, series: SeriesIndex) -> None:
        """Forget what is too old, then one part of what is too much, when it is time to look."""
        now = self._clock.monotonic()
        if now < self._due:
            return
        self._due = now + PERIOD_S
        deleted = self._forget_old(connection, sequences)
        if self._too_large(connection):
            self._due = now + EAGER_S
            deleted += self._forget_oldest_part(connection, sequences)
        if deleted:
            connection.execute("CHECKPOINT")  # emptied row groups become free blocks, which new rows then fill
        if now >= self._series_due:
            self._series_due = now + SERIES_PERIOD_S
            connection.execute("DELETE FROM series WHERE id NOT IN (SELECT DISTINCT series_id FROM samples)")
            series.reload(connection)

    def _forget_old(self, connection: duckdb.DuckDBPyConnection, sequences: Sequences) -> int:
        limit_ns = self._clock.time_ns() - int(self._retention.max_age_s * 1e9)
        return sum(
            self._delete(connection, sequences, table, f"{column} < ?", limit_ns // unit)
            for table, (column, unit) in _AGE.items()
        )

    def _too_large(self, connection: duckdb.DuckDBPyConnection) -> bool:
        row = single(connection, "SELECT used_blocks * block_size FROM pragma_database_size()")
        log = self._file.with_name(self._file.name + ".wal")
        pending = log.stat().st_size if log.exists() else 0
        return row is not None and row[0] + pending > self._retention.max_bytes

    def _forget_oldest_part(self, connection: duckdb.DuckDBPyConnection, sequences: Sequences) -> int:
        rows = {"logs": self._tally.logs.rows, "spans": self._tally.spans.rows, "samples": self._tally.samples.rows}
        table = max(rows, key=lambda name: rows[name] * _ROW_BYTES[name])
        # Rows lie on disk in order of arrival: by arrival, not by time, whole row groups become empty.
        cut = single(connection, f"SELECT rowid FROM {table} LIMIT 1 OFFSET ?", [rows[table] // STEP_SHARE])
        return self._delete(connection, sequences, table, "rowid < ?", cut[0]) if cut else 0

    def _delete(
        self, connection: duckdb.DuckDBPyConnection, sequences: Sequences, table: str, condition: str, bound: int
    ) -> int:
        """Delete rows of a table; the highest numbers given out are kept first, so that none is used twice."""
        connection.execute("BEGIN")
        connection.execute("DELETE FROM counters")
        counters = ["logs", sequences.log, "spans", sequences.span]
        connection.execute("INSERT INTO counters VALUES (?, ?), (?, ?)", counters)
        row = single(connection, f"DELETE FROM {table} WHERE {condition}", [bound])
        deleted = int(row[0]) if row else 0
        connection.execute("COMMIT" if deleted else "ROLLBACK")
        self._tally.remove(table, deleted)
        return deleted
