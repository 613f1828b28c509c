from datetime import UTC, datetime, timedelta

import orjson
import pytest

from api_client.contract.logs import LogEntry, LogLevel
from api_client.contract.metrics import MetricPoint
from api_client.contract.traces import SpanEntry
from backend.clock import unix_ns
from backend.ingest.entries import log_columns, metric_columns, plain_columns, span_columns
from backend.ingest.otlp_names import prometheus_name

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NOW_NS = unix_ns(NOW)


def test_log_entries_keep_their_optional_fields_as_attributes():
    entry = LogEntry(message="x", level=LogLevel.FATAL, labels={"a": "b"}, status_code=503, duration_ms=1.5)
    columns, errors = log_columns([entry], NOW_NS)
    assert not errors
    assert (columns.level, columns.ts_ns) == ([5], [NOW_NS])
    assert orjson.loads(columns.attributes[0]) == {"a": "b", "status_code": "503", "duration_ms": "1.5"}


@pytest.mark.parametrize(
    "at", [datetime(1969, 12, 31, tzinfo=UTC), NOW + timedelta(days=2), datetime.max.replace(tzinfo=UTC)]
)
def test_absurd_times_are_refused_item_by_item(at):
    columns, errors = log_columns([LogEntry(message="a", timestamp=at), LogEntry(message="b")], NOW_NS)
    assert columns.body == ["b"]
    assert [(error.index, error.code) for error in errors] == [(0, "INVALID_TIMESTAMP")]


def test_metric_points_are_checked_by_name_value_labels_and_time():
    points = [
        MetricPoint(name="up", value=1, labels={"job": "a"}, metadata={"type": "gauge"}),
        MetricPoint(name="no good", value=1),
        MetricPoint(name="up", value=float("nan")),
        MetricPoint(name="up", value=1, labels={"a-b": "x"}),
        MetricPoint(name="up", value=1, timestamp=NOW + timedelta(days=3)),
    ]
    columns, errors = metric_columns(points, NOW_NS)
    assert columns.series == ('{"__name__":"up","job":"a"}',)
    assert columns.ts_ms.tolist() == [NOW_NS // 10**6]
    assert [error.code for error in errors] == [
        "INVALID_METRIC_NAME", "INVALID_METRIC_VALUE", "INVALID_LABELS", "INVALID_TIMESTAMP",
    ]  # fmt: skip


def test_spans_need_an_end_or_a_length_and_an_end_after_the_start():
    span = {"trace_id": "AB", "span_id": "1", "operation_name": "o", "start_time": NOW}
    spans = [
        SpanEntry(**span, duration_ms=2.5, tags={"error": True, "span.kind": "server"}),
        SpanEntry(**span),
        SpanEntry(**span, end_time=NOW - timedelta(seconds=1)),
    ]
    columns, errors = span_columns(spans, NOW_NS)
    assert columns.trace_id == ["ab".zfill(32)]
    assert (columns.duration_ns, columns.status, columns.kind) == ([2_500_000], [2], [2])
    assert [error.code for error in errors] == ["VALIDATION_ERROR", "INVALID_TIMESTAMP"]


def test_plain_lines_continue_with_their_stack_trace_and_faults_are_named():
    text = (
        "2024-01-15 10:30:00.123 ERROR [user-api] failed\n  at main()\n\n"
        "2024-01-15 10:30:00.123 LOUD [user-api] x\nnonsense\n2024-01-15 10:30:01 info [b] ok\n"
    )
    columns, errors, sent = plain_columns(text, NOW_NS)
    assert columns.body == ["failed\n  at main()", "ok"]
    assert columns.service == ["user-api", "b"]
    assert [(error.index, error.code) for error in errors] == [(1, "INVALID_LOG_LEVEL"), (2, "INVALID_LOG_FORMAT")]
    assert sent == 4


@pytest.mark.parametrize(
    ("name", "unit", "counter", "gauge", "wanted"),
    [
        ("http.server.duration", "ms", False, False, "http_server_duration_milliseconds"),
        ("requests", "{request}", True, False, "requests_total"),
        ("requests.total", "1", True, False, "requests_total"),
        ("cpu.utilization", "1", False, True, "cpu_utilization_ratio"),
        ("io", "By/s", False, True, "io_bytes_per_second"),
        ("disk.bytes", "By", False, True, "disk_bytes"),
        ("2xx", "", True, False, "_2xx_total"),
    ],
)
def test_names_follow_the_mapping_of_opentelemetry(name, unit, counter, gauge, wanted):
    assert prometheus_name(name, unit, is_counter=counter, is_gauge=gauge) == wanted
