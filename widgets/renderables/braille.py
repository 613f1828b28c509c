"""Dense lines in braille: two by four dots in each cell, and no peak is ever lost.

The raster keeps, for every column of dots, the least and the greatest value that falls into it, and joins neighbouring
columns. What is missing stays missing: `None`, NaN, or a step longer than `longest_step` breaks the line.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

DOTS_ACROSS = 2
DOTS_DOWN = 4
BLANK = 0x2800
_WEIGHTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
# _RUNS[column][first][last]: the dots of one column of a cell from row `first` to row `last`
_RUNS = tuple(
    tuple(tuple(sum(weights[first : last + 1]) for last in range(DOTS_DOWN)) for first in range(DOTS_DOWN))
    for weights in _WEIGHTS
)
GLYPHS = (" ", *(chr(BLANK + bits) for bits in range(1, 256)))

DENSE = 4
"""From this many points for each column of dots, points are no longer joined one by one."""

Spans = list[tuple[float, float] | None]


@dataclass(frozen=True)
class Window:
    """What part of the world a raster shows, and in how many cells."""

    start: float
    end: float
    low: float
    high: float
    width: int
    height: int


class Raster:
    """A grid of cells: dots, and for each cell the number of the line that was drawn there last (0 for none)."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.bits = [[0] * width for _ in range(height)]
        self.owner = [[0] * width for _ in range(height)]

    def text(self, row: int) -> str:
        """Return a row of cells as characters."""
        return "".join([GLYPHS[bits] for bits in self.bits[row]])

    def column(self, dot: int, first: int, last: int, owner: int) -> None:
        """Set the dots of one column from row `first` to row `last`, counted from the top."""
        if last < 0 or first >= self.height * DOTS_DOWN:
            return
        first, last = max(0, first), min(last, self.height * DOTS_DOWN - 1)
        x, runs = dot >> 1, _RUNS[dot & 1]
        top, bottom = first >> 2, last >> 2
        for row in range(top, bottom + 1):
            begin = first & 3 if row == top else 0
            finish = last & 3 if row == bottom else 3
            self.bits[row][x] |= runs[begin][finish]
            self.owner[row][x] = owner


def draw_line(
    raster: Raster,
    window: Window,
    xs: Sequence[float],
    ys: Sequence[float | None],
    owner: int,
    *,
    longest_step: float = math.inf,
    area: bool = False,
) -> None:
    """Draw one series into a raster; `xs` ascend, `owner` is its number from 1."""
    spans = column_spans(window, xs, ys, longest_step)
    dots = window.height * DOTS_DOWN
    scale = (dots - 1) / ((window.high - window.low) or 1.0)
    for dot, span in enumerate(spans):
        if span is None:
            continue
        first = dots - 1 - round((span[1] - window.low) * scale)
        last = dots - 1 if area else dots - 1 - round((span[0] - window.low) * scale)
        raster.column(dot, first, last, owner)


def column_spans(window: Window, xs: Sequence[float], ys: Sequence[float | None], longest_step: float) -> Spans:
    """Return the least and greatest value of each column of dots, joined with its neighbours, `None` in a gap."""
    columns = window.width * DOTS_ACROSS
    spans: Spans = [None] * columns
    if window.end <= window.start or columns == 0:
        return spans
    begin = max(0, bisect_left(xs, window.start) - 1)
    finish = min(len(xs), bisect_right(xs, window.end) + 1)
    scale = (columns - 1) / (window.end - window.start)
    if finish - begin > columns * DENSE:
        _condense(spans, window, xs, ys, begin, finish)
        return spans
    start = window.start
    last_dot, last_x, last_y = 0, -math.inf, math.nan
    for x, y in zip(xs[begin:finish], ys[begin:finish], strict=False):
        if y is None or y - y != 0:  # NaN and the infinities have no height
            last_y = math.nan
            continue
        dot = round((x - start) * scale)
        joined = not math.isnan(last_y) and x - last_x <= longest_step
        if joined and dot - last_dot > 1:
            _slope(spans, last_dot, last_y, dot, y)
        elif 0 <= dot < columns:
            _widen(spans, dot, y, last_y if joined and dot != last_dot else y)
        last_dot, last_x, last_y = dot, x, y
    return spans


def _condense(
    spans: Spans, window: Window, xs: Sequence[float], ys: Sequence[float | None], begin: int, finish: int
) -> None:
    """Fill the columns of a series with many points for each: slices at the speed of `min` and `max`."""
    length = (window.end - window.start) / max(1, len(spans) - 1)
    place = begin
    for dot in range(len(spans)):
        after = bisect_right(xs, window.start + (dot + 0.5) * length, place, finish)
        values = ys[place : after + 1 if after < finish and after > place else after]
        place = after
        known = [y for y in values if y is not None and -math.inf < y < math.inf]
        if known:
            spans[dot] = (min(known), max(known))


def _slope(spans: Spans, dot: int, y: float, end_dot: int, end_y: float) -> None:
    """Join two points that are some columns apart by a straight line."""
    rise = (end_y - y) / (end_dot - dot)
    for column in range(max(0, dot + 1), min(end_dot, len(spans) - 1) + 1):
        value = y + rise * (column - dot)
        _widen(spans, column, value, value - rise)


def _widen(spans: Spans, dot: int, y: float, other: float) -> None:
    """Take two values into a column."""
    low, high = (y, other) if y <= other else (other, y)
    span = spans[dot]
    spans[dot] = (low, high) if span is None else (min(span[0], low), max(span[1], high))
