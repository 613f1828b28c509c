"""Spans and log lines in the messages of OTLP."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.logs.v1 import logs_pb2
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1 import trace_pb2

from backend.simulation.attributes import exception_attributes
from backend.simulation.calls import Severity
from backend.simulation.signals import Attributes, Kind, LogLine, Process, Span, Value

SCOPE = InstrumentationScope(name="airis.simulation")
_ERROR = trace_pb2.Status.STATUS_CODE_ERROR
_KINDS = {
    Kind.INTERNAL: trace_pb2.Span.SPAN_KIND_INTERNAL,
    Kind.SERVER: trace_pb2.Span.SPAN_KIND_SERVER,
    Kind.CLIENT: trace_pb2.Span.SPAN_KIND_CLIENT,
}
_SEVERITIES = {
    Severity.DEBUG: logs_pb2.SEVERITY_NUMBER_DEBUG,
    Severity.INFO: logs_pb2.SEVERITY_NUMBER_INFO,
    Severity.WARN: logs_pb2.SEVERITY_NUMBER_WARN,
    Severity.ERROR: logs_pb2.SEVERITY_NUMBER_ERROR,
    Severity.FATAL: logs_pb2.SEVERITY_NUMBER_FATAL,
}


def traces_request(spans: Iterable[Span]) -> ExportTraceServiceRequest:
    """Return spans as a request, grouped by the process that they come from."""
    request = ExportTraceServiceRequest()
    for process, group in groupby(sorted(spans, key=lambda span: _sender(span.process)), lambda span: span.process):
        of_process = request.resource_spans.add(resource=resource(process))
        of_process.scope_spans.add(scope=SCOPE, spans=map(_span, group))
    return request


def logs_request(lines: Iterable[LogLine]) -> ExportLogsServiceRequest:
    """Return log lines as a request, grouped by the process that they come from."""
    request = ExportLogsServiceRequest()
    for process, group in groupby(sorted(lines, key=lambda line: _sender(line.process)), lambda line: line.process):
        of_process = request.resource_logs.add(resource=resource(process))
        of_process.scope_logs.add(scope=SCOPE, log_records=map(_record, group))
    return request


@lru_cache(maxsize=256)
def resource(process: Process) -> Resource:
    """Return who sends: a process of the shop, marked as simulated."""
    instance = process.instance
    return Resource(
        attributes=key_values(
            (
                ("service.name", instance.service.name),
                ("service.version", process.version),
                ("service.instance.id", instance.id),
                ("deployment.environment", "demo"),
                ("host.name", instance.host),
                ("telemetry.sdk.language", instance.service.language),
                ("airis.simulation", True),
            )
        )
    )


def key_values(attributes: Attributes) -> list[KeyValue]:
    """Return attributes in the form of OTLP."""
    return [_key_value(name, value) for name, value in attributes]


@lru_cache(maxsize=8_192, typed=True)
def _key_value(name: str, value: Value) -> KeyValue:
    match value:
        case bool():
            return KeyValue(key=name, value=AnyValue(bool_value=value))
        case int():
            return KeyValue(key=name, value=AnyValue(int_value=value))
        case float():
            return KeyValue(key=name, value=AnyValue(double_value=value))
        case _:
            return KeyValue(key=name, value=AnyValue(string_value=value))


def _sender(process: Process) -> tuple[str, str]:
    return process.instance.id, process.version


def _span(span: Span) -> trace_pb2.Span:
    found = trace_pb2.Span(
        trace_id=span.trace_id,
        span_id=span.span_id,
        parent_span_id=span.parent_id,
        name=span.name,
        kind=_KINDS[span.kind],
        start_time_unix_nano=span.start_ns,
        end_time_unix_nano=span.end_ns,
        attributes=key_values(span.attributes),
    )
    if span.error:
        found.status.code = _ERROR
        found.status.message = span.error
    if span.fault:
        exception = key_values(exception_attributes(span.fault))
        found.events.add(name="exception", time_unix_nano=span.end_ns, attributes=exception)
    return found


def _record(line: LogLine) -> logs_pb2.LogRecord:
    return logs_pb2.LogRecord(
        time_unix_nano=line.at_ns,
        observed_time_unix_nano=line.at_ns,
        severity_number=_SEVERITIES[line.severity],
        severity_text=line.severity.name,
        body=AnyValue(string_value=line.body),
        attributes=key_values(line.attributes),
        trace_id=line.trace_id,
        span_id=line.span_id,
    )
