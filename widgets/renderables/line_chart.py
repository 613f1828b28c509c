"""A chart of lines: raster, axes, thresholds and crosshair, as rows of pieces."""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from widgets.renderables.axis import label_line, time_ticks
from widgets.renderables.braille import DOTS_DOWN, Raster, Window, draw_line
from widgets.renderables.pieces import Piece, width_of
from widgets.renderables.scale import Scale, extent, value_ticks
from widgets.renderables.units import Unit, format_value

CHART_INKS = 8
GAP_AFTER_STEPS = 1.6
NEAR_ZERO = 0.6
THRESHOLD_REACH = 1.6


@dataclass(frozen=True)
class ChartSeries:
    """One line: Unix times ascending, and at each a value or `None` for a gap; the label is clean already."""

    label: str
    xs: Sequence[float]
    ys: Sequence[float | None]

    @property
    def last(self) -> float | None:
        """The last value that is no gap."""
        return next((y for y in reversed(self.ys) if y is not None and math.isfinite(y)), None)

    def at(self, moment: float, reach: float) -> float | None:
        """Return the value nearest to a time, not further away than `reach` seconds."""
        place = bisect_left(self.xs, moment)
        near = [index for index in (place - 1, place) if 0 <= index < len(self.xs)]
        index = min(near, key=lambda index: abs(self.xs[index] - moment), default=-1)
        return self.ys[index] if index >= 0 and abs(self.xs[index] - moment) <= reach else None


@dataclass(frozen=True)
class Threshold:
    """A value worth a line across the chart."""

    value: float
    label: str = ""


@dataclass(frozen=True)
class ChartMark:
    """Something that happened at a time: a deploy, an alert that fired."""

    time: float
    label: str = ""
    ink: str = "accent"


@dataclass(frozen=True, kw_only=True)
class ChartData:
    """What a chart shows; times in Unix seconds, `step` the expected distance of points (0: unknown, no gaps)."""

    title: str = ""
    series: tuple[ChartSeries, ...] = ()
    unit: Unit | str = Unit.NONE
    start: float = 0.0
    end: float = 0.0
    step: float = 0.0
    thresholds: tuple[Threshold, ...] = ()
    marks: tuple[ChartMark, ...] = ()
    area: bool = False


@dataclass(frozen=True)
class Plot:
    """A raster with its axes, ready to be drawn row by row."""

    raster: Raster
    across: Scale
    left: int
    labels: Mapping[int, str]
    thresholds: frozenset[int]
    marks: Mapping[int, str]
    time_line: str
    hidden: frozenset[int] = field(default_factory=frozenset)


def series_ink(number: int) -> str:
    """Return the ink of a series by its place, from 0."""
    return f"chart-{number % CHART_INKS + 1}"


def value_range(data: ChartData, shown: Sequence[ChartSeries]) -> tuple[float, float]:
    """Return the range of values, with zero where it is near and a threshold where it is in reach."""
    low, high = extent([series.ys for series in shown]) or (0.0, 1.0)
    if 0 < low < high * NEAR_ZERO or (low > 0 and low == high):
        low = 0.0
    for threshold in data.thresholds:
        if low <= threshold.value <= low + (high - low) * THRESHOLD_REACH:
            high = max(high, threshold.value)
    return low, high


def plan(
    data: ChartData,
    width: int,
    height: int,
    *,
    zone: tzinfo = UTC,
    hidden: frozenset[str] = frozenset(),
    axes: bool = True,
) -> Plot:
    """Return the plot of the data in `width` by `height` cells, axis of times not counted."""
    shown = [series for series in data.series if series.label not in hidden]
    low, high = value_range(data, shown)
    ticks = value_ticks(low, high, max(2, min(6, height // 2)), data.unit)
    low, high = ticks[0], ticks[-1]
    labels = {_row(value, low, high, height): format_value(value, data.unit) for value in ticks} if axes else {}
    left = min(max((width_of(label) for label in labels.values()), default=-1) + 1, max(0, width // 3))
    window = Window(data.start, data.end, low, high, max(1, width - left), max(1, height))
    raster = Raster(window.width, window.height)
    for number, series in enumerate(data.series, 1):
        if series.label not in hidden:
            reach = data.step * GAP_AFTER_STEPS if data.step else math.inf
            draw_line(raster, window, series.xs, series.ys, number, longest_step=reach, area=data.area)
    across = Scale(data.start, data.end, window.width)
    return Plot(
        raster=raster,
        across=across,
        left=left,
        labels=labels,
        thresholds=frozenset(_row(t.value, low, high, height) for t in data.thresholds if low <= t.value <= high),
        marks={across.place(mark.time): mark.ink for mark in data.marks if data.start <= mark.time <= data.end},
        time_line=_time_line(across, zone, left) if axes else "",
    )


def _row(value: float, low: float, high: float, height: int) -> int:
    """Return the row of cells of a value, from the top."""
    dots = height * DOTS_DOWN - 1
    return (dots - round((value - low) / ((high - low) or 1.0) * dots)) // DOTS_DOWN


def _time_line(across: Scale, zone: tzinfo, left: int) -> str:
    """Return the line of times below the plot."""
    ticks = time_ticks(across.low, across.high, max(1, across.cells // 12), zone)
    return " " * left + label_line([(across.place(tick.at), tick.label) for tick in ticks], across.cells)


def plot_row(plot: Plot, row: int, crosshair: int | None = None) -> list[Piece]:
    """Return a row of the plot with its label, grid, threshold and crosshair."""
    raster = plot.raster
    label = plot.labels.get(row, "")
    pieces = [Piece(f"{label:>{plot.left - 1}} ", "muted")] if plot.left > 0 else []
    rule = ("╌", "threshold") if row in plot.thresholds else ("┈", "rule") if label else (" ", "text")
    run, ink = "", ""
    for x, (bits, owner) in enumerate(zip(raster.bits[row], raster.owner[row], strict=True)):
        if bits:
            glyph, wanted = chr(0x2800 + bits), "crosshair" if x == crosshair else series_ink(owner - 1)
        elif x == crosshair:
            glyph, wanted = "│", "crosshair"
        elif x in plot.marks:
            glyph, wanted = "┊", plot.marks[x]
        else:
            glyph, wanted = rule
        if wanted != ink and run:
            pieces.append(Piece(run, ink))
            run = ""
        run += glyph
        ink = wanted
    if run:
        pieces.append(Piece(run, ink))
    return pieces
