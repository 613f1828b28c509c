"""Traces: search, one trace, services, operations, dependencies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from api_client.contract.answers import Envelope
from api_client.contract.base import BatchResult
from api_client.contract.traces import (
    Dependencies,
    OperationStats,
    ServiceStats,
    SpanBatch,
    SpanEntry,
    Trace,
    TraceSummary,
)
from api_client.resources.encode import body, instant, pairs
from api_client.transport import Call, Transport

_BASE = "/api/v1/traces"
_SERVICE = "traces"
_DEADLINE_S = 10.0


@dataclass(frozen=True, slots=True)
class TraceQuery:
    """Which traces are meant; durations such as `100ms`."""

    start: datetime | None = None
    end: datetime | None = None
    service: str | None = None
    operation: str | None = None
    min_duration: str | None = None
    max_duration: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    error: bool | None = None
    text: str | None = None

    def params(self) -> dict[str, str | Sequence[str] | None]:
        """Return the query as parameters of a call."""
        return {
            "from": instant(self.start),
            "to": instant(self.end),
            "service": self.service,
            "operation": self.operation,
            "min_duration": self.min_duration,
            "max_duration": self.max_duration,
            "tags": pairs(self.tags),
            "error": None if self.error is None else str(self.error).lower(),
            "text": self.text,
        }


class Traces:
    """Calls of the trace service."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def search(self, query: TraceQuery, limit: int = 100) -> Envelope[list[TraceSummary]]:
        """Return the newest traces that fit; `meta.truncated` tells that there are more."""
        call = Call(_SERVICE, "GET", f"{_BASE}/search", query.params() | {"limit": str(limit)}, deadline_s=_DEADLINE_S)
        return await self._transport.call(call, list[TraceSummary])

    async def get(self, trace_id: str) -> Trace:
        """Return a whole trace."""
        call = Call(_SERVICE, "GET", f"{_BASE}/{quote(trace_id, safe='')}", deadline_s=_DEADLINE_S)
        return (await self._transport.call(call, Trace)).data

    async def services(self, start: datetime | None, end: datetime | None, buckets: int = 30) -> list[ServiceStats]:
        """Return RED figures per service."""
        params = {"from": instant(start), "to": instant(end), "buckets": str(buckets)}
        call = Call(_SERVICE, "GET", f"{_BASE}/services", params, deadline_s=_DEADLINE_S)
        return (await self._transport.call(call, list[ServiceStats])).data

    async def operations(self, service: str, start: datetime | None, end: datetime | None) -> list[OperationStats]:
        """Return RED figures per operation of a service."""
        params = {"from": instant(start), "to": instant(end)}
        call = Call(_SERVICE, "GET", f"{_BASE}/services/{quote(service, safe='')}/operations", params)
        return (await self._transport.call(call, list[OperationStats])).data

    async def dependencies(self, start: datetime | None, end: datetime | None) -> Dependencies:
        """Return who calls whom."""
        params = {"from": instant(start), "to": instant(end)}
        call = Call(_SERVICE, "GET", f"{_BASE}/services/dependencies", params, deadline_s=_DEADLINE_S)
        return (await self._transport.call(call, Dependencies)).data

    async def write(self, spans: Sequence[SpanEntry]) -> BatchResult:
        """Store spans; not retried, since the platform could not tell a repeat."""
        call = Call(_SERVICE, "POST", f"{_BASE}/batch", body=body(SpanBatch(spans=tuple(spans))))
        return (await self._transport.call(call, BatchResult)).data
