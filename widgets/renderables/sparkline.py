"""A line of small bars or dots for a table cell."""

import math
from collections.abc import Sequence

from widgets.renderables.braille import DOTS_ACROSS, DOTS_DOWN, Raster
from widgets.renderables.pieces import Piece

BARS = "▁▂▃▄▅▆▇█"
GAP = " "


def peaks(values: Sequence[float | None], cells: int) -> list[float | None]:
    """Return one value for each cell: the greatest of those that fall into it, `None` where there is none."""
    total = len(values)
    if total <= cells:
        return [None] * (cells - total) + list(values)
    edges = [cell * total // cells for cell in range(cells + 1)]
    return [_peak(values[edges[cell] : edges[cell + 1]]) for cell in range(cells)]


def _peak(values: Sequence[float | None]) -> float | None:
    """Return the greatest finite value."""
    return max((value for value in values if value is not None and math.isfinite(value)), default=None)


def bars(values: Sequence[float | None], width: int, low: float | None = 0.0, high: float | None = None) -> str:
    """Return bars in exactly `width` cells; the scale is that of the values where an end is not given."""
    shown = peaks(values, width)
    known = [value for value in shown if value is not None and math.isfinite(value)]
    if not known:
        return GAP * width
    bottom = min(known) if low is None else low
    top = max(known) if high is None else high
    scale = (len(BARS) - 1) / (top - bottom) if top > bottom else 0.0
    return "".join(_bar(value, bottom, scale) for value in shown)


def _bar(value: float | None, low: float, scale: float) -> str:
    """Return the bar of one value."""
    if value is None or not math.isfinite(value):
        return GAP
    return BARS[max(0, min(len(BARS) - 1, round((value - low) * scale)))]


def dots(values: Sequence[float | None], width: int, low: float | None = None, high: float | None = None) -> str:
    """Return a filled braille curve in exactly `width` cells, twice as fine as bars."""
    shown = peaks(values, width * DOTS_ACROSS)
    known = [value for value in shown if value is not None and math.isfinite(value)]
    bottom = (min(known) if known else 0.0) if low is None else low
    top = (max(known) if known else 1.0) if high is None else high
    scale = (DOTS_DOWN - 1) / (top - bottom) if top > bottom else 0.0
    raster = Raster(width, 1)
    for dot, value in enumerate(shown):
        if value is not None and math.isfinite(value):
            raster.column(dot, DOTS_DOWN - 1 - round((value - bottom) * scale), DOTS_DOWN - 1, 1)
    return raster.text(0)


def sparkline_cell(values: Sequence[float | None], width: int, ink: str = "chart-1", low: float | None = 0.0) -> Piece:
    """Return a sparkline as a cell of a list."""
    return Piece(bars(values, width, low), ink)
