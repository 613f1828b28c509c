import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.renderables.scale import Scale, value_ticks
from widgets.renderables.units import Unit, count, format_value


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, Unit.NONE, "0"),
        (1234, Unit.NONE, "1.23k"),
        (999_999, Unit.NONE, "1M"),
        (0.000_05, Unit.NONE, "5.0e-5"),
        (1536, Unit.BYTES, "1.5 KiB"),
        (3.2e9, Unit.BYTES, "2.98 GiB"),
        (1_048_576, Unit.BYTES_PER_SECOND, "1 MiB/s"),
        (0.0042, Unit.SECONDS, "4.2 ms"),
        (0.000_000_5, Unit.SECONDS, "500 ns"),
        (5400, Unit.SECONDS, "1h30m"),
        (-5400, Unit.SECONDS, "-1h30m"),
        (2_410, Unit.MILLISECONDS, "2.41 s"),
        (97.31, Unit.PERCENT, "97.3 %"),
        (0.042, Unit.RATIO, "4.2 %"),
        (12.5, Unit.PER_SECOND, "12.5/s"),
        (7, "req", "7 req"),
        (None, Unit.NONE, "—"),
        (math.nan, Unit.BYTES, "—"),
        (math.inf, Unit.BYTES, "∞"),
    ],
)
def test_values_read_well(value, unit, text):
    assert format_value(value, unit) == text


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(list(Unit)))
def test_any_value_is_short(value, unit):
    text = format_value(value, unit)
    assert text
    assert len(text) < 30 or abs(value) > 1e24


def test_counts_keep_their_digits_while_they_are_few():
    assert count(12_345) == "12,345"
    assert count(1_234_567) == "1.23M"


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12), st.integers(2, 12), st.sampled_from(list(Unit)))
def test_ticks_span_the_range_and_are_few(one, other, most, unit):
    low, high = sorted((one, other))
    ticks = value_ticks(low, high, most, unit)
    assert 1 <= len(ticks) <= max(most, 3) + 1
    assert all(a < b for a, b in pairwise(ticks))
    slack = max(abs(low), abs(high)) * 1e-6 + 1e-9
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-1e7, 1e7), st.integers(1, 300))
def test_a_place_is_always_a_cell(low, high, value, cells):
    assert 0 <= Scale(low, high, cells).place(value) < cells
