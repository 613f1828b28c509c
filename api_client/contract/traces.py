"""Traces on the wire."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api_client.contract.base import Answer, Labels, Request, Timestamp

TraceId = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{1,32}$")]
SpanId = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{1,16}$")]


class SpanLog(Request):
    """A timed event inside a span."""

    timestamp: Timestamp
    fields: dict[str, Any] = {}


class SpanReference(Request):
    """A link from a span to another."""

    trace_id: TraceId
    span_id: SpanId
    ref_type: str = "FOLLOWS_FROM"


class SpanEntry(Request):
    """One span as a program sends it; give `end_time` or `duration_ms`."""

    trace_id: TraceId
    span_id: SpanId
    parent_span_id: SpanId | None = None
    operation_name: Annotated[str, Field(max_length=4096)]
    start_time: Timestamp
    end_time: Timestamp | None = None
    duration_ms: Annotated[float, Field(ge=0)] | None = None
    service_name: Annotated[str, Field(max_length=1024)] = "unknown"
    tags: dict[str, Any] = {}
    logs: tuple[SpanLog, ...] = ()
    references: tuple[SpanReference, ...] = ()


class SpanBatch(Request):
    """Many spans in one call."""

    spans: Annotated[tuple[SpanEntry, ...], Field(max_length=100_000)]


class SpanEvent(Answer):
    """A timed event inside a stored span."""

    timestamp: datetime
    name: str
    attributes: Labels = {}


class SpanLink(Answer):
    """A link to a span of this or another trace."""

    trace_id: str
    span_id: str
    attributes: Labels = {}


class Span(Answer):
    """One stored span."""

    trace_id: str
    span_id: str
    parent_span_id: str | None = None
    operation_name: str
    service_name: str
    kind: str = "internal"
    """`internal`, `server`, `client`, `producer` or `consumer`."""
    start_time: datetime
    start_offset_ms: float = 0.0
    """Milliseconds after the start of the trace, to the nanosecond."""
    duration_ms: float
    status: str = "unset"
    """`unset`, `ok` or `error`."""
    status_message: str = ""
    tags: Labels = {}
    resource: Labels = {}
    events: tuple[SpanEvent, ...] = ()
    links: tuple[SpanLink, ...] = ()


class TraceService(Answer):
    """A service's part in a trace."""

    name: str
    span_count: int
    operation_count: int
    error_count: int = 0


class Trace(Answer):
    """A whole trace; `spans` flat and ordered by start, parents named by id."""

    trace_id: str
    root_span: str | None = None
    """Id of the root; None when the root has not arrived."""
    spans: tuple[Span, ...]
    services: tuple[TraceService, ...]
    start_time: datetime
    total_duration_ms: float
    span_count: int
    error_count: int
    truncated: bool = False


class TraceSummary(Answer):
    """One line of a trace search."""

    trace_id: str
    root_service: str
    root_operation: str
    start_time: datetime
    duration_ms: float
    span_count: int
    error_count: int
    services: tuple[str, ...]


class ServiceStats(Answer):
    """RED figures of a service over a range, from its entry spans (server, consumer and roots)."""

    service: str
    call_count: int
    error_count: int
    rate_per_s: float
    error_ratio: float
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    rates: tuple[float, ...] = ()
    """Calls per second in equal buckets over the range, oldest first, for a sparkline."""


class OperationStats(Answer):
    """RED figures of one operation of a service."""

    operation: str
    call_count: int
    error_count: int
    rate_per_s: float
    error_ratio: float
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None


class DependencyNode(Answer):
    """A service in the dependency graph."""

    service: str
    operation_count: int
    error_rate: float
    avg_duration_ms: float


class DependencyEdge(Answer):
    """Calls from one service to another."""

    caller: str = Field(alias="from")
    callee: str = Field(alias="to")
    call_count: int
    avg_duration_ms: float
    error_rate: float

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Dependencies(Answer):
    """Who calls whom."""

    nodes: tuple[DependencyNode, ...]
    edges: tuple[DependencyEdge, ...]
