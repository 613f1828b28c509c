"""Plausible data for the gallery and the tests; the same every time."""

import random

from widgets.alert_table import AlertRow, AlertTable
from widgets.key_hints import KeyHint, KeyHints
from widgets.screen_tabs import ScreenTab, ScreenTabs
from widgets.state_panel import PaneKind, PaneState, StateBadge, StatePanel
from widgets.status_bar import StatusBar, StatusLine


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
