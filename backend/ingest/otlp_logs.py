"""OTLP log records as columns."""

from typing import Any

import orjson
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from api_client.contract.problems import ErrorCode
from backend.ingest.columns import BODY_LIMIT, LogColumns, Rejected, time_fault
from backend.ingest.flat import put
from backend.ingest.levels import level_of_severity, level_of_word
from backend.ingest.otlp_values import body_text, flat_attributes, json_attributes
from backend.ingest.resource import resource_of

SOURCE = "otlp"
_LEVELS = tuple(level_of_severity(number) for number in range(25))


def log_columns(request: ExportLogsServiceRequest, now_ns: int) -> tuple[LogColumns, list[Rejected]]:
    """Return the records of a request as columns, and those that were refused."""
    columns, rejected = LogColumns(), list[Rejected]()
    seen = 0
    for resource_logs in request.resource_logs:
        for scope_logs in resource_logs.scope_logs:
            resource = resource_of(resource_logs.resource, scope_logs.scope)
            first = columns.rows
            _append(columns, rejected, scope_logs.log_records, seen, now_ns)
            seen += len(scope_logs.log_records)
            added = columns.rows - first
            columns.service.extend([resource.service] * added)
            columns.resource.extend([resource.json] * added)
            columns.source.extend([SOURCE] * added)
            columns.observed_ns.extend([now_ns] * added)
    return columns, rejected


def _append(columns: LogColumns, rejected: list[Rejected], records: Any, seen: int, now_ns: int) -> None:
    """Append what differs from record to record."""
    for index, record in enumerate(records, seen):
        ts_ns = record.time_unix_nano or record.observed_time_unix_nano or now_ns
        fault = time_fault(ts_ns, now_ns)
        if fault:
            rejected.append(Rejected(index, ErrorCode.INVALID_TIMESTAMP, fault))
            continue
        columns.ts_ns.append(ts_ns)
        columns.level.append(_level(record))
        columns.body.append(body_text(record.body)[:BODY_LIMIT])
        columns.trace_id.append(record.trace_id.hex() if len(record.trace_id) == 16 else "")
        columns.span_id.append(record.span_id.hex() if len(record.span_id) == 8 else "")
        columns.attributes.append(_attributes(record))


def _level(record: Any) -> int:
    number: int = record.severity_number
    if 0 < number <= 24:
        return _LEVELS[number]
    return level_of_word(record.severity_text) if record.severity_text else 0


def _attributes(record: Any) -> str:
    if not record.event_name:
        return json_attributes(record.attributes)
    found = flat_attributes(record.attributes)
    put(found, "event.name", record.event_name)
    return orjson.dumps(found).decode()
