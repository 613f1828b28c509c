"""Binary operations on two vectors, whose series find each other by labels."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from api_client.contract.base import Labels
from backend.errors import QueryInvalid
from backend.metrics.promql.arithmetic import ARITHMETIC, COMPARISON
from backend.metrics.promql.tree import Binary, Matching
from backend.metrics.promql.values import NAME, Bools, Floats, LabelKey, Vector, vector_of

Pairs = Iterator[tuple[int, int]]


def vectors(expr: Binary, lhs: Vector, rhs: Vector) -> Vector:
    """Combine two vectors."""
    match expr.op:
        case "and":
            return _rows(lhs, lhs.present & _covered(lhs, rhs, expr.matching))
        case "unless":
            return _rows(lhs, lhs.present & ~_covered(lhs, rhs, expr.matching))
        case "or":
            return _either(lhs, rhs, expr.matching)
        case _:
            return _matched(expr, lhs, rhs)


def _key(labels: Labels, matching: Matching) -> LabelKey:
    if matching.on:
        return frozenset((name, labels[name]) for name in matching.labels if labels.get(name))
    ignored = {NAME, *matching.labels}
    return frozenset((name, value) for name, value in labels.items() if name not in ignored)


def _by_key(vector: Vector, matching: Matching) -> dict[LabelKey, list[int]]:
    rows: dict[LabelKey, list[int]] = defaultdict(list)
    for row, labels in enumerate(vector.labels):
        rows[_key(labels, matching)].append(row)
    return rows


def _rows(vector: Vector, present: Bools) -> Vector:
    return vector_of(zip(vector.labels, vector.values, present, strict=True), vector.steps)


def _covered(vector: Vector, other: Vector, matching: Matching) -> Bools:
    """Tell for each point of a vector whether the other has a point of the same key at that step."""
    keyed = {key: other.present[rows].any(axis=0) for key, rows in _by_key(other, matching).items()}
    covered = np.zeros(vector.present.shape, np.bool_)
    for row, labels in enumerate(vector.labels):
        covered[row] = keyed.get(_key(labels, matching), False)
    return covered


def _either(lhs: Vector, rhs: Vector, matching: Matching) -> Vector:
    rest = rhs.present & ~_covered(rhs, lhs, matching)
    left = zip(lhs.labels, lhs.values, lhs.present, strict=True)
    return vector_of([*left, *zip(rhs.labels, rhs.values, rest, strict=True)], lhs.steps)


def _matched(expr: Binary, lhs: Vector, rhs: Vector) -> Vector:
    """Apply an operator to pairs; on the side of `one` a key may name one series at a time."""
    matching = expr.matching
    swapped = matching.cardinality == "one-to-many"
    many, one = (rhs, lhs) if swapped else (lhs, rhs)
    ones = _by_key(one, matching)
    for rows in ones.values():
        if len(rows) > 1 and (one.present[rows].sum(axis=0) > 1).any():
            side = "left" if swapped else "right"
            raise QueryInvalid(
                f"PromQL: several series on the {side} side match the same group; group them or use on()"
            )
    rows_out: list[tuple[Labels, Floats, Bools]] = []
    used: dict[LabelKey, Bools] = {}
    for many_row, one_row in _pairs(many, ones, matching):
        both = many.present[many_row] & one.present[one_row]
        if matching.cardinality == "one-to-one":
            _check_single(used, _key(many.labels[many_row], matching), both)
        left, right = (one.values[one_row], many.values[many_row]) if swapped else (
            many.values[many_row], one.values[one_row])  # fmt: skip
        values, holds = _applied(expr, left, right)
        labels = _result_labels(expr, many.labels[many_row], one.labels[one_row])
        rows_out.append((labels, values, both & holds))
    return vector_of(rows_out, lhs.steps)


def _pairs(many: Vector, ones: dict[LabelKey, list[int]], matching: Matching) -> Pairs:
    for row, labels in enumerate(many.labels):
        for other in ones.get(_key(labels, matching), ()):
            yield row, other


def _check_single(used: dict[LabelKey, Bools], key: LabelKey, both: Bools) -> None:
    known = used.get(key)
    if known is not None and (known & both).any():
        raise QueryInvalid(
            "PromQL: several series on the left side match the same group; use group_left or group_right"
        )
    used[key] = both if known is None else known | both


def _applied(expr: Binary, left: Floats, right: Floats) -> tuple[Floats, Bools]:
    everywhere = np.ones(left.shape, np.bool_)
    if expr.op in ARITHMETIC:
        return np.asarray(ARITHMETIC[expr.op](left, right), np.float64), everywhere
    holds = np.asarray(COMPARISON[expr.op](left, right))
    return (holds.astype(np.float64), everywhere) if expr.return_bool else (left, holds)


def _result_labels(expr: Binary, many: Labels, one: Labels) -> Labels:
    """Return the labels of a result as Prometheus does (promql/engine.go, resultMetric)."""
    matching = expr.matching
    labels = dict(many)
    if expr.op in ARITHMETIC or expr.return_bool:
        labels.pop(NAME, None)
    if matching.cardinality == "one-to-one":
        named = frozenset(matching.labels)
        return {name: value for name, value in labels.items() if (name in named) is matching.on}
    for name in matching.include:
        labels.pop(name, None)
        if one.get(name):
            labels[name] = one[name]
    return labels
