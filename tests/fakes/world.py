"""A small world of telemetry with one incident, as values of the contract."""

import math
from datetime import timedelta

from api_client.contract.alerts import Ack, AlertEvent, AlertStatus, Severity, TimelineEntry
from api_client.contract.logs import HistogramBucket, LogHistogram, LogLevel, LogRecord
from api_client.contract.metrics import PromqlQuery, PromqlResult, Series
from api_client.contract.sources import Health, Signal, Source, SourceState
from api_client.contract.traces import ServiceStats, Span, SpanEvent, Trace, TraceService, TraceSummary
from tests.fakes.moment import NOW_S, ago

SERVICES = ("storefront", "cart", "checkout", "payment", "inventory", "shipping", "users", "recommendation")
HOSTILE = "pwned \x1b]52;c;aGk=\x07 \x1b[31mred\x1b[0m [@click=app.quit]x[/] [link=https://e.vil]y[/link] \u202eevil\u202c \x00 \x9b31m [/"
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


def alerts() -> tuple[AlertEvent, ...]:
    def make(number: int, name: str, severity: Severity, status: AlertStatus, age: float, service: str, **more):
        return AlertEvent(
            id=f"a{number}", fingerprint=f"f{number}", rule_id=f"r{number}", rule_name=name, severity=severity, status=status,
            started_at=ago(age + 60), fired_at=None if status is AlertStatus.PENDING else ago(age),
            resolved_at=ago(30) if status is AlertStatus.RESOLVED else None,
            labels={"alertname": name, "severity": severity.value, "service_name": service},
            generator="sum by (service_name) (rate(errors_total[2m])) ", threshold=0.05, **more,
        )  # fmt: skip

    return (
        make(1, "ServiceErrors", Severity.CRITICAL, AlertStatus.FIRING, 240, "payment", value=0.31,
             annotations={"summary": "31% of requests to payment fail", "description": "More than 5 % fail"}),
        make(2, "ServiceSlow", Severity.HIGH, AlertStatus.FIRING, 900, "checkout", value=1.8,
             annotations={"summary": "p95 of checkout is 1.8s"},
             ack=Ack(by="maria", at=ago(600), comment="looking at the database")),
        make(3, "ErrorBurst", Severity.WARNING, AlertStatus.FIRING, 120, "payment", value=412,
             annotations={"summary": f"412 error lines {HOSTILE}"}),
        make(4, "HighLoad", Severity.WARNING, AlertStatus.PENDING, 20, "inventory", value=2.4,
             annotations={"summary": "load per processor is 2.4"}),
        make(5, "MemoryPressure", Severity.HIGH, AlertStatus.RESOLVED, 3000, "recommendation", value=0.05,
             annotations={"summary": "5% of memory available"}),
    )  # fmt: skip


def timeline() -> list[TimelineEntry]:
    return [
        TimelineEntry(at=ago(300), kind="pending", text="value 0.09"),
        TimelineEntry(at=ago(240), kind="firing", text="value 0.31"),
        TimelineEntry(at=ago(100), kind="note", by="maria", text="rollback of 2.15.0 started"),
    ]


def log_records() -> tuple[LogRecord, ...]:
    messages = (
        (LogLevel.INFO, "cart", "added SKU-1042 to cart 7731, 3 items, 84.20 EUR"),
        (LogLevel.INFO, "checkout", "order 99812 accepted"),
        (LogLevel.DEBUG, "inventory", "cache miss for SKU-1042"),
        (LogLevel.WARN, "checkout", "timed out waiting for a connection after 5000 ms, pool 20/20"),
        (LogLevel.ERROR, "payment", "NullPointerException in CardVault.tokenize (CardVault.java:117)"),
        (None, "shipping", "10.0.4.7 - - GET /label/99812 200 1.2ms"),
        (LogLevel.FATAL, "recommendation", "out of memory: killed process 4711"),
    )
    found = []
    for number in range(60):
        level, service, message = messages[number % len(messages)]
        found.append(
            LogRecord(
                id=str(1000 + number), timestamp=ago(60 - number) + timedelta(milliseconds=number * 7), level=level, service=service,
                message=HOSTILE if number == 40 else message, trace_id=TRACE_ID if number % 3 == 0 else None,
                labels={"host.name": "node-3", "deployment.environment": "demo"}, source="otlp",
            )
        )  # fmt: skip
    return tuple(found)


def histogram() -> LogHistogram:
    buckets = tuple(
        HistogramBucket(
            start=ago(1800 - 15 * number),
            counts={"INFO": 40 + number % 9, "WARN": number % 5, "ERROR": 30 if number > 100 else number % 2},
        )
        for number in range(120)
    )
    return LogHistogram(step_s=15, buckets=buckets)


