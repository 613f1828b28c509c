"""Plausible data for the gallery and the tests; the same every time."""

import random

from widgets.alert_table import AlertRow, AlertTable
from widgets.field_list import Field, FieldGroup, FieldList
from widgets.key_hints import KeyHint, KeyHints
from widgets.log_histogram import Bucket, HistogramData, LogHistogram
from widgets.log_view import LogLine, LogView
from widgets.metric_chart import ChartData, ChartMark, ChartSeries, MetricChart, Threshold
from widgets.query_bar import QueryBar, QueryError
from widgets.screen_tabs import ScreenTab, ScreenTabs
from widgets.state_panel import PaneKind, PaneState, StateBadge, StatePanel
from widgets.status_bar import StatusBar, StatusLine
from widgets.trace_waterfall import SpanRow, TraceWaterfall, build_tree


def status_bar():
    return StatusBar(
        StatusLine(
            context="prod-eu",
            scope="service=checkout",
            time_range="last 1 h",
            firing=(("critical", 2), ("high", 1), ("warning", 14)),
            connection="ok",
            connection_text="12 ms",
            simulation=True,
            clock="03:12:47 UTC",
        )
    )


def screen_tabs(active):
    return ScreenTabs(
        (
            ScreenTab("overview", "1", "Overview"),
            ScreenTab("alerts", "2", "Alerts", "17", "severity-critical"),
            ScreenTab("metrics", "3", "Metrics"),
            ScreenTab("logs", "4", "Logs", "●", "status-live"),
            ScreenTab("trace", "5", "Traces"),
            ScreenTab("services", "6", "Services"),
            ScreenTab("states", "7", "Incident", "1", "severity-high"),
            ScreenTab("sources", "8", "Sources"),
        ),
        active,
    )


def key_hints():
    return KeyHints(
        (
            KeyHint("enter", "open", priority=1),
            KeyHint("a", "ack", priority=1),
            KeyHint("s", "silence", priority=2),
            KeyHint("E", "escalate", enabled=False, priority=4),
            KeyHint("g", "graph", priority=3),
            KeyHint("l", "logs", priority=2),
            KeyHint("/", "filter", priority=2),
            KeyHint("t", "time", priority=4),
            KeyHint("y", "copy", priority=6),
            KeyHint("?", "help", priority=0),
        )
    )


ALERTS = (
    (
        "critical",
        "CheckoutErrorRate",
        "checkout",
        "4.2 %",
        "5xx share above 2 % for 5 min: payments upstream resets connections",
    ),
    ("critical", "DiskAlmostFull", "orders-db", "97 %", "/var/lib/postgresql fills in 38 min at the present rate"),
    ("high", "LatencyP99", "search", "2.41 s", "p99 above 1.5 s; cache hit ratio fell to 41 %"),
    ("warning", "KafkaConsumerLag", "billing", "84.1k", "group invoices is behind on 3 of 12 partitions"),
    ("warning", "CertificateExpires", "gateway", "6 d", "airis.example.com expires on 27 November"),
    ("medium", "PodRestarts", "recommendations", "5/h", "OOMKilled, limit 512 MiB"),
    ("low", "BackupLate", "orders-db", "26 h", "last good base backup is older than a day"),
    ("info", "DeployRunning", "checkout", "", "v2.31.0 on 4 of 12 replicas"),
)


