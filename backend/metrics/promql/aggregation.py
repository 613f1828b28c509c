"""Aggregations: many series of a group become one, or the few that stand out."""

from collections import defaultdict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from api_client.contract.base import Labels
from backend.errors import NotSupported, QueryInvalid
from backend.metrics.promql.quantile import quantile
from backend.metrics.promql.tree import Aggregate
from backend.metrics.promql.values import NAME, Bools, Floats, LabelKey, Vector, empty, key_of, vector_of

Groups = list[tuple[Labels, NDArray[np.int64]]]
Reduce = Callable[[Floats, Bools], Floats]


def aggregate(expr: Aggregate, vector: Vector, param: Floats | None, text: str | None) -> Vector:
    """Aggregate a vector; `param` is the number of topk, bottomk or quantile per step, `text` that of count_values."""
    groups = _groups(vector, expr)
    if expr.op in {"topk", "bottomk"} and param is not None:
        return _ranked(vector, groups, param, largest=expr.op == "topk")
    if expr.op == "count_values" and text is not None:
        return _count_values(vector, groups, text)
    reduce = _quantile_of(param) if expr.op == "quantile" and param is not None else _REDUCE.get(expr.op)
    if reduce is None:
        raise NotSupported(f"PromQL: the aggregation {expr.op} is not supported by the embedded engine")
    rows = []
    for labels, members in groups:
        values, present = vector.values[members], vector.present[members]
        rows.append((labels, reduce(values, present), np.asarray(present.any(axis=0))))
    return vector_of(rows, vector.steps)


def ordered(vector: Vector, *, descending: bool) -> Vector:
    """Return the series in the order of their first value, NaN last."""
    if not vector.labels:
        return vector
    first = vector.values[:, 0]
    order = np.lexsort((-first if descending else first, np.isnan(first)))
    return Vector(tuple(vector.labels[row] for row in order), vector.values[order], vector.present[order])


def _groups(vector: Vector, expr: Aggregate) -> Groups:
    named = frozenset(expr.labels)
    members: dict[LabelKey, list[int]] = defaultdict(list)
    labels_of: dict[LabelKey, Labels] = {}
    for row, labels in enumerate(vector.labels):
        if expr.without:
            kept = {name: value for name, value in labels.items() if name not in named and name != NAME}
        else:
            kept = {name: value for name, value in labels.items() if name in named}
        key = key_of(kept)
        members[key].append(row)
        labels_of[key] = kept
    return [(labels_of[key], np.array(rows)) for key, rows in members.items()]


def _sum(values: Floats, present: Bools) -> Floats:
    return np.asarray(np.where(present, values, 0.0).sum(axis=0))


def _mean(values: Floats, present: Bools) -> Floats:
    return np.asarray(_sum(values, present) / present.sum(axis=0))


def _variance(values: Floats, present: Bools) -> Floats:
    return _mean(np.square(values - _mean(values, present)), present)


_REDUCE: dict[str, Reduce] = {
    "sum": _sum,
    "avg": _mean,
    "min": lambda values, present: np.fmin.reduce(np.where(present, values, np.nan), axis=0),
    "max": lambda values, present: np.fmax.reduce(np.where(present, values, np.nan), axis=0),
    "count": lambda _values, present: present.sum(axis=0).astype(np.float64),
    "group": lambda values, _present: np.ones(values.shape[1]),
    "stdvar": _variance,
    "stddev": lambda values, present: np.sqrt(_variance(values, present)),
}


def _quantile_of(share: Floats) -> Reduce:
    return lambda values, present: quantile(values, present, share)


def _ranked(vector: Vector, groups: Groups, param: Floats, *, largest: bool) -> Vector:
    """Keep the k largest or smallest of each group at each step; a single step comes in order."""
    if not vector.labels:
        return vector
    keep = np.zeros(vector.present.shape, np.bool_)
    count = np.where(np.isnan(param), 0, np.clip(param, 0, len(vector.labels))).astype(np.int64)
    for _, members in groups:
        values, present = vector.values[members], vector.present[members]
        worth = np.where(np.isnan(values), np.inf, -values if largest else values)
        order = np.lexsort((worth, np.isnan(values), ~present), axis=0)
        rank = np.argsort(order, axis=0)
        keep[members] = present & (rank < count)
    rows = zip(vector.labels, vector.values, keep, strict=True)
    kept = vector_of(rows, vector.steps)
    return ordered(kept, descending=largest) if vector.steps == 1 else kept


def _count_values(vector: Vector, groups: Groups, label: str) -> Vector:
    if not label.replace("_", "a").isalnum():
        raise QueryInvalid(f"PromQL: {label!r} is no label name")
    if not vector.labels:
        return empty(vector.steps)
    rows = []
    for labels, members in groups:
        values, present = vector.values[members], vector.present[members]
        for value in np.unique(values[present]):
            equal = present & ((values == value) | (np.isnan(values) & np.isnan(value)))
            count = equal.sum(axis=0).astype(np.float64)
            rows.append(({**labels, label: number_text(float(value))}, count, count > 0))
    return vector_of(rows, vector.steps)


def number_text(value: float) -> str:
    """Return a number as Prometheus writes it."""
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return str(int(value)) if value == int(value) and abs(value) < 1e21 else repr(value)
