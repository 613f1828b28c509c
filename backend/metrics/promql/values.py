"""What PromQL expressions come to, for all steps of a query at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from api_client.contract.base import Labels
from backend.errors import QueryInvalid
from backend.metrics.promql.limits import MAX_CELLS, check

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Times: TypeAlias = NDArray[np.int64]
LabelKey: TypeAlias = frozenset[tuple[str, str]]

NAME = "__name__"


@dataclass(frozen=True, slots=True)
class Vector:
    """Series in rows, steps in columns; `present` tells an absent point from NaN, which is a value."""

    labels: tuple[Labels, ...]
    values: Floats
    present: Bools

    @property
    def steps(self) -> int:
        """Return the number of steps."""
        return int(self.values.shape[1])

    def mapped(self, change: Callable[[Floats], Any]) -> "Vector":
        """Return the vector with changed values and without metric names."""
        return without_names(Vector(self.labels, np.asarray(change(self.values), np.float64), self.present))

    def keeping(self, present: Bools) -> "Vector":
        """Return only the points that are present here and there."""
        return Vector(self.labels, self.values, self.present & present)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One number per step."""

    values: Floats


@dataclass(frozen=True, slots=True)
class String:
    """A string."""

    value: str


Value: TypeAlias = Vector | Scalar | String


def empty(steps: int) -> Vector:
    """Return a vector without series."""
    return Vector((), np.empty((0, steps)), np.empty((0, steps), np.bool_))


def vector_of(rows: Iterable[tuple[Labels, Floats, Bools]], steps: int) -> Vector:
    """Return the vector of rows; series without any point are left out, equal label sets are joined."""
    kept = [row for row in rows if row[2].any()]
    check(len(kept) * steps, MAX_CELLS, "points")
    if not kept:
        return empty(steps)
    labels, values, present = zip(*kept, strict=True)
    return unique(Vector(tuple(labels), np.stack(values), np.stack(present)))


def key_of(labels: Labels) -> LabelKey:
    """Return a label set as a hashable key."""
    return frozenset(labels.items())


def nameless(labels: Labels) -> Labels:
    """Return the labels without the metric name."""
    return {name: value for name, value in labels.items() if name != NAME}


def without_names(vector: Vector) -> Vector:
    """Return the vector without metric names."""
    return unique(Vector(tuple(map(nameless, vector.labels)), vector.values, vector.present))


def unique(vector: Vector) -> Vector:
    """Join rows of equal labels that never meet in a step; raise `QueryInvalid` where they do, as Prometheus does."""
    first: dict[LabelKey, int] = {}
    rows: list[int] = []
    values, present = vector.values, vector.present
    for row, labels in enumerate(vector.labels):
        other = first.setdefault(key_of(labels), row)
        if other == row:
            rows.append(row)
            continue
        if (present[other] & present[row]).any():
            raise QueryInvalid("PromQL: the result would hold two series of the same label set")
        if values is vector.values:
            values, present = values.copy(), present.copy()
        values[other] = np.where(present[row], values[row], values[other])
        present[other] |= present[row]
    if len(rows) == len(vector.labels):
        return vector
    return Vector(tuple(vector.labels[row] for row in rows), values[rows], present[rows])
