"""Services as rows: rate, errors, p95 and a trend."""

from typing import TYPE_CHECKING

from widgets.data_list import ListRow
from widgets.renderables.columns import Column
from widgets.renderables.pieces import Piece
from widgets.renderables.sparkline import sparkline_cell
from widgets.renderables.units import format_value
from widgets.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api_client.contract.traces import ServiceStats

_TREND_CELLS = 16

COLUMNS = (
    Column("service", "Service", 12, grow=3, most=30),
    Column("rate", "Rate", 7, align="right"),
    Column("errors", "Errors", 6, align="right"),
    Column("p95", "p95", 7, align="right"),
    Column("p50", "p50", 7, priority=3, align="right"),
    Column("trend", "Trend", _TREND_CELLS, priority=4),
)
_BAD_RATIO, _SOME_RATIO = 0.05, 0.0


def service_rows(stats: "Iterable[ServiceStats]") -> tuple[ListRow, ...]:
    """Return services as rows, those with the most errors first, then the busiest."""
    ordered = sorted(stats, key=lambda item: (-round(item.error_ratio, 3), -item.rate_per_s, item.service))
    return tuple(_row(item) for item in ordered)


def _row(item: "ServiceStats") -> ListRow:
    ink = (
        "status-failed"
        if item.error_ratio >= _BAD_RATIO
        else "status-partial"
        if item.error_ratio > _SOME_RATIO
        else "muted"
    )
    mark = "✗ " if item.error_ratio >= _BAD_RATIO else "! " if item.error_ratio > _SOME_RATIO else ""
    return ListRow(
        key=item.service,
        cells=(
            Piece(clean(item.service, 80), "strong"),
            Piece(format_value(item.rate_per_s, "/s")),
            Piece(f"{mark}{_percent(item.error_ratio)}", ink),
            Piece(_ms(item.p95_ms)),
            Piece(_ms(item.p50_ms), "muted"),
            sparkline_cell(item.rates, _TREND_CELLS),
        ),
    )


def _percent(ratio: float) -> str:
    return f"{ratio * 100:.1f}%" if ratio < 0.1 else f"{ratio * 100:.0f}%"


def _ms(value: float | None) -> str:
    return format_value(value, "ms") if value is not None else "—"
