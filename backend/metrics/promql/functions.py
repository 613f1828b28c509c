"""Functions that change each number by itself."""

from collections.abc import Callable
from typing import Any

import numpy as np

from backend.metrics.promql.values import Floats, Vector, empty

MATH: dict[str, Callable[[Floats], Any]] = {
    "abs": np.abs, "ceil": np.ceil, "floor": np.floor, "exp": np.exp, "ln": np.log, "log2": np.log2,
    "log10": np.log10, "sqrt": np.sqrt, "sgn": np.sign, "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh,
    "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh, "deg": np.degrees, "rad": np.radians,
}  # fmt: skip


def clamp(vector: Vector, low: Floats, high: Floats) -> Vector:
    """Bound the values; with the lower bound above the upper there is no result."""
    if (low > high).all():
        return empty(vector.steps)
    bounded = vector.mapped(lambda values: np.minimum(np.maximum(values, low), high))
    return bounded.keeping(np.broadcast_to(~(low > high), bounded.present.shape))


def rounded(vector: Vector, nearest: Floats) -> Vector:
    """Round to the nearest multiple, halves upwards; as Prometheus does it, by the inverse."""
    inverse = 1.0 / nearest
    return vector.mapped(lambda values: np.floor(values * inverse + 0.5) / inverse)


def _days(values: Floats) -> np.ndarray[Any, Any]:
    return _seconds(values).astype("datetime64[D]")


def _seconds(values: Floats) -> np.ndarray[Any, Any]:
    whole = np.nan_to_num(np.floor(values), nan=0.0, posinf=0.0, neginf=0.0)
    bounded: np.ndarray[Any, Any] = np.clip(whole, -1e11, 1e11)
    return bounded.astype("datetime64[s]")


def _day_of_month(values: Floats) -> Any:
    days = _days(values)
    return (days - days.astype("datetime64[M]")).astype(np.int64) + 1


def _day_of_year(values: Floats) -> Any:
    days = _days(values)
    return (days - days.astype("datetime64[Y]")).astype(np.int64) + 1


def _days_in_month(values: Floats) -> Any:
    month = _days(values).astype("datetime64[M]")
    return ((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype(np.int64)


CALENDAR: dict[str, Callable[[Floats], Any]] = {
    "minute": lambda values: _seconds(values).astype(np.int64) // 60 % 60,
    "hour": lambda values: _seconds(values).astype(np.int64) // 3600 % 24,
    "day_of_week": lambda values: (_days(values).astype(np.int64) + 4) % 7,
    "day_of_month": _day_of_month,
    "day_of_year": _day_of_year,
    "days_in_month": _days_in_month,
    "month": lambda values: _days(values).astype("datetime64[M]").astype(np.int64) % 12 + 1,
    "year": lambda values: _days(values).astype("datetime64[Y]").astype(np.int64) + 1970,
}
"""Parts of the date of a Unix time in UTC."""
