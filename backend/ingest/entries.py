"""Records of the platform's own contract as columns, each item checked by itself."""

import math
import re
from collections.abc import Sequence
from datetime import datetime

import numpy as np
import orjson

from api_client.contract.base import ItemError
from api_client.contract.logs import LogEntry, LogLevel
from api_client.contract.metrics import MetricPoint
from api_client.contract.problems import ErrorCode
from api_client.contract.traces import SpanEntry
from backend.clock import unix_ns
from backend.ingest.columns import BODY_LIMIT, LogColumns, MetricInfo, SampleColumns, SpanColumns, time_fault
from backend.ingest.flat import flat, text
from backend.ingest.levels import level_of_word
from backend.ingest.moments import ISO, iso_ns
from backend.ingest.series import METRIC_NAME, canonical, label_fault

SOURCE = "api"

_LEVEL_NUMBERS = {level: number for number, level in enumerate(LogLevel, 1)}
_PLAIN = re.compile(r"\s+([A-Za-z]+)\s+\[([^\]]*)\]\s?")
_KINDS = {"internal": 1, "server": 2, "client": 3, "producer": 4, "consumer": 5}
_EXTRAS = (
    ("exception.stacktrace", "stack_trace"), ("user_id", "user_id"), ("request_id", "request_id"),
    ("duration_ms", "duration_ms"), ("status_code", "status_code"), ("url", "url"), ("method", "method"),
)  # fmt: skip
"""Stored names of the optional fields of a log entry."""


def log_columns(entries: Sequence[LogEntry], now_ns: int) -> tuple[LogColumns, list[ItemError]]:
    """Return the good entries as columns and why the others were rejected."""
    columns, errors = LogColumns(), list[ItemError]()
    for index, entry in enumerate(entries):
        ts_ns = now_ns if entry.timestamp is None else unix_ns(entry.timestamp)
        fault = time_fault(ts_ns, now_ns)
        if fault:
            errors.append(ItemError(index=index, code=ErrorCode.INVALID_TIMESTAMP, message=fault))
            continue
        attributes = dict(entry.labels)
        for name, attribute in _EXTRAS:
            value = getattr(entry, attribute)
            if value is not None:
                attributes[name] = text(value)
        _append_log(columns, ts_ns, now_ns, _LEVEL_NUMBERS[entry.level], entry.service, entry.message)
        columns.trace_id.append((entry.trace_id or "").lower())
        columns.span_id.append((entry.span_id or "").lower())
        columns.attributes.append(orjson.dumps(attributes).decode())
    return columns, errors


def plain_columns(lines: str, now_ns: int) -> tuple[LogColumns, list[ItemError], int]:
    """Read lines `2024-01-15 10:30:00.123 ERROR [user-api] message`; return columns, errors and how many lines came.

    A line that starts with white space continues the message above it (a stack trace); empty lines do not count.
    """
    columns, errors = LogColumns(), list[ItemError]()
    sent = 0
    for line in lines.splitlines():
        if not line.strip():
            continue
        if line[0].isspace() and columns.rows and (not errors or errors[-1].index < sent - 1):
            columns.body[-1] = f"{columns.body[-1]}\n{line}"[:BODY_LIMIT]
            continue
        error = _append_plain(columns, line, sent, now_ns)
        if error:
            errors.append(error)
        sent += 1
    return columns, errors, sent


