"""Logs: search, histogram, context, live tail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from api_client.contract.answers import Envelope
from api_client.contract.base import BatchResult
from api_client.contract.logs import (
    DroppedSpan,
    LogBatch,
    LogContext,
    LogEntry,
    LogHistogram,
    LogLevel,
    LogSearchResult,
    LogStreamBatch,
)
from api_client.resources.encode import body, instant, pairs
from api_client.stream import ResumingStream, ServerEvent
from api_client.transport import Call, Transport

_BASE = "/api/v1/logs"
_SERVICE = "logs"
_SEARCH_DEADLINE_S = 15.0


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Which records are meant; absent fields leave it open, an absent time range means the last hour."""

    text: str = ""
    start: datetime | None = None
    end: datetime | None = None
    levels: tuple[LogLevel, ...] = ()
    service: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def params(self) -> dict[str, str | Sequence[str] | None]:
        """Return the query as parameters of a call."""
        return {
            "q": self.text,
            "from": instant(self.start),
            "to": instant(self.end),
            "level": [level.value for level in self.levels],
            "service": self.service,
            "trace_id": self.trace_id,
            "span_id": self.span_id,
            "labels": pairs(self.labels),
        }


class Logs:
    """Calls of the log service."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def search(
        self,
        query: LogQuery,
        *,
        size: int = 200,
        newest_first: bool = True,
        cursor: str | None = None,
        aggregations: bool = False,
    ) -> Envelope[LogSearchResult]:
        """Return one page; `pagination.cursor` of it asks for the next."""
        params = query.params() | {
            "size": str(size),
            "sort": "timestamp:desc" if newest_first else "timestamp:asc",
            "cursor": cursor,
            "aggregations": "true" if aggregations else None,
        }
        call = Call(_SERVICE, "GET", f"{_BASE}/search", params, deadline_s=_SEARCH_DEADLINE_S)
        return await self._transport.call(call, LogSearchResult)

    async def histogram(self, query: LogQuery, step: str | None = None) -> LogHistogram:
        """Return counts per bucket and level; the platform chooses a round step where none is given."""
        call = Call(
            _SERVICE, "GET", f"{_BASE}/histogram", query.params() | {"step": step}, deadline_s=_SEARCH_DEADLINE_S
        )
        return (await self._transport.call(call, LogHistogram)).data

    async def context(self, record_id: str, before: int = 20, after: int = 20) -> LogContext:
        """Return the lines around a record."""
        params = {"before": str(before), "after": str(after)}
        return (
            await self._transport.call(Call(_SERVICE, "GET", f"{_BASE}/{record_id}/context", params), LogContext)
        ).data

    async def fields(self, start: datetime | None = None, end: datetime | None = None) -> dict[str, list[str]]:
        """Return field names of recent records with their most frequent values."""
        call = Call(_SERVICE, "GET", f"{_BASE}/fields", {"from": instant(start), "to": instant(end)})
        return (await self._transport.call(call, dict[str, list[str]])).data

    async def write(self, entries: Sequence[LogEntry]) -> BatchResult:
        """Store records; not retried, since the platform could not tell a repeat."""
        call = Call(_SERVICE, "POST", f"{_BASE}/batch", body=body(LogBatch(logs=tuple(entries))))
        return (await self._transport.call(call, BatchResult)).data

    def follow(self, query: LogQuery, after: str = "") -> ResumingStream[LogStreamBatch | DroppedSpan]:
        """Follow new records that fit (the time range is not used), from after a record's id or from now on."""
        params = query.params() | {"from": None, "to": None}
        return ResumingStream(
            self._transport, Call(_SERVICE, "GET", f"{_BASE}/stream/sse", params), _decoded, last_id=after
        )


def _decoded(event: ServerEvent) -> LogStreamBatch | DroppedSpan | None:
    if event.event == "batch":
        return LogStreamBatch.model_validate_json(event.data)
    if event.event == "dropped":
        return DroppedSpan.model_validate_json(event.data)
    return None
