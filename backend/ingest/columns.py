"""Telemetry in columns: what decoders produce and stores take, without an object per record."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from api_client.contract.problems import ErrorCode

BODY_LIMIT = 262_144
"""Characters of a log message that are kept; a stored message of this very length was cut."""

FUTURE_TOLERANCE_NS = 86_400 * 1_000_000_000
"""How far ahead of this machine's clock a datum may be before it is refused."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why the item at `index` of a batch was not taken."""

    index: int
    code: ErrorCode
    message: str


def time_fault(time_ns: int, now_ns: int) -> str | None:
    """Return what is wrong with a time, or None: before 1970, beyond 64 bits or over a day ahead is refused."""
    if 0 <= time_ns <= now_ns + FUTURE_TOLERANCE_NS:
        return None
    if time_ns < 0:
        return f"the time {time_ns} ns lies before 1970"
    return f"the time {time_ns} ns lies more than a day in the future"


@dataclass(frozen=True, slots=True)
class LogColumns:
    """Log records as parallel lists; times in Unix nanoseconds, level 0 (none) or 1 DEBUG … 5 FATAL."""

    ts_ns: list[int] = field(default_factory=list)
    observed_ns: list[int] = field(default_factory=list)
    level: list[int] = field(default_factory=list)
    service: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    trace_id: list[str] = field(default_factory=list)
    """Lower-case hexadecimal, or empty."""
    span_id: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    """JSON object text: dotted attribute names to strings."""
    resource: list[str] = field(default_factory=list)
    source: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Return the number of records."""
        return len(self.ts_ns)

    @property
    def size_bytes(self) -> int:
        """Return about how much memory the records hold."""
        return 200 * self.rows + sum(map(len, self.body)) + sum(map(len, self.attributes))


@dataclass(frozen=True, slots=True)
class SpanColumns:
    """Spans as parallel lists; kind and status are the numbers of OTLP, all texts JSON as in `LogColumns`."""

    trace_id: list[str] = field(default_factory=list)
    span_id: list[str] = field(default_factory=list)
    parent_id: list[str] = field(default_factory=list)
    service: list[str] = field(default_factory=list)
    operation: list[str] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    """0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer."""
    start_ns: list[int] = field(default_factory=list)
    duration_ns: list[int] = field(default_factory=list)
    status: list[int] = field(default_factory=list)
    """0 unset, 1 ok, 2 error."""
    status_message: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    resource: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    """JSON array of {"t": ns, "n": name, "a": {…}}."""
    links: list[str] = field(default_factory=list)
    """JSON array of {"t": trace id, "s": span id, "a": {…}}."""

    @property
    def rows(self) -> int:
        """Return the number of spans."""
        return len(self.start_ns)

    @property
    def size_bytes(self) -> int:
        """Return about how much memory the spans hold."""
        return 300 * self.rows + sum(map(len, self.attributes)) + sum(map(len, self.events))


@dataclass(frozen=True, slots=True)
class MetricInfo:
    """What a sender says of a metric; the type is OpenMetrics' word for it."""

    type: str = "unknown"
    unit: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class SampleColumns:
    """Samples of metrics: `series` holds each label set once, the arrays one entry per sample."""

    series: Sequence[str] = ()
    """Canonical label sets: JSON object text with sorted names, `__name__` among them."""
    series_index: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    ts_ms: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    value: NDArray[np.float64] = field(default_factory=lambda: np.empty(0, np.float64))
    metadata: dict[str, MetricInfo] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Return the number of samples."""
        return len(self.ts_ms)

    @property
    def size_bytes(self) -> int:
        """Return about how much memory the samples hold."""
        return 20 * self.rows + 200 * len(self.series)


class Intake(Protocol):
    """Takes telemetry for keeps.

    Each call returns once its rows are durable on disk. A full queue raises `Overloaded` with the seconds to wait; a
    store that cannot write raises `Unavailable`. Either way none of the rows count as taken.
    """

    async def logs(self, columns: LogColumns) -> None:
        """Store log records."""
        ...

    async def spans(self, columns: SpanColumns) -> None:
        """Store spans."""
        ...

    async def samples(self, columns: SampleColumns) -> None:
        """Store samples of metrics, and what is known of the metrics."""
        ...
