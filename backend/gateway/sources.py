"""Every source behind the platform, as the console's Sources screen shows it."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from api_client.contract.sources import Signal, Source, SourceState
from backend.clock import Clock, utc
from backend.engines.embedded.store import EmbeddedStore
from backend.engines.embedded.tally import SignalStats, StoreStats

_RECENT_S = 60.0


class Reporter(Protocol):
    """Something that knows how its sources do."""

    def sources(self) -> list[Source]:
        """Return them; cheap, without a query."""
        ...


class StoreReporter:
    """The embedded store as three sources, one for each signal it keeps."""

    def __init__(self, store: EmbeddedStore, path: Path, clock: Clock, signals: Iterable[Signal]) -> None:
        self._store = store
        self._path = path
        self._clock = clock
        self._signals = tuple(signals)

    def sources(self) -> list[Source]:
        """Return how the store does."""
        stats = self._store.stats()
        by_signal = {Signal.METRICS: stats.samples, Signal.LOGS: stats.logs, Signal.TRACES: stats.spans}
        return [self._source(signal, by_signal[signal], stats) for signal in self._signals if signal in by_signal]

    def _source(self, signal: Signal, counted: SignalStats, stats: StoreStats) -> Source:
        now = self._clock.time_ns()
        age_s = time.monotonic() - stats.last_error_at if stats.last_error_at is not None else None
        fresh_error = age_s is not None and age_s < _RECENT_S
        detail = f"{counted.rows:,} rows · {stats.bytes_on_disk / 2**20:,.1f} MiB · queue {stats.queue_depth:,}"
        return Source(
            name=f"store/{signal.value}",
            kind="duckdb",
            signal=signal,
            state=SourceState.FAILING if fresh_error else SourceState.OK,
            detail=f"{detail} · {self._path}",
            last_seen=utc(counted.newest_ns) if counted.newest_ns else None,
            lag_s=max(0.0, (now - counted.newest_ns) / 1e9) if counted.newest_ns else None,
            rate_per_s=round(counted.rate_per_s, 3),
            last_error=stats.last_error,
            last_error_at=utc(now - int(age_s * 1e9)) if age_s is not None else None,
            capabilities=("query", "retention"),
        )
