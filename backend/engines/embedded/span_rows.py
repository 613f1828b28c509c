"""Rows of the table of spans as a trace of the contract."""

from collections import defaultdict
from typing import Any

import orjson

from api_client.contract.traces import Span, SpanEvent, SpanLink, Trace, TraceService
from backend.clock import utc

COLUMNS = (
    "trace_id, span_id, parent_id, service, operation, kind, start_ns, duration_ns, status, status_message, "
    "attributes, resource, events, links"
)
MAX_SPANS = 20_000
"""Spans of one trace that are answered; a longer one is cut and says so."""

_KINDS = ("internal", "internal", "server", "client", "producer", "consumer")
_STATUSES = ("unset", "ok", "error")


def trace_of_rows(trace_id: str, rows: list[tuple[Any, ...]]) -> Trace:
    """Return the trace of rows that were selected with `COLUMNS` and ordered by start; the first of equal ids stays."""
    unique: dict[str, tuple[Any, ...]] = {}
    for row in rows[:MAX_SPANS]:
        unique.setdefault(row[1], row)
    start_ns = min(row[6] for row in unique.values())
    end_ns = max(row[6] + row[7] for row in unique.values())
    spans = tuple(_span(row, start_ns) for row in unique.values())
    roots = [span.span_id for span in spans if span.parent_span_id is None]
    return Trace(
        trace_id=trace_id,
        root_span=roots[0] if roots else None,
        spans=spans,
        services=_services(spans),
        start_time=utc(start_ns),
        total_duration_ms=(end_ns - start_ns) / 1e6,
        span_count=len(spans),
        error_count=sum(span.status == "error" for span in spans),
        truncated=len(rows) > MAX_SPANS,
    )


def _span(row: tuple[Any, ...], trace_start_ns: int) -> Span:
    (trace_id, span_id, parent_id, service, operation, kind, start_ns, duration_ns, status, message) = row[:10]
    attributes, resource, events, links = (orjson.loads(text) for text in row[10:])
    return Span(
        trace_id=trace_id,
        span_id=span_id,
        parent_span_id=parent_id or None,
        operation_name=operation,
        service_name=service,
        kind=_KINDS[kind] if kind < len(_KINDS) else str(kind),
        start_time=utc(start_ns),
        start_offset_ms=(start_ns - trace_start_ns) / 1e6,
        duration_ms=duration_ns / 1e6,
        status=_STATUSES[status] if status < len(_STATUSES) else str(status),
        status_message=message,
        tags=attributes,
        resource=resource,
        events=tuple(SpanEvent(timestamp=utc(event["t"]), name=event["n"], attributes=event["a"]) for event in events),
        links=tuple(SpanLink(trace_id=link["t"], span_id=link["s"], attributes=link["a"]) for link in links),
    )


def _services(spans: tuple[Span, ...]) -> tuple[TraceService, ...]:
    """Sum up each service's part, in order of appearance."""
    parts: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        parts[span.service_name].append(span)
    return tuple(
        TraceService(
            name=name,
            span_count=len(own),
            operation_count=len({span.operation_name for span in own}),
            error_count=sum(span.status == "error" for span in own),
        )
        for name, own in parts.items()
    )
