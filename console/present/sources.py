"""Sources as rows: which are well, how far behind, and what went wrong last."""

from typing import TYPE_CHECKING

from console.present.times import age
from widgets.data_list import ListRow
from widgets.renderables.columns import Column
from widgets.renderables.pieces import Piece
from widgets.renderables.units import format_value
from widgets.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api_client.contract.sources import Source

COLUMNS = (
    Column("state", "State", 10),
    Column("name", "Source", 12, grow=2, most=34),
    Column("signal", "Signal", 7, priority=2),
    Column("lag", "Lag", 5, priority=1, align="right"),
    Column("rate", "Rate", 8, priority=3, align="right"),
    Column("dropped", "Refused", 7, priority=6, align="right"),
    Column("detail", "Detail", 20, priority=5, grow=5),
    Column("error", "Last error", 12, priority=4, grow=3),
)
BRIEF_COLUMNS = tuple(column for column in COLUMNS if column.key in {"state", "name", "signal", "lag", "error"})

_MARKS = {
    "ok": ("●", "status-ok"),
    "starting": ("◌", "status-loading"),
    "degraded": ("◐", "status-partial"),
    "failing": ("✗", "status-failed"),
    "idle": ("○", "muted"),
}
_ORDER = ("failing", "degraded", "starting", "ok", "idle")


def source_rows(sources: "Iterable[Source]", now_s: float, *, brief: bool = True) -> tuple[ListRow, ...]:
    """Return sources as rows, those in trouble first."""
    ordered = sorted(sources, key=lambda item: (_ORDER.index(item.state.value), item.signal.value, item.name))
    return tuple(_row(item, now_s, brief=brief) for item in ordered)


def _row(item: "Source", now_s: float, *, brief: bool) -> ListRow:
    mark, ink = _MARKS[item.state.value]
    error = clean(item.last_error or "", 300)
    if error and item.last_error_at:
        error = f"{age(now_s - item.last_error_at.timestamp())} ago: {error}"
    cells = {
        "state": Piece(f"{mark} {item.state.value}", ink),
        "name": Piece(clean(item.name, 80), "strong"),
        "signal": Piece(item.signal.value, "muted"),
        "lag": Piece(age(item.lag_s) if item.lag_s is not None else "—"),
        "rate": Piece(format_value(item.rate_per_s, "/s") if item.rate_per_s is not None else "—"),
        "dropped": Piece(f"{item.dropped:,}" if item.dropped else "—", "status-partial" if item.dropped else "muted"),
        "detail": Piece(clean(item.detail, 300), "muted"),
        "error": Piece(error or "—", "status-failed" if error else "muted"),
    }
    chosen = BRIEF_COLUMNS if brief else COLUMNS
    return ListRow(key=f"{item.name}/{item.signal.value}", cells=tuple(cells[column.key] for column in chosen))
