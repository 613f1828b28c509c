"""Function calls of PromQL."""

from typing import TYPE_CHECKING

import numpy as np

from backend.errors import NotSupported
from backend.metrics.promql.aggregation import ordered
from backend.metrics.promql.functions import CALENDAR, MATH, clamp, rounded
from backend.metrics.promql.histograms import histogram_quantile
from backend.metrics.promql.labelling import label_join, label_replace, labels_of_absent
from backend.metrics.promql.over_time import KEEP_NAMES, OVER_TIME, WITH_PARAMETER
from backend.metrics.promql.tree import Call, Expr, RangeSelector, Selector
from backend.metrics.promql.values import Bools, Scalar, Times, Value, Vector, nameless, vector_of

if TYPE_CHECKING:
    from backend.metrics.promql.evaluator import Evaluator


def call(run: "Evaluator", expr: Call, times_ms: Times) -> Value:
    """Evaluate a call; a function that is missing raises `NotSupported` naming it."""
    name, args = expr.name, expr.args
    if name in OVER_TIME or name in WITH_PARAMETER:
        return _over_time(run, expr, times_ms)
    if name in MATH:
        return run.vector(args[0], times_ms).mapped(MATH[name])
    if name in CALENDAR:
        return _dates(run, args, times_ms).mapped(CALENDAR[name])
    if name in {"time", "pi", "scalar", "vector", "timestamp"}:
        return _conversion(run, name, args, times_ms)
    if name in {"absent", "absent_over_time"}:
        return _absent(run, name, args[0], times_ms)
    return _of_vector(run, name, args, times_ms)


def _of_vector(run: "Evaluator", name: str, args: tuple[Expr, ...], times_ms: Times) -> Vector:
    match name:
        case "histogram_quantile":
            return histogram_quantile(run.numbers(args[0], times_ms), run.vector(args[1], times_ms))
        case "sort" | "sort_desc":
            vector = run.vector(args[0], times_ms)
            return ordered(vector, descending=name == "sort_desc") if len(times_ms) == 1 else vector
        case "clamp":
            low, high = (run.numbers(argument, times_ms) for argument in args[1:])
            return clamp(run.vector(args[0], times_ms), low, high)
        case "clamp_min":
            low = run.numbers(args[1], times_ms)
            return run.vector(args[0], times_ms).mapped(lambda values: np.maximum(values, low))
        case "clamp_max":
            high = run.numbers(args[1], times_ms)
            return run.vector(args[0], times_ms).mapped(lambda values: np.minimum(values, high))
        case "round":
            nearest = run.numbers(args[1], times_ms) if len(args) > 1 else np.ones(len(times_ms))
            return rounded(run.vector(args[0], times_ms), nearest)
        case "label_replace":
            target, replacement, source, pattern = map(run.text, args[1:])
            return label_replace(run.vector(args[0], times_ms), target, replacement, source, pattern)
        case "label_join":
            target, separator, *sources = map(run.text, args[1:])
            return label_join(run.vector(args[0], times_ms), target, separator, sources)
        case _:
            raise NotSupported(f"PromQL: the function {name} is not supported by the embedded engine")


def _over_time(run: "Evaluator", expr: Call, times_ms: Times) -> Vector:
    if expr.name in OVER_TIME:
        function = OVER_TIME[expr.name]
        rows = [(windows.labels, *function(windows)) for windows in run.windows(expr.args[0], times_ms)]
    else:
        with_parameter, place = WITH_PARAMETER[expr.name]
        parameter = run.numbers(expr.args[place], times_ms)
        found = run.windows(expr.args[1 - place], times_ms)
        rows = [(windows.labels, *with_parameter(windows, parameter)) for windows in found]
    if expr.name not in KEEP_NAMES:
        rows = [(nameless(labels), values, present) for labels, values, present in rows]
    return vector_of(rows, len(times_ms))


def _dates(run: "Evaluator", args: tuple[Expr, ...], times_ms: Times) -> Vector:
    return run.vector(args[0], times_ms) if args else _single(times_ms / 1000.0)


def _single(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Vector:
    return Vector(({},), values[np.newaxis, :], np.ones((1, len(values)), np.bool_))


def _conversion(run: "Evaluator", name: str, args: tuple[Expr, ...], times_ms: Times) -> Value:
    match name:
        case "time":
            return Scalar(times_ms / 1000.0)
        case "pi":
            return Scalar(np.full(len(times_ms), np.pi))
        case "vector":
            return _single(run.numbers(args[0], times_ms))
        case "scalar":
            vector = run.vector(args[0], times_ms)
            alone = vector.present.sum(axis=0) == 1
            return Scalar(np.where(alone, np.where(vector.present, vector.values, 0.0).sum(axis=0), np.nan))
        case _:
            if isinstance(args[0], Selector):
                return run.instant(args[0], times_ms, want_times=True).mapped(lambda values: values)
            return run.vector(args[0], times_ms).mapped(lambda values: np.broadcast_to(times_ms / 1000.0, values.shape))


def _absent(run: "Evaluator", name: str, operand: Expr, times_ms: Times) -> Vector:
    present: Bools = np.zeros(len(times_ms), np.bool_)
    if name == "absent":
        present |= run.vector(operand, times_ms).present.any(axis=0)
    else:
        for windows in run.windows(operand, times_ms):
            present |= windows.counts > 0
    selector = operand.selector if isinstance(operand, RangeSelector) else operand
    labels = labels_of_absent(selector.matchers) if isinstance(selector, Selector) else {}
    return vector_of([(labels, np.ones(len(times_ms)), ~present)], len(times_ms))
