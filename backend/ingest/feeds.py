"""Counts what comes in by each way, for the screen of sources."""

import time
from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass, field

from api_client.contract.sources import Signal, Source, SourceState
from backend.clock import Clock, utc
from backend.errors import Overloaded, PlatformError
from backend.ingest.columns import Intake, LogColumns, SampleColumns, SpanColumns

_WINDOW_S = 30.0
_QUIET_S = 90.0


@dataclass(slots=True)
class _Count:
    rows: int = 0
    last_ns: int = 0
    newest_ns: int = 0
    refused: int = 0
    recent: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=2048))


class Feed:
    """An intake that passes everything on and remembers how it went."""

    def __init__(self, name: str, kind: str, intake: Intake, clock: Clock, detail: str = "") -> None:
        self.name = name
        self.kind = kind
        self.detail = detail
        self.fault: str | None = None
        """Why this feed cannot deliver at all, such as an address in use."""
        self._intake = intake
        self._clock = clock
        self._counts = {signal: _Count() for signal in (Signal.LOGS, Signal.TRACES, Signal.METRICS)}
        self._last_error: tuple[str, int] | None = None

    async def logs(self, columns: LogColumns) -> None:
        """Store log records."""
        if columns.rows:
            await self._counted(Signal.LOGS, columns.rows, max(columns.ts_ns), self._intake.logs(columns))

    async def spans(self, columns: SpanColumns) -> None:
        """Store spans."""
        if columns.rows:
            await self._counted(Signal.TRACES, columns.rows, max(columns.start_ns), self._intake.spans(columns))

    async def samples(self, columns: SampleColumns) -> None:
        """Store samples."""
        if columns.rows:
            newest = int(columns.ts_ms.max()) * 10**6
            await self._counted(Signal.METRICS, columns.rows, newest, self._intake.samples(columns))

    async def _counted(self, signal: Signal, rows: int, newest_ns: int, storing: Awaitable[None]) -> None:
        count = self._counts[signal]
        try:
            await storing
        except PlatformError as error:
            self._last_error = (error.message, self._clock.time_ns())
            if isinstance(error, Overloaded):
                count.refused += rows
            raise
        count.rows += rows
        count.last_ns = self._clock.time_ns()
        count.newest_ns = max(count.newest_ns, newest_ns)
        count.recent.append((time.monotonic(), rows))

    def sources(self, *, silent: bool = False) -> list[Source]:
        """Return a source per signal that has come in; one that is idle where nothing has (unless `silent`)."""
        active = [self._source(signal, count) for signal, count in self._counts.items() if count.rows or count.refused]
        if active or silent:
            return active
        state = SourceState.FAILING if self.fault else SourceState.IDLE
        signal = Signal.LOGS if self.kind in {"file", "journal"} else Signal.TRACES
        error = self.fault or (self._last_error[0] if self._last_error else None)
        return [
            Source(name=self.name, kind=self.kind, signal=signal, state=state, detail=self.detail, last_error=error)
        ]

    def _source(self, signal: Signal, count: _Count) -> Source:
        now = self._clock.time_ns()
        since_s = (now - count.last_ns) / 1e9
        rate = sum(rows for at, rows in tuple(count.recent) if at > time.monotonic() - _WINDOW_S) / _WINDOW_S
        failing = self.fault or (self._last_error and self._last_error[1] > count.last_ns)
        state = SourceState.FAILING if failing else SourceState.OK if since_s < _QUIET_S else SourceState.IDLE
        return Source(
            name=self.name,
            kind=self.kind,
            signal=signal,
            state=state,
            detail=self.detail,
            last_seen=utc(count.last_ns) if count.last_ns else None,
            lag_s=max(0.0, (now - count.newest_ns) / 1e9) if count.newest_ns else None,
            rate_per_s=round(rate, 3),
            last_error=self.fault or (self._last_error[0] if self._last_error else None),
            last_error_at=utc(self._last_error[1]) if self._last_error else None,
            dropped=count.refused,
        )
