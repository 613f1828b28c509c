"""What a trace engine must do."""

from dataclasses import dataclass, field
from typing import Protocol

from api_client.contract.traces import Dependencies, OperationStats, ServiceStats, Trace, TraceSummary
from backend.window import Window


@dataclass(frozen=True, slots=True)
class TraceQuestion:
    """Which traces are meant: those with at least one span that fits all of this."""

    window: Window
    service: str | None = None
    operation: str | None = None
    min_duration_ns: int | None = None
    max_duration_ns: int | None = None
    tags: dict[str, str] = field(default_factory=dict)
    error: bool | None = None
    text: str | None = None
    """Free text found in operation, service or tags."""


class TraceEngine(Protocol):
    """Finds traces and sums them up.

    An unknown trace id raises `NotFound`; no match is empty; an engine that does not answer raises `Unavailable`.
    """

    async def trace(self, trace_id: str) -> Trace:
        """Return a whole trace, spans ordered by start; duplicates of a span id are dropped."""
        ...

    async def search(self, question: TraceQuestion, limit: int) -> tuple[list[TraceSummary], bool]:
        """Return the newest matching traces first, and whether there were more."""
        ...

    async def services(self, window: Window, buckets: int) -> list[ServiceStats]:
        """Return RED figures per service, with `buckets` rates for a sparkline."""
        ...

    async def operations(self, service: str, window: Window) -> list[OperationStats]:
        """Return RED figures per operation of a service."""
        ...

    async def dependencies(self, window: Window) -> Dependencies:
        """Return who calls whom, from parent and child spans of different services."""
        ...