def promql(query: PromqlQuery) -> PromqlResult:
    if "boom" in query.expr:
        from api_client.contract.problems import ErrorCode, Problem

        return PromqlResult(id=query.id, error=Problem(code=ErrorCode.QUERY_ERROR, message="unknown function “boom”"))
    if not query.start or not query.end or not query.step:
        return PromqlResult(
            id=query.id, result_type="vector", series=(Series(labels={}, timestamps=(NOW_S,), values=(1.0,)),)
        )
    start, end = query.start.timestamp(), query.end.timestamp()
    times = tuple(start + step * query.step for step in range(int((end - start) / query.step) + 1))
    seed = sum(map(ord, query.expr)) % 17 + 1
    scale = 1.0 if "bytes_total" not in query.expr else 3e6
    names = (
        {"device": "eth0", "instance": "node-3", "mode": "user"},
        {"device": "eth1", "instance": "node-4", "mode": "system"},
    )
    return PromqlResult(
        id=query.id,
        series=tuple(
            Series(labels=labels, timestamps=times,
                   values=tuple(scale * (0.4 + 0.3 * math.sin(at / 200 + seed + place) + 0.02 * ((at // 15 + seed) % 5)) for at in times))
            for place, labels in enumerate(names)
        ),
    )  # fmt: skip


def service_stats() -> list[ServiceStats]:
    return [
        ServiceStats(
            service=name, call_count=900 - 90 * place, error_count=(280 if name == "payment" else place % 2), rate_per_s=12.5 / (place + 1),
            error_ratio=0.31 if name == "payment" else 0.001 * (place % 2), p50_ms=12.0 * (place + 1), p95_ms=40.0 * (place + 1) ** 2,
            p99_ms=90.0 * (place + 1) ** 2, rates=tuple(5 + 3 * math.sin(step / 3 + place) for step in range(16)),
        )
        for place, name in enumerate(SERVICES)
    ]  # fmt: skip


def summaries() -> list[TraceSummary]:
    return [
        TraceSummary(
            trace_id=TRACE_ID if number == 2 else f"{number:032x}", root_service="storefront", root_operation="POST /checkout",
            start_time=ago(20 * number), duration_ms=40.0 + 170 * (number % 7), span_count=8 + number, error_count=int(number % 4 == 2),
            services=SERVICES[: 3 + number % 4],
        )
        for number in range(1, 30)
    ]  # fmt: skip


def trace() -> Trace:
    shape = (
        ("01", None, "storefront", "POST /checkout", 0, 1890, "server", False),
        ("02", "01", "cart", "GET /cart/{id}", 12, 61, "server", False),
        ("03", "02", "cart", "redis GET", 15, 3, "client", False),
        ("04", "01", "checkout", "POST /orders", 90, 1770, "server", True),
        ("05", "04", "inventory", "reserve", 110, 820, "server", False),
        ("06", "05", "inventory", "postgres SELECT stock", 118, 790, "client", False),
        ("07", "04", "payment", "POST /charge", 960, 640, "server", True),
        ("08", "07", "payment", "vault tokenize", 980, 210, "internal", True),
        ("09", "07", "payment", "POST acquirer", 1200, 390, "client", False),
        ("0a", "04", "shipping", "quote", 1640, 180, "server", False),
        ("0b", "99", "recommendation", "orphan: parent never arrived", 1700, 90, "consumer", False),
    )
    spans = tuple(
        Span(
            trace_id=TRACE_ID, span_id=f"00000000000000{key}", parent_span_id=f"00000000000000{parent}" if parent else None,
            operation_name=name, service_name=service, kind=kind, start_time=ago(40) + timedelta(milliseconds=start),
            start_offset_ms=float(start), duration_ms=float(length), status="error" if failed else "unset",
            status_message="NullPointerException" if key == "08" else "", tags={"http.route": "/checkout", "note": HOSTILE},
            resource={"service.version": "2.15.0"},
            events=(SpanEvent(timestamp=ago(40) + timedelta(milliseconds=start + 5), name="exception",
                              attributes={"exception.type": "NullPointerException"}),) if key == "08" else (),
        )
        for key, parent, service, name, start, length, kind, failed in shape
    )  # fmt: skip
    names = dict.fromkeys(span.service_name for span in spans)
    return Trace(
        trace_id=TRACE_ID, root_span=spans[0].span_id, spans=spans, start_time=spans[0].start_time, total_duration_ms=1890,
        services=tuple(TraceService(name=name, span_count=1, operation_count=1) for name in names), span_count=len(spans), error_count=3,
    )  # fmt: skip


def sources() -> list[Source]:
    return [
        Source(name="store/metrics", kind="duckdb", signal=Signal.METRICS, state=SourceState.OK, detail="9,600 rows", lag_s=2, rate_per_s=25.6),
        Source(name="store/logs", kind="duckdb", signal=Signal.LOGS, state=SourceState.OK, detail="1,626 rows", lag_s=1, rate_per_s=88),
        Source(name="otlp", kind="otlp", signal=Signal.TRACES, state=SourceState.OK, detail="OTLP/HTTP on 127.0.0.1:4318", lag_s=3),
        Source(name="journal", kind="journal", signal=Signal.LOGS, state=SourceState.FAILING, detail="the systemd journal",
               last_error=f"permission denied {HOSTILE}", last_error_at=ago(75), dropped=12),
        Source(name="rules", kind="sqlite", signal=Signal.ALERTS, state=SourceState.DEGRADED, detail="7 rules", lag_s=8),
        Source(name="remote-write", kind="prometheus", signal=Signal.METRICS, state=SourceState.IDLE, detail="no sender yet"),
    ]  # fmt: skip


def health() -> Health:
    return Health(status="live", service="gateway", version="0.1.0", uptime_s=61.0)
