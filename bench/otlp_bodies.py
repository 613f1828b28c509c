"""OTLP bodies of a plausible service, for the benchmarks of ingest."""

import time

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


def _text(attributes, **values):
    for name, value in values.items():
        attributes.add(key=name.replace("__", ".")).value.string_value = value


def logs(count: int, base: int) -> bytes:
    request = ExportLogsServiceRequest()
    now = time.time_ns()
    resource = request.resource_logs.add()
    _text(resource.resource.attributes, service__name=f"svc{base % 7}", host__name="bench-1")
    records = resource.scope_logs.add().log_records
    for i in range(count):
        n = base + i
        record = records.add(time_unix_nano=now + i, severity_number=9 + 4 * (n % 3))
        record.body.string_value = f"GET /api/v1/orders/{n} answered in {n % 997} ms by worker {n % 13}"
        _text(record.attributes, http__route="/api/v1/orders/{id}", user__id=f"u{n % 5000}")
        record.attributes.add(key="http.status_code").value.int_value = 200 + n % 300
        record.trace_id = n.to_bytes(16, "big")
        record.span_id = n.to_bytes(8, "big")
    return request.SerializeToString()


def spans(count: int, base: int) -> bytes:
    request = ExportTraceServiceRequest()
    now = time.time_ns()
    resource = request.resource_spans.add()
    _text(resource.resource.attributes, service__name=f"svc{base % 7}", host__name="bench-1")
    out = resource.scope_spans.add().spans
    for i in range(count):
        n = base + i + 1
        span = out.add(name=f"GET /orders/{n % 20}", kind=2, start_time_unix_nano=now, end_time_unix_nano=now + n * 100)
        span.trace_id = (n // 10 + 1).to_bytes(16, "big")
        span.span_id = n.to_bytes(8, "big")
        _text(span.attributes, http__route="/api/v1/orders/{id}", http__method="GET", peer__service="db")
        span.attributes.add(key="http.status_code").value.int_value = 200 + n % 300
    return request.SerializeToString()


def samples(count: int, base: int) -> bytes:
    request = ExportMetricsServiceRequest()
    now = time.time_ns()
    resource = request.resource_metrics.add()
    _text(resource.resource.attributes, service__name="svc1", host__name="bench-1")
    metrics = resource.scope_metrics.add().metrics
    for m in range(count // 100):
        points = metrics.add(name=f"http.server.requests{m}", unit="1").sum
        points.is_monotonic, points.aggregation_temporality = True, 2
        for i in range(100):
            point = points.data_points.add(time_unix_nano=now + base * 1_000_000, as_int=base + i)
            _text(point.attributes, http__route=f"/r{i}", http__method="GET")
    return request.SerializeToString()
