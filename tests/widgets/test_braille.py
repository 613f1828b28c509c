import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from widgets.renderables.braille import Raster, Window, column_spans, draw_line
from widgets.renderables.sparkline import bars, dots, peaks


def drawn(xs, ys, width=8, height=2, *, step=math.inf, low=0.0, high=7.0, area=False):
    raster = Raster(width, height)
    draw_line(raster, Window(xs[0], xs[-1], low, high, width, height), xs, ys, 1, longest_step=step, area=area)
    return [raster.text(row) for row in range(height)]


def test_a_slope_is_a_slope():
    assert drawn([0, 15], [0, 7]) == ["    ⣀⡤⠖⠋", "⣀⡤⠖⠋⠁   "]


def test_a_steep_rise_is_one_unbroken_line():
    spans = column_spans(Window(0, 9, 0, 100, 10, 4), [0, 4, 5, 9], [0.0, 0.0, 100.0, 100.0], math.inf)
    assert all(after[0] <= before[1] and before[0] <= after[1] for before, after in pairwise(spans))


def test_a_single_peak_among_thousands_is_kept():
    ys = [0.0] * 10_000
    ys[5_003] = 7.0
    top, _ = drawn(list(range(10_000)), ys)
    assert sum(char != " " for char in top) == 1


def test_a_gap_stays_a_gap():
    ys = [3.0] * 6 + [None] * 5 + [3.0] * 5
    rows = drawn(list(range(16)), ys)
    assert any(row.strip() for row in rows)
    assert all(row[3:5] == "  " for row in rows)


def test_a_missing_step_is_a_gap_too():
    xs = [0, 1, 2, 3, 12, 13, 14, 15]
    joined = drawn(xs, [3.0] * 8)
    broken = drawn(xs, [3.0] * 8, step=1.5)
    assert " " not in joined[1].rstrip() or " " not in joined[0].rstrip()
    assert all(row[3:5] == "  " for row in broken)


def test_an_area_reaches_the_ground():
    assert drawn([0, 15], [7, 7], area=True) == ["⣿" * 8, "⣿" * 8]


values = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True), st.floats(-1e9, 1e9))


@given(
    st.lists(st.tuples(st.floats(0, 1e9), values), min_size=1, max_size=60),
    st.integers(1, 40),
    st.integers(1, 10),
    st.booleans(),
)
def test_no_points_at_all_leave_the_raster(points, width, height, area):
    points.sort(key=lambda point: point[0])
    xs, ys = [x for x, _ in points], [y for _, y in points]
    raster = Raster(width, height)
    draw_line(raster, Window(xs[0], xs[-1] + 1, -1e9, 1e9, width, height), xs, ys, 1, area=area)
    assert all(len(raster.text(row)) == width for row in range(height))
    assert all(0 <= bits < 256 for row in raster.bits for bits in row)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=3000), st.integers(1, 60))
def test_the_extremes_survive_any_width(ys, width):
    xs = [float(n) for n in range(len(ys))]
    spans = [span for span in column_spans(Window(0, len(ys) - 1, 0, 1, width, 1), xs, ys, math.inf) if span]
    assert max(high for _, high in spans) >= max(ys) - 1e-6
    assert min(low for low, _ in spans) <= min(ys) + 1e-6


def test_sparklines_keep_peaks_and_gaps():
    assert bars([0, 1, 2, 3, 4, 5, 6, 7], 8) == "▁▂▃▄▅▆▇█"
    assert bars([0, 0, 9, 0, 0, 0, 0, 0], 4)[1] == "█"
    assert bars([1, None, math.nan, 1], 4) == "█  █"
    assert bars([], 5) == "     "
    assert len(dots([1, 2, 3], 6)) == 6
    assert peaks([1, 2], 4) == [None, None, 1, 2]
