"""Operators on numbers, and on a vector and a scalar."""

from collections.abc import Callable
from typing import Any

import numpy as np

from backend.metrics.promql.values import Floats, Scalar, Vector, without_names

ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "%": np.fmod,
    "^": np.power,
    "atan2": np.arctan2,
}

COMPARISON: dict[str, Callable[[Any, Any], Any]] = {
    "==": np.equal,
    "!=": np.not_equal,
    ">": np.greater,
    "<": np.less,
    ">=": np.greater_equal,
    "<=": np.less_equal,
}


def scalars(op: str, lhs: Scalar, rhs: Scalar) -> Scalar:
    """Combine two scalars; a comparison gives 1 or 0."""
    operation = ARITHMETIC.get(op) or COMPARISON[op]
    return Scalar(np.asarray(operation(lhs.values, rhs.values), np.float64))


def vector_and_scalar(op: str, vector: Vector, scalar: Floats, *, scalar_first: bool, return_bool: bool) -> Vector:
    """Combine each point with a scalar; a comparison keeps the points for which it holds, or gives 1 and 0."""
    lhs, rhs = (scalar, vector.values) if scalar_first else (vector.values, scalar)
    if op in ARITHMETIC:
        return vector.mapped(lambda _: ARITHMETIC[op](lhs, rhs))
    holds = COMPARISON[op](lhs, rhs)
    if return_bool:
        return vector.mapped(lambda _: holds)
    return vector.keeping(holds)


def negated(vector: Vector) -> Vector:
    """Return the vector with opposite signs, without metric names."""
    return without_names(Vector(vector.labels, -vector.values, vector.present))
