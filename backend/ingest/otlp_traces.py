"""OTLP spans as columns."""

from typing import Any

import orjson
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from api_client.contract.problems import ErrorCode
from backend.ingest.columns import Rejected, SpanColumns, time_fault
from backend.ingest.otlp_values import flat_attributes, json_attributes
from backend.ingest.resource import resource_of

MAX_DURATION_NS = 2**62


def span_columns(request: ExportTraceServiceRequest, now_ns: int) -> tuple[SpanColumns, list[Rejected]]:
    """Return the spans of a request as columns, and those that were refused."""
    columns, rejected = SpanColumns(), list[Rejected]()
    seen = 0
    for resource_spans in request.resource_spans:
        for scope_spans in resource_spans.scope_spans:
            resource = resource_of(resource_spans.resource, scope_spans.scope)
            first = columns.rows
            for index, span in enumerate(scope_spans.spans, seen):
                fault = _fault(span, now_ns)
                if fault:
                    rejected.append(Rejected(index, *fault))
                else:
                    _append(columns, span)
            seen += len(scope_spans.spans)
            added = columns.rows - first
            columns.service.extend([resource.service] * added)
            columns.resource.extend([resource.json] * added)
    return columns, rejected


def _fault(span: Any, now_ns: int) -> tuple[ErrorCode, str] | None:
    if len(span.trace_id) != 16 or len(span.span_id) != 8:
        return ErrorCode.VALIDATION_ERROR, "a span needs a trace id of 16 bytes and a span id of 8"
    fault = time_fault(span.start_time_unix_nano, now_ns)
    return (ErrorCode.INVALID_TIMESTAMP, fault) if fault else None


def _append(columns: SpanColumns, span: Any) -> None:
    start_ns = span.start_time_unix_nano
    columns.trace_id.append(span.trace_id.hex())
    columns.span_id.append(span.span_id.hex())
    columns.parent_id.append(span.parent_span_id.hex() if len(span.parent_span_id) == 8 else "")
    columns.operation.append(span.name)
    columns.kind.append(span.kind if 0 <= span.kind < 256 else 0)
    columns.start_ns.append(start_ns)
    # An end before the start comes from a clock that was set back: the span has no length then.
    columns.duration_ns.append(min(max(0, span.end_time_unix_nano - start_ns), MAX_DURATION_NS))
    status = span.status
    columns.status.append(status.code if 0 <= status.code < 256 else 0)
    columns.status_message.append(status.message)
    columns.attributes.append(json_attributes(span.attributes))
    columns.events.append(_events(span.events) if span.events else "[]")
    columns.links.append(_links(span.links) if span.links else "[]")


def _events(events: Any) -> str:
    found = [
        {"t": min(event.time_unix_nano, MAX_DURATION_NS), "n": event.name, "a": flat_attributes(event.attributes)}
        for event in events
    ]
    return orjson.dumps(found).decode()


def _links(links: Any) -> str:
    found = [
        {"t": link.trace_id.hex(), "s": link.span_id.hex(), "a": flat_attributes(link.attributes)} for link in links
    ]
    return orjson.dumps(found).decode()