def alerts(count=40):
    rng = random.Random(7)
    rows = []
    for n in range(count):
        severity, name, service, value, summary = ALERTS[n * len(ALERTS) // count if n > 3 else n]
        state = "firing" if n % 9 else "pending"
        ack, who = ("acked", "mira") if n % 5 == 2 else ("acking", "") if n == 4 else ("open", "")
        if n % 11 == 10:
            state = "resolved"
        age = f"{rng.randrange(1, 59)}m" if n < 20 else f"{rng.randrange(1, 40)}h"
        rows.append(
            AlertRow(
                id=f"a{n}",
                severity=severity,
                state=state,
                name=name if n < 8 else f"{name}{n}",
                summary=summary,
                service=service,
                age=age,
                value=value,
                ack=ack,
                ack_text=who,
            )
        )
    return tuple(rows)


def alerts_page():
    table = AlertTable()
    table.set_reactive(AlertTable.rows, alerts())
    table.set_reactive(AlertTable.marks, frozenset({"a1", "a5"}))
    table.set_reactive(AlertTable.sorted_by, ("severity", True))
    yield table


def states_page():
    from textual.containers import Container, Horizontal

    bar = QueryBar('level:error service: "timed out"', prompt="logs /")
    bar.set_reactive(QueryBar.error, QueryError("a value is missing after service:", 12, 20))
    yield bar
    states = [
        PaneState(PaneKind.LIVE),
        PaneState(PaneKind.PAUSED, "+1,204 new"),
        PaneState(PaneKind.LOADING, "loading…"),
        PaneState(PaneKind.PARTIAL, "loki-2 missing"),
        PaneState(PaneKind.STALE, "42 s old"),
        PaneState(PaneKind.FAILED, "refused"),
    ]
    yield Horizontal(*(StateBadge(state) for state in states), classes="row short")
    yield Container(
        StatePanel(
            PaneState(
                PaneKind.EMPTY, "No log lines in the last 15 min", "Widen the range with - or clear the filter with esc"
            )
        ),
        StatePanel(
            PaneState(
                PaneKind.FAILED,
                "Loki refuses: 401 token expired",
                "Press L to log in again; what was loaded stays on the screen",
            )
        ),
        classes="row",
    )


START = 1_795_237_200.0


def walk(seed, count, level, noise, spike=None):
    rng = random.Random(seed)
    value, out = level, []
    for n in range(count):
        value += rng.gauss(0, noise) + (level - value) * 0.05
        out.append(max(0.0, value + (level * 1.6 if spike and spike <= n < spike + 9 else 0)))
    return out


def chart_data(
    title="HTTP requests by service", names=("checkout", "search", "cart", "gateway"), level=900.0, unit="/s", **more
):
    xs = tuple(START + 15 * n for n in range(241))
    series = []
    for n, name in enumerate(names):
        ys = walk(n, 241, level / (1 + n * 0.6), level / 30, spike=150 if n == 0 else None)
        if n == 1:
            ys[90:104] = [None] * 14
        series.append(ChartSeries(name, xs, tuple(ys)))
    return ChartData(title=title, series=tuple(series), unit=unit, start=START, end=START + 3600, step=15, **more)


def metrics_page():
    from textual.containers import Container

    big = MetricChart(chart_data(thresholds=(Threshold(1600, "SLO"),), marks=(ChartMark(START + 1500, "deploy"),)))
    big.set_reactive(MetricChart.cursor, START + 2300)
    yield big
    tiles = (
        MetricChart(chart_data("CPU", ("cpu",), 62, "%", area=True)),
        MetricChart(chart_data("Memory", ("rss", "cache"), 3.2e9, "bytes")),
        MetricChart(ChartData(title="Errors")),
    )
    tiles[1].set_reactive(MetricChart.state, PaneState(PaneKind.STALE, "42 s old"))
    tiles[2].set_reactive(MetricChart.state, PaneState(PaneKind.EMPTY, "no series match"))
    yield Container(*tiles, classes="row short")
    yield Container(
        MetricChart(chart_data("Latency p99", ("p50", "p99"), 0.420, "s")),
        MetricChart(chart_data("Bytes out", ("out",), 4e6, "B/s")),
        classes="row medium",
    )


MESSAGES = (
    ("info", "checkout", "order 81{n} placed in 182 ms", (("trace", "7f3ac1"), ("status", "200"))),
    ("info", "gateway", "GET /api/cart/81{n} 200 14 ms", (("route", "/api/cart"),)),
    ("debug", "search", "cache miss for query 'wireless headphones', asking shard {n}", ()),
    (
        "warn",
        "billing",
        "retrying invoice 55{n}: upstream timed out after 2000 ms (attempt 2 of 5)",
        (("attempt", "2"),),
    ),
    (
        "error",
        "checkout",
        "payment failed: connection reset by peer while reading response header from upstream payments.internal:8443",
        (("status", "502"),),
    ),
    ("info", "cart", "added sku 9{n} to cart", ()),
    ("trace", "orders-db", "vacuum of order_lines finished", ()),
    ("fatal", "recommendations", "out of memory: killed process 4711 (python) total-vm 1048576 kB", ()),
)


def log_lines(count=300, first=0):
    rng = random.Random(first)
    out = []
    for n in range(first, first + count):
        kind = MESSAGES[min(rng.randrange(30), 7) if rng.random() < 0.5 else rng.randrange(3)]
        kind = MESSAGES[1] if kind is MESSAGES[7] and n % 40 else kind
        level, service, text, fields = kind
        time = f"03:{n // 60 % 60:02d}:{n % 60:02d}.{rng.randrange(1000):03d}"
        out.append(LogLine(f"l{n}", time, level, service, text.format(n=n % 97), fields))
    return tuple(out)


def logs_page():
    view = LogView()
    view.extend(log_lines(280))
    view.extend((LogLine("gap1", "", "", "", "gap 12 s, 3,400 lines not delivered", marker=True),))
    view.extend(log_lines(9, 400))
    view.set_reactive(LogView.highlight, ("upstream",))
    view.watch_highlight(("upstream",))
    from textual.containers import Container

    histogram = LogHistogram(histogram_data())
    histogram.set_reactive(LogHistogram.span, (START + 2300, START + 2700))
    yield histogram
    yield view
    yield Container(FieldList(fields()), classes="row medium")


def histogram_data(buckets=90):
    rng = random.Random(3)
    out = []
    for n in range(buckets):
        storm = 60 <= n < 68
        out.append(
            Bucket(
                START + n * 40,
                {
                    "info": rng.randrange(300, 500),
                    "warn": rng.randrange(5, 60),
                    "error": rng.randrange(150, 400) if storm else rng.randrange(0, 6),
                    "debug": rng.randrange(80),
                },
            )
        )
    return HistogramData(start=START, end=START + buckets * 40, step=40, buckets=tuple(out))


def fields():
    return (
        FieldGroup(
            "Log line",
            (
                Field("time", "2026-11-21 03:06:46.809 UTC"),
                Field("level", "error", "level-error"),
                Field("service", "checkout"),
            ),
        ),
        FieldGroup(
            "Attributes",
            (
                Field("http.route", "/api/orders"),
                Field("http.status_code", "502", "level-error"),
                Field("trace_id", "7f3ac1d2e0b14b6f9f1f2d7a6c9b1e55"),
                Field(
                    "exception.stacktrace",
                    "\n".join(
                        f"  at Checkout.pay(Checkout.java:{n}) with a rather long tail of words" for n in (17, 81, 130)
                    ),
                ),
            ),
        ),
    )


def spans(count=60):
    rng = random.Random(11)
    services = ("gateway", "checkout", "cart", "payments", "orders-db", "search", "billing")
    operations = (
        "POST /api/orders",
        "reserve stock",
        "SELECT order_lines",
        "charge card",
        "publish order.placed",
        "GET /cart",
        "render",
    )
    out = [SpanRow("s0", "", "gateway", "POST /api/orders", 0.0, 812.0, error=True)]
    for n in range(1, count):
        parent = out[rng.randrange(max(0, n - 6), n)]
        offset = parent.offset_ms + parent.duration_ms * rng.random() * 0.6
        duration = min(parent.duration_ms * (0.2 + rng.random() * 0.6), parent.end_ms - offset)
        failed = n in (7, 19, 33)
        out.append(
            SpanRow(
                f"s{n}",
                parent.id,
                services[rng.randrange(7)],
                operations[rng.randrange(7)],
                offset,
                duration,
                failed,
                (offset + duration / 2,) if failed else (),
            )
        )
    return tuple(out)


def trace_page():
    view = TraceWaterfall(build_tree((*spans(), SpanRow("lost", "gone", "search", "orphan of a lost parent", 300, 90))))
    view.set_reactive(TraceWaterfall.folded, frozenset({"s4", "s9"}))
    view._take(view.span_tree)
    yield view
