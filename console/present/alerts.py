"""Alerts as rows and details."""

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING

from console.present.times import age, full
from widgets.alert_table import AckState, AlertRow
from widgets.field_list import Field, FieldGroup
from widgets.renderables.units import format_value
from widgets.text import clean

if TYPE_CHECKING:
    from api_client.contract.alerts import AlertEvent, TimelineEntry

_ORDER = {"critical": 0, "high": 1, "warning": 2, "medium": 3, "low": 4, "info": 5}
_STATUS_ORDER = {"firing": 0, "pending": 1, "resolved": 2}
SERVICE_LABELS = ("service", "service_name", "job", "instance")


def alert_rows(
    events: "Iterable[AlertEvent]", now_s: float, pending: Mapping[str, str] | None = None
) -> tuple[AlertRow, ...]:
    """Return alerts as rows, worst first; `pending` names what is under way, by alert id."""
    return tuple(alert_row(event, now_s, (pending or {}).get(event.id, "")) for event in sorted(events, key=_rank))


def _rank(event: "AlertEvent") -> tuple[int, bool, int, float]:
    return (
        _STATUS_ORDER[event.status.value],
        event.ack is not None,
        _ORDER[event.severity.value],
        -(event.fired_at or event.started_at).timestamp(),
    )


def alert_row(event: "AlertEvent", now_s: float, pending: str = "") -> AlertRow:
    """Return one alert as a row; its ack counts only when the platform has confirmed it."""
    since = event.resolved_at or event.fired_at or event.started_at
    ack, ack_text = _ack(event, now_s, pending)
    return AlertRow(
        id=event.id,
        severity=event.severity.value,
        state=event.status.value,
        name=clean(event.rule_name, 80),
        summary=clean(summary(event), 200),
        service=clean(service_of(event) or "", 60),
        age=age(now_s - since.timestamp()),
        value=format_value(event.value) if event.value is not None else "",
        ack=ack,
        ack_text=ack_text,
    )


def _ack(event: "AlertEvent", now_s: float, pending: str) -> tuple[AckState, str]:
    if pending == "failed":
        return "failed", "not delivered"
    if pending:
        return "acking", ""
    if event.ack:
        return "acked", clean(f"{event.ack.by} {age(now_s - event.ack.at.timestamp())}", 40)
    return "open", ""


def summary(event: "AlertEvent") -> str:
    """Return what an alert says in one line."""
    return event.annotations.get("summary") or event.annotations.get("description") or labels_line(event.labels)


def labels_line(labels: Mapping[str, str]) -> str:
    """Return labels in one line, without the name and severity that stand beside it."""
    return " ".join(f"{name}={value}" for name, value in labels.items() if name not in {"alertname", "severity"})


def service_of(event: "AlertEvent") -> str | None:
    """Return the service that an alert is about, by the labels that usually name it."""
    return next((event.labels[name] for name in SERVICE_LABELS if event.labels.get(name)), None)


def traced_service_of(event: "AlertEvent") -> str | None:
    """Return the service under which an alert's logs and traces are found; a host has none."""
    return event.labels.get("service") or event.labels.get("service_name")


def alert_details(event: "AlertEvent", timeline: "Iterable[TimelineEntry]", zone: tzinfo) -> tuple[FieldGroup, ...]:
    """Return everything known of an alert, grouped."""
    state = [
        Field("status", event.status.value),
        Field("severity", event.severity.value),
        Field("since", full(event.started_at, zone)),
    ]
    if event.fired_at:
        state.append(Field("fired", full(event.fired_at, zone)))
    if event.resolved_at:
        state.append(Field("resolved", full(event.resolved_at, zone)))
    if event.value is not None:
        threshold = f"  (threshold {event.threshold:g})" if event.threshold is not None else ""
        state.append(Field("value", f"{event.value:.6g}{threshold}"))
    if event.ack:
        comment = f": {event.ack.comment}" if event.ack.comment else ""
        state.append(Field("ack", clean(f"{event.ack.by} at {full(event.ack.at, zone)}{comment}", 600)))
    groups = [
        FieldGroup("Alert", tuple(state)),
        FieldGroup("Annotations", _fields(event.annotations)),
        FieldGroup("Labels", _fields(event.labels)),
        FieldGroup("Rule", (Field("name", clean(event.rule_name)), Field("query", clean(event.generator, 2000)))),
    ]
    happened = tuple(
        Field(
            f"{entry.at.astimezone(zone):%H:%M:%S}",
            clean(" ".join(filter(None, (entry.kind, entry.by, entry.text))), 600),
        )
        for entry in timeline
    )
    return tuple(group for group in (*groups, FieldGroup("Timeline", happened)) if group.fields)


def _fields(values: Mapping[str, str]) -> tuple[Field, ...]:
    return tuple(Field(clean(name, 120), clean(value, 2000)) for name, value in values.items() if value)


def chat_line(event: "AlertEvent") -> str:
    """Return an alert in one line for a chat: severity, name, service, since when, who has it."""
    who = f", acked by {event.ack.by}" if event.ack else ""
    service = service_of(event)
    where = f" on {service}" if service else ""
    since = f"{event.fired_at or event.started_at:%Y-%m-%d %H:%M:%S} UTC"
    return clean(
        f"[{event.severity.value}] {event.rule_name}{where}: {summary(event)} ({event.status.value} since {since}{who})"
    )
