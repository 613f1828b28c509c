import numpy as np
import pytest

from backend.errors import NotSupported, QueryInvalid
from backend.metrics.port import SeriesColumns
from backend.metrics.promql import evaluate_at, evaluate_range, limits


async def one_series(_matchers, start_ms, end_ms):
    ts = np.arange(0, 3_600_000, 15_000, dtype=np.int64)
    inside = (ts >= start_ms) & (ts <= end_ms)
    return [SeriesColumns({"__name__": "x", "n": str(n)}, ts[inside], ts[inside] / 1000.0) for n in range(3)]


@pytest.mark.parametrize(
    ("expr", "start", "end"),
    [
        ("sum(x", 3, 4),
        ("x + * y", 2, 7),
        ("foo(x)", 0, 3),
        ("up bar", 3, 6),
        ("x{a=~'('}", 6, 7),
        ("((" * 200 + "x", 100, 101),
    ],
)
async def test_a_wrong_expression_is_shown_in_its_place(expr, start, end):
    with pytest.raises(QueryInvalid) as found:
        await evaluate_at(expr, 0, one_series)
    detail = found.value.details[0]
    assert (detail.start, detail.end) == (start, end)


@pytest.mark.parametrize(
    "expr", ["limitk(1, x)", "double_exponential_smoothing(x[5m], 0.5, 0.5)", "histogram_count(x)"]
)
async def test_what_is_missing_is_named(expr):
    with pytest.raises(NotSupported, match=expr.partition("(")[0]):
        await evaluate_at(expr, 600_000, one_series)


async def test_ranges_are_open_on_the_left():
    found = await evaluate_at("count_over_time(x{n='0'}[1m])", 600_000, one_series)
    assert {series.values[0] for series in found.series} == {4.0}


async def test_limits_name_their_number(monkeypatch):
    with pytest.raises(QueryInvalid, match="11,000"):
        await evaluate_range("x", 0, 3_600_000, 100, one_series)
    monkeypatch.setattr("backend.metrics.promql.query.MAX_SERIES", 2)
    with pytest.raises(QueryInvalid, match="at most 2 "):
        await evaluate_at("x", 600_000, one_series)
    monkeypatch.setattr("backend.metrics.promql.query.MAX_SERIES", limits.MAX_SERIES)
    monkeypatch.setattr("backend.metrics.promql.query.MAX_SAMPLES", 10)
    with pytest.raises(QueryInvalid, match="at most 10 "):
        await evaluate_at("rate(x[5m])", 600_000, one_series)


async def test_many_to_many_and_duplicate_results_are_refused():
    for expr in ("x + on() x", "label_replace(x, 'n', '', 'n', '.*')", "sum by (__name__) (x) + on() group_left x"):
        with pytest.raises(QueryInvalid):
            await evaluate_at(expr, 600_000, one_series)


async def test_a_long_chain_of_operators_is_refused_or_answered_but_never_kills():
    try:
        await evaluate_at("+".join(["1"] * 3000), 0, one_series)
    except QueryInvalid:
        pass
