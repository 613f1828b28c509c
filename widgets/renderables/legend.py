"""The legend of a chart: who is who, and the figures."""

from collections.abc import Sequence

from widgets.renderables.line_chart import ChartData, ChartSeries, series_ink
from widgets.renderables.pieces import Piece, cut, fit, width_of
from widgets.renderables.scale import finite
from widgets.renderables.units import format_value

SWATCH = "━━ "
FIGURE = 11
LEAST_LABEL = 12


def legend_line(
    data: ChartData, width: int, values: Sequence[float | None], hidden: frozenset[str] = frozenset()
) -> list[Piece]:
    """Return all series in one line, each with a value; those that do not fit are counted."""
    pieces: list[Piece] = []
    used = 0
    for number, (series, value) in enumerate(zip(data.series, values, strict=True)):
        label = cut(series.label, max(8, width // 3))
        figure = format_value(value, data.unit)
        left = len(data.series) - number
        need = width_of(label) + width_of(figure) + len(SWATCH) + 1
        more = f"+{left} more"
        if used + need + (len(more) + 3 if left > 1 else 0) > width and number:
            pieces.append(Piece(more, "muted"))
            break
        off = series.label in hidden
        pieces.append(Piece("╌╌ " if off else SWATCH, "faint" if off else series_ink(number)))
        pieces += [Piece(f"{label} ", "muted"), Piece(figure, "muted" if off else "strong"), Piece("   ")]
        used += need + 3
    return pieces


def label_width(data: ChartData, width: int) -> int:
    """Return the cells of the labels: as many as they need, so that the figures stay near, or as are left."""
    longest = max((width_of(series.label) for series in data.series), default=0)
    return max(0, min(max(longest, LEAST_LABEL) + 2, width - len(SWATCH) - 4 * FIGURE))


def legend_head(data: ChartData, width: int, at_cursor: str = "") -> list[Piece]:
    """Return the titles of a legend with figures."""
    titles = "".join(f"{title:>{FIGURE}}" for title in ("min", "avg", "max", at_cursor or "last"))
    return [Piece(" " * (len(SWATCH) + label_width(data, width))), Piece(titles, "muted")]


def legend_row(
    data: ChartData, number: int, width: int, value: float | None, hidden: frozenset[str] = frozenset()
) -> list[Piece]:
    """Return one series with its least, mean, greatest and last value."""
    series = data.series[number]
    off = series.label in hidden
    figures = "".join(f"{format_value(figure, data.unit):>{FIGURE}}" for figure in _figures(series))
    label = fit(series.label, label_width(data, width))
    return [
        Piece("╌╌ " if off else SWATCH, "faint" if off else series_ink(number)),
        Piece(label, "muted" if off else "text"),
        Piece(figures, "muted"),
        Piece(f"{format_value(value, data.unit):>{FIGURE}}", "muted" if off else "strong"),
    ]


def _figures(series: ChartSeries) -> tuple[float | None, float | None, float | None]:
    """Return the least, mean and greatest value."""
    known = finite(series.ys)
    if not known:
        return None, None, None
    return min(known), sum(known) / len(known), max(known)