def metric_columns(points: Sequence[MetricPoint], now_ns: int) -> tuple[SampleColumns, list[ItemError]]:
    """Return the good points as columns and why the others were rejected."""
    errors: list[ItemError] = []
    numbers: dict[str, int] = {}
    samples: list[tuple[int, int, float]] = []
    metadata: dict[str, MetricInfo] = {}
    for index, point in enumerate(points):
        ts_ns = now_ns if point.timestamp is None else unix_ns(point.timestamp)
        fault = _metric_fault(point, ts_ns, now_ns)
        if fault:
            errors.append(ItemError(index=index, code=fault[0], message=fault[1]))
            continue
        labels = canonical({**point.labels, "__name__": point.name})
        samples.append((numbers.setdefault(labels, len(numbers)), ts_ns // 1_000_000, point.value))
        if point.metadata:
            kind, unit, words = (point.metadata.get(name, "") for name in ("type", "unit", "help"))
            metadata[point.name] = MetricInfo(kind or "unknown", unit, words or point.metadata.get("description", ""))
    columns = SampleColumns(
        tuple(numbers),
        np.array([sample[0] for sample in samples], np.int32),
        np.array([sample[1] for sample in samples], np.int64),
        np.array([sample[2] for sample in samples], np.float64),
        metadata,
    )
    return columns, errors


def span_columns(spans: Sequence[SpanEntry], now_ns: int) -> tuple[SpanColumns, list[ItemError]]:
    """Return the good spans as columns and why the others were rejected."""
    columns, errors = SpanColumns(), list[ItemError]()
    for index, span in enumerate(spans):
        start_ns = unix_ns(span.start_time)
        fault = time_fault(start_ns, now_ns) or (None if span.end_time is None else _end_fault(span, start_ns))
        if fault:
            errors.append(ItemError(index=index, code=ErrorCode.INVALID_TIMESTAMP, message=fault))
            continue
        if span.end_time is None and span.duration_ms is None:
            message = "give end_time or duration_ms"
            errors.append(ItemError(index=index, code=ErrorCode.VALIDATION_ERROR, message=message))
            continue
        _append_span(columns, span, start_ns)
    return columns, errors


def _append_log(columns: LogColumns, ts_ns: int, now_ns: int, level: int, service: str, body: str) -> None:
    """Append all columns but those of ids and attributes."""
    columns.ts_ns.append(ts_ns)
    columns.observed_ns.append(now_ns)
    columns.level.append(level)
    columns.service.append(service)
    columns.body.append(body[:BODY_LIMIT])
    columns.resource.append("{}")
    columns.source.append(SOURCE)


def _append_plain(columns: LogColumns, line: str, index: int, now_ns: int) -> ItemError | None:
    moment = ISO.match(line)
    head = _PLAIN.match(line, moment.end()) if moment else None
    if not moment or not head:
        message = "expected: 2024-01-15 10:30:00.123 ERROR [service] message"
        return ItemError(index=index, code=ErrorCode.INVALID_LOG_FORMAT, message=message)
    level = level_of_word(head[1])
    if not level:
        return ItemError(index=index, code=ErrorCode.INVALID_LOG_LEVEL, message=f"there is no level {head[1]}")
    ts_ns = iso_ns(moment)
    fault = "there is no such day" if ts_ns is None else time_fault(ts_ns, now_ns)
    if ts_ns is None or fault:
        return ItemError(index=index, code=ErrorCode.INVALID_TIMESTAMP, message=fault or "")
    _append_log(columns, ts_ns, now_ns, level, head[2] or "unknown", line[head.end() :])
    columns.trace_id.append("")
    columns.span_id.append("")
    columns.attributes.append("{}")
    return None


def _metric_fault(point: MetricPoint, ts_ns: int, now_ns: int) -> tuple[ErrorCode, str] | None:
    if not METRIC_NAME.fullmatch(point.name):
        return ErrorCode.INVALID_METRIC_NAME, f"{point.name!r} is no metric name: letters, digits, _ and : only"
    if not math.isfinite(point.value):
        return ErrorCode.INVALID_METRIC_VALUE, f"{point.value} is no finite number"
    if fault := label_fault(point.labels):
        return ErrorCode.INVALID_LABELS, fault
    if fault := time_fault(ts_ns, now_ns):
        return ErrorCode.INVALID_TIMESTAMP, fault
    return None


def _end_fault(span: SpanEntry, start_ns: int) -> str | None:
    early = span.end_time is not None and unix_ns(span.end_time) < start_ns
    return "end_time lies before start_time" if early else None


def _append_span(columns: SpanColumns, span: SpanEntry, start_ns: int) -> None:
    tags = flat(span.tags)
    if span.end_time is not None:
        duration_ns = unix_ns(span.end_time) - start_ns
    else:
        duration_ns = min(round((span.duration_ms or 0) * 1e6), 2**62)
    columns.trace_id.append(span.trace_id.lower().zfill(32))
    columns.span_id.append(span.span_id.lower().zfill(16))
    columns.parent_id.append((span.parent_span_id or "").lower().zfill(16) if span.parent_span_id else "")
    columns.service.append(span.service_name)
    columns.operation.append(span.operation_name)
    columns.kind.append(_KINDS.get(tags.get("span.kind", "").lower(), 1))
    columns.start_ns.append(start_ns)
    columns.duration_ns.append(duration_ns)
    failed = tags.get("error", "").lower() == "true" or tags.get("otel.status_code", "").upper() == "ERROR"
    columns.status.append(2 if failed else 0)
    columns.status_message.append(tags.get("otel.status_description", ""))
    columns.attributes.append(orjson.dumps(tags).decode())
    columns.resource.append("{}")
    events = [_event(log.timestamp, flat(log.fields)) for log in span.logs]
    columns.events.append(orjson.dumps(events).decode())
    links = [
        {"t": reference.trace_id.lower().zfill(32), "s": reference.span_id.lower().zfill(16),
         "a": {"ref_type": reference.ref_type}}
        for reference in span.references
    ]  # fmt: skip
    columns.links.append(orjson.dumps(links).decode())


def _event(at: datetime, fields: dict[str, str]) -> dict[str, object]:
    return {"t": unix_ns(at), "n": fields.pop("event", "") or fields.pop("message", "") or "log", "a": fields}
