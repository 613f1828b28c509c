"""Walks a PromQL tree over fetched samples, all steps of the query at once."""

from typing import assert_never

import numpy as np

from backend.errors import QueryInvalid
from backend.metrics.port import Matcher, SeriesColumns
from backend.metrics.promql import arithmetic, matching
from backend.metrics.promql.aggregation import aggregate
from backend.metrics.promql.calls import call
from backend.metrics.promql.limits import MAX_POINTS, check
from backend.metrics.promql.plan import Span
from backend.metrics.promql.tree import (
    Aggregate,
    Binary,
    Call,
    Expr,
    Negation,
    Number,
    RangeSelector,
    Selector,
    Subquery,
    Text,
)  # fmt: skip
from backend.metrics.promql.values import Floats, Scalar, String, Times, Value, Vector
from backend.metrics.promql.windows import Windows, instant, series_of, windows_of

Fetched = dict[tuple[Matcher, ...], list[SeriesColumns]]

SUBQUERY_STEP_MS = 60_000
"""The step of a subquery that names none: Prometheus' default evaluation interval."""


class Evaluator:
    """Evaluates expressions of one query; `times_ms` ascend, and every value has one column for each of them."""

    def __init__(self, fetched: Fetched, query: Span) -> None:
        self._fetched = fetched
        self._query = query

    def value(self, expr: Expr, times_ms: Times) -> Value:
        """Return what an expression comes to."""
        match expr:
            case Number(number):
                return Scalar(np.full(len(times_ms), number))
            case Text(text):
                return String(text)
            case Selector():
                return self.instant(expr, times_ms)
            case Call():
                return call(self, expr, times_ms)
            case Aggregate():
                return self._aggregate(expr, times_ms)
            case Binary():
                return self._binary(expr, times_ms)
            case Negation(inner):
                operand = self.value(inner, times_ms)
                return Scalar(-operand.values) if isinstance(operand, Scalar) else arithmetic.negated(_vector(operand))
            case RangeSelector() | Subquery():
                raise QueryInvalid("PromQL: a range vector needs a function around it, such as rate(…)")
            case _:
                assert_never(expr)

    def vector(self, expr: Expr, times_ms: Times) -> Vector:
        """Return what an expression comes to, which must be a vector."""
        return _vector(self.value(expr, times_ms))

    def numbers(self, expr: Expr, times_ms: Times) -> Floats:
        """Return what an expression comes to, which must be a scalar."""
        value = self.value(expr, times_ms)
        if not isinstance(value, Scalar):
            raise QueryInvalid("PromQL: a number is needed here")
        return value.values

    def text(self, expr: Expr) -> str:
        """Return a string literal."""
        if not isinstance(expr, Text):
            raise QueryInvalid("PromQL: a string is needed here")
        return expr.value

    def instant(self, expr: Selector, times_ms: Times, *, want_times: bool = False) -> Vector:
        """Return an instant selector's points: their values, or the times in seconds at which they were taken."""
        moved = self._moved(times_ms, expr)
        return instant(self._fetched[expr.matchers], moved, want_times=want_times)

    def windows(self, expr: Expr, times_ms: Times) -> list[Windows]:
        """Return the windows of a range vector, one set for each series."""
        match expr:
            case RangeSelector(selector, range_ms):
                ends = self._moved(times_ms, selector)
                return [windows_of(series, ends, range_ms) for series in self._fetched[selector.matchers]]
            case Subquery():
                ends = self._moved(times_ms, expr)
                inner = _grid(ends, expr)
                series = series_of(self.vector(expr.expr, inner), inner) if len(inner) else []
                return [windows_of(each, ends, expr.range_ms) for each in series]
            case _:
                raise QueryInvalid("PromQL: a range vector is needed here, such as x[5m]")

    def _moved(self, times_ms: Times, expr: Selector | Subquery) -> Times:
        match expr.at:
            case None:
                return times_ms - expr.offset_ms
            case "start":
                at = self._query.start_ms
            case "end":
                at = self._query.end_ms
            case _:
                at = expr.at
        return np.full(len(times_ms), at - expr.offset_ms, np.int64)

    def _aggregate(self, expr: Aggregate, times_ms: Times) -> Vector:
        vector = self.vector(expr.expr, times_ms)
        if isinstance(expr.param, Text):
            return aggregate(expr, vector, None, expr.param.value)
        param = None if expr.param is None else self.numbers(expr.param, times_ms)
        return aggregate(expr, vector, param, None)

    def _binary(self, expr: Binary, times_ms: Times) -> Value:
        lhs, rhs = self.value(expr.lhs, times_ms), self.value(expr.rhs, times_ms)
        match lhs, rhs:
            case Scalar(), Scalar():
                return arithmetic.scalars(expr.op, lhs, rhs)
            case Vector(), Scalar():
                return arithmetic.vector_and_scalar(
                    expr.op, lhs, rhs.values, scalar_first=False, return_bool=expr.return_bool
                )
            case Scalar(), Vector():
                return arithmetic.vector_and_scalar(
                    expr.op, rhs, lhs.values, scalar_first=True, return_bool=expr.return_bool
                )
            case _:
                return matching.vectors(expr, _vector(lhs), _vector(rhs))


def _vector(value: Value) -> Vector:
    if not isinstance(value, Vector):
        raise QueryInvalid("PromQL: an instant vector is needed here")
    return value


def _grid(ends_ms: Times, expr: Subquery) -> Times:
    """Return the times a subquery is evaluated at: multiples of its step that fall into any of the windows."""
    step_ms = expr.step_ms or SUBQUERY_STEP_MS
    start, end = int(ends_ms.min()) - expr.range_ms, int(ends_ms.max())
    first = (start // step_ms + 1) * step_ms
    check((end - first) // step_ms + 1, 10 * MAX_POINTS, "subquery steps")
    return np.arange(first, end + 1, step_ms, dtype=np.int64)
