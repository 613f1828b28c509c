"""Counts of what was written, for the screen of sources."""

import time
from collections import deque
from dataclasses import dataclass, field

from backend.ingest.columns import LogColumns, SampleColumns, SpanColumns

RATE_WINDOW_S = 10.0


@dataclass(frozen=True, slots=True)
class SignalStats:
    """One signal of the store: rows on disk, Unix nanoseconds of its newest datum, rows per second lately."""

    rows: int
    newest_ns: int | None
    rate_per_s: float


@dataclass(frozen=True, slots=True)
class StoreStats:
    """How the embedded store does."""

    logs: SignalStats
    spans: SignalStats
    samples: SignalStats
    bytes_on_disk: int
    queue_depth: int
    last_error: str | None
    last_error_at: float | None
    """Seconds of the monotonic clock."""


@dataclass(slots=True)
class _Signal:
    rows: int = 0
    newest_ns: int | None = None
    recent: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=4096))

    def add(self, rows: int, newest_ns: int, now: float) -> None:
        self.rows += rows
        self.newest_ns = max(self.newest_ns or 0, newest_ns)
        self.recent.append((now, rows))

    def stats(self, now: float) -> SignalStats:
        written = sum(rows for at, rows in tuple(self.recent) if at > now - RATE_WINDOW_S)
        return SignalStats(self.rows, self.newest_ns, written / RATE_WINDOW_S)


class Tally:
    """Counts per signal; the writer thread adds, anybody reads."""

    def __init__(self) -> None:
        self.logs = _Signal()
        self.spans = _Signal()
        self.samples = _Signal()
        self.last_error: str | None = None
        self.last_error_at: float | None = None

    def add(self, logs: list[LogColumns], spans: list[SpanColumns], samples: list[SampleColumns], now: float) -> None:
        """Count a committed group."""
        for log_batch in logs:
            self.logs.add(log_batch.rows, max(log_batch.ts_ns), now)
        for span_batch in spans:
            self.spans.add(span_batch.rows, max(span_batch.start_ns), now)
        for sample_batch in samples:
            self.samples.add(sample_batch.rows, int(sample_batch.ts_ms.max()) * 1_000_000, now)

    def remove(self, table: str, rows: int) -> None:
        """Count rows of a table as gone."""
        signal = {"logs": self.logs, "spans": self.spans, "samples": self.samples}[table]
        signal.rows -= rows

    def fail(self, message: str) -> None:
        """Remember the last error."""
        self.last_error, self.last_error_at = message, time.monotonic()
