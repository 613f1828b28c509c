"""Traces as rows of a list, spans as rows of a waterfall, and the details of a span."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from console.present.times import clock_ms, full
from widgets.data_list import KeyedList
from widgets.field_list import Field, FieldGroup
from widgets.renderables.columns import Column
from widgets.renderables.pieces import Cell, Piece
from widgets.renderables.units import format_value
from widgets.text import clean
from widgets.trace_waterfall import SpanRow

if TYPE_CHECKING:
    from api_client.contract.traces import Span, Trace, TraceSummary

COLUMNS = (
    Column("start", "Start", 12),
    Column("duration", "Duration", 9, align="right"),
    Column("errors", "Errors", 6, priority=1, align="right"),
    Column("spans", "Spans", 5, priority=4, align="right"),
    Column("root", "Root", 20, grow=3, most=60),
    Column("bar", "Share of slowest", 16, priority=5),
    Column("services", "Services", 14, priority=3, grow=3),
)
_BAR_CELLS = 16


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One trace of a search."""

    key: str
    """The trace id."""
    start_s: float
    start: str
    duration_ms: float
    errors: int
    spans: int
    root: str
    service: str
    services: str
    share: float = 0.0
    """Its duration against the slowest of the result."""


def trace_row(summary: "TraceSummary") -> TraceRow:
    """Return a trace as a row; the time of day is put in when the zone is known."""
    return TraceRow(
        key=summary.trace_id,
        start_s=summary.start_time.timestamp(),
        start="",
        duration_ms=summary.duration_ms,
        errors=summary.error_count,
        spans=summary.span_count,
        root=clean(f"{summary.root_service}: {summary.root_operation}", 160),
        service=summary.root_service,
        services=clean(" ".join(summary.services), 200),
    )


class TraceList(KeyedList[TraceRow]):
    """Shows traces: what decides stands first, duration also as a bar against the slowest."""

    def row_cells(self, row: TraceRow) -> tuple[Cell, ...]:
        """Return the cells of a trace."""
        bar = "█" * max(1, round(row.share * _BAR_CELLS))
        return (
            Piece(row.start, "muted"),
            Piece(format_value(row.duration_ms, "ms"), "strong"),
            Piece(f"✗ {row.errors}" if row.errors else "—", "status-failed" if row.errors else "muted"),
            Piece(str(row.spans), "muted"),
            Piece(row.root),
            Piece(bar, "status-failed" if row.errors else "chart-1"),
            Piece(row.services, "muted"),
        )


def span_rows(trace: "Trace") -> list[SpanRow]:
    """Return the spans of a trace as rows of a waterfall."""
    return [
        SpanRow(
            id=span.span_id,
            parent_id=span.parent_span_id or "",
            service=clean(span.service_name, 80),
            operation=clean(span.operation_name, 160),
            offset_ms=span.start_offset_ms,
            duration_ms=span.duration_ms,
            error=span.status == "error",
            events=tuple(
                max(0.0, (event.timestamp - span.start_time).total_seconds() * 1000 + span.start_offset_ms)
                for event in span.events
            ),
        )
        for span in trace.spans
    ]


def trace_title(trace: "Trace") -> str:
    """Return a trace in one line."""
    errors = f" · ✗ {trace.error_count} failed" if trace.error_count else ""
    cut = " · cut at the platform's limit" if trace.truncated else ""
    rootless = "" if trace.root_span else " · the root has not arrived"
    return (
        f"{format_value(trace.total_duration_ms, 'ms')} · {trace.span_count:,} spans · "
        f"{len(trace.services)} services{errors}{rootless}{cut}"
    )


def span_details(span: "Span", zone: tzinfo) -> tuple[FieldGroup, ...]:
    """Return everything known of a span, grouped."""
    status = f"{span.status}: {clean(span.status_message)}" if span.status_message else span.status
    head = (
        Field("operation", clean(span.operation_name)),
        Field("service", clean(span.service_name)),
        Field("status", status, "status-failed" if span.status == "error" else "text"),
        Field("duration", format_value(span.duration_ms, "ms")),
        Field("start", f"{full(span.start_time, zone)} (+{format_value(span.start_offset_ms, 'ms')})"),
        Field("kind", span.kind),
    )
    events = tuple(
        Field(clock_ms(event.timestamp, zone), clean(" ".join((event.name, *_pairs(event.attributes.items()))), 4000))
        for event in span.events
    )
    links = tuple(Field("follows", f"{link.trace_id} / {link.span_id}") for link in span.links)
    ids = (
        Field("trace", span.trace_id),
        Field("span", span.span_id),
        *((Field("parent", span.parent_span_id),) if span.parent_span_id else ()),
    )
    groups = (
        FieldGroup("Span", head),
        FieldGroup("Events", events),
        FieldGroup("Tags", _fields(span.tags.items())),
        FieldGroup("Links", links),
        FieldGroup("Resource", _fields(span.resource.items())),
        FieldGroup("Ids", ids),
    )
    return tuple(group for group in groups if group.fields)


def _pairs(items: Iterable[tuple[str, str]]) -> Iterable[str]:
    return (f"{name}={value}" for name, value in items)


def _fields(items: Iterable[tuple[str, str]]) -> tuple[Field, ...]:
    return tuple(Field(clean(name, 120), clean(value, 8000)) for name, value in sorted(items))
