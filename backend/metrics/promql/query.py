"""A PromQL query from its text to its answer."""

import asyncio
from collections.abc import Awaitable, Callable

import numpy as np

from backend.errors import QueryInvalid
from backend.metrics.port import Evaluation, Matcher, SeriesColumns
from backend.metrics.promql.evaluator import Evaluator, Fetched
from backend.metrics.promql.limits import MAX_POINTS, MAX_SAMPLES, MAX_SERIES, check
from backend.metrics.promql.parsing import parse
from backend.metrics.promql.plan import Span, demands
from backend.metrics.promql.tree import Expr, RangeSelector, Subquery
from backend.metrics.promql.values import Scalar, String, Times, Value

Fetch = Callable[[tuple[Matcher, ...], int, int], Awaitable[list[SeriesColumns]]]
"""Returns the series that fit all matchers, with their samples of start ≤ t ≤ end in Unix milliseconds."""


async def evaluate_range(expr: str, start_ms: int, end_ms: int, step_ms: int, fetch: Fetch) -> Evaluation:
    """Evaluate at start, start + step … up to and including the end."""
    if step_ms <= 0 or end_ms < start_ms:
        raise QueryInvalid("PromQL: a range needs a step of at least a millisecond and an end after its start")
    points = (end_ms - start_ms) // step_ms + 1
    check(points, MAX_POINTS, "points per series")
    times_ms = start_ms + step_ms * np.arange(points, dtype=np.int64)
    tree = parse(expr)
    if isinstance(tree, RangeSelector | Subquery):
        raise QueryInvalid("PromQL: a range vector has no value at a step; put a function such as rate(…) around it")
    value = await _value(tree, times_ms, Span(start_ms, end_ms), fetch)
    return _matrix(value, times_ms)


async def evaluate_at(expr: str, at_ms: int, fetch: Fetch) -> Evaluation:
    """Evaluate at one instant; a range selector gives the samples of its range."""
    tree = parse(expr)
    times_ms = np.array([at_ms], np.int64)
    query = Span(at_ms, at_ms)
    if isinstance(tree, RangeSelector | Subquery):
        return await _samples(tree, times_ms, query, fetch)
    value = await _value(tree, times_ms, query, fetch)
    if isinstance(value, String):
        series = SeriesColumns({"value": value.value}, np.empty(0, np.int64), np.empty(0))
        return Evaluation("string", (series,))
    found = _matrix(value, times_ms)
    return Evaluation("scalar" if isinstance(value, Scalar) else "vector", found.series)


async def _value(tree: Expr, times_ms: Times, query: Span, fetch: Fetch) -> Value:
    fetched = await _fetched(tree, query, fetch)
    return await asyncio.to_thread(_evaluated, tree, times_ms, query, fetched)


async def _fetched(tree: Expr, query: Span, fetch: Fetch) -> Fetched:
    fetched: Fetched = {}
    series = samples = 0
    for matchers, span in demands(tree, query).items():
        found = await fetch(matchers, span.start_ms, span.end_ms)
        series += len(found)
        samples += sum(len(each.timestamps_ms) for each in found)
        check(series, MAX_SERIES, "series")
        check(samples, MAX_SAMPLES, "samples")
        fetched[matchers] = found
    return fetched


def _evaluated(tree: Expr, times_ms: Times, query: Span, fetched: Fetched) -> Value:
    try:
        with np.errstate(all="ignore"):  # dividing by nought gives what IEEE 754 says, as in Prometheus
            return Evaluator(fetched, query).value(tree, times_ms)
    except RecursionError:
        raise QueryInvalid("PromQL: the expression is nested too deep") from None


async def _samples(tree: RangeSelector | Subquery, times_ms: Times, query: Span, fetch: Fetch) -> Evaluation:
    fetched = await _fetched(tree, query, fetch)
    with np.errstate(all="ignore"):
        windows = Evaluator(fetched, query).windows(tree, times_ms)
    series = tuple(
        SeriesColumns(each.labels, each.ts_ms[each.lo[0] : each.hi[0]], each.values[each.lo[0] : each.hi[0]])
        for each in windows
        if each.counts[0]
    )
    return Evaluation("matrix", series)


def _matrix(value: Value, times_ms: Times) -> Evaluation:
    if isinstance(value, String):
        raise QueryInvalid("PromQL: a string has no value over a range")
    if isinstance(value, Scalar):
        return Evaluation("matrix", (SeriesColumns({}, times_ms, value.values),))
    series = tuple(
        SeriesColumns(labels, times_ms[present], values[present])
        for labels, values, present in zip(value.labels, value.values, value.present, strict=True)
        if present.any()
    )
    return Evaluation("matrix", series)
