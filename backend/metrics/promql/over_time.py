"""Functions that sum up each window of a range: the *_over_time family, deriv and predict_linear."""

from collections.abc import Callable

import numpy as np

from backend.metrics.promql import rates
from backend.metrics.promql.quantile import quantile
from backend.metrics.promql.rates import Row
from backend.metrics.promql.values import Floats
from backend.metrics.promql.windows import Windows


def _sum(windows: Windows) -> Row:
    return windows.reduced(np.add, windows.values), windows.counts > 0


def _avg(windows: Windows) -> Row:
    total, present = _sum(windows)
    return total / windows.counts, present


def _min(windows: Windows) -> Row:
    return windows.reduced(np.fmin, windows.values), windows.counts > 0


def _max(windows: Windows) -> Row:
    return windows.reduced(np.fmax, windows.values), windows.counts > 0


def _count(windows: Windows) -> Row:
    return windows.counts.astype(np.float64), windows.counts > 0


def _present(windows: Windows) -> Row:
    return np.ones(len(windows.lo)), windows.counts > 0


def _last(windows: Windows) -> Row:
    return _at(windows, windows.hi - 1), windows.counts > 0


def _first(windows: Windows) -> Row:
    return _at(windows, windows.lo), windows.counts > 0


def _at(windows: Windows, places: np.ndarray) -> Floats:
    if not len(windows.values):
        return np.zeros(len(places))
    return np.asarray(windows.values[np.clip(places, 0, len(windows.values) - 1)])


def _variance(windows: Windows) -> Row:
    """Return the population variance, about the mean of the whole series to keep the digits."""
    finite = windows.values[np.isfinite(windows.values)]
    centred = windows.values - (finite.mean() if len(finite) else 0.0)
    mean = windows.reduced(np.add, centred) / windows.counts
    squares = windows.reduced(np.add, centred * centred) / windows.counts
    return np.maximum(squares - mean * mean, 0.0), windows.counts > 0


def _deviation(windows: Windows) -> Row:
    variance, present = _variance(windows)
    return np.sqrt(variance), present


def _deriv(windows: Windows) -> Row:
    slope, _ = _line(windows)
    return slope, windows.counts > 1


def quantile_over_time(windows: Windows, share: Floats) -> Row:
    """Return the quantile of each window."""
    present = windows.counts > 0
    out = np.zeros(len(present))
    for step in np.flatnonzero(present):
        window = windows.values[windows.lo[step] : windows.hi[step], np.newaxis]
        out[step] = quantile(window, np.ones(window.shape, np.bool_), share[step : step + 1])[0]
    return out, present


def predict_linear(windows: Windows, ahead_s: Floats) -> Row:
    """Return the value that the least-squares line through each window has `ahead_s` after its end."""
    slope, at_end = _line(windows)
    return at_end + slope * ahead_s, windows.counts > 1


def _line(windows: Windows) -> tuple[Floats, Floats]:
    """Return slope per second and value at the end of the least-squares line through each window."""
    if not len(windows.values):
        nothing = np.zeros(len(windows.lo))
        return nothing, nothing
    base_ms = windows.ts_ms[len(windows.ts_ms) // 2]
    seconds = (windows.ts_ms - base_ms) / 1000.0
    count = windows.counts
    mean_x = windows.reduced(np.add, seconds) / count
    mean_y = windows.reduced(np.add, windows.values) / count
    mean_xy = windows.reduced(np.add, seconds * windows.values) / count
    mean_xx = windows.reduced(np.add, seconds * seconds) / count
    slope = (mean_xy - mean_x * mean_y) / (mean_xx - mean_x * mean_x)
    constant = windows.reduced(np.fmin, windows.values) == windows.reduced(np.fmax, windows.values)
    slope = np.where(constant, 0.0, slope)
    end = (windows.ends_ms - base_ms) / 1000.0
    return slope, mean_y + slope * (end - mean_x)


OVER_TIME: dict[str, Callable[[Windows], Row]] = {
    "rate": rates.rate,
    "increase": rates.increase,
    "delta": rates.delta,
    "irate": rates.irate,
    "idelta": rates.idelta,
    "changes": rates.changes,
    "resets": rates.resets,
    "deriv": _deriv,
    "sum_over_time": _sum,
    "avg_over_time": _avg,
    "min_over_time": _min,
    "max_over_time": _max,
    "count_over_time": _count,
    "present_over_time": _present,
    "last_over_time": _last,
    "first_over_time": _first,
    "stdvar_over_time": _variance,
    "stddev_over_time": _deviation,
}
"""Functions of one range vector and nothing else."""

WITH_PARAMETER: dict[str, tuple[Callable[[Windows, Floats], Row], int]] = {
    "quantile_over_time": (quantile_over_time, 0),
    "predict_linear": (predict_linear, 1),
}
"""Functions of a range vector and a scalar, and which argument the scalar is."""

KEEP_NAMES = frozenset({"last_over_time", "first_over_time"})
"""Functions whose results are samples as they were, and keep the metric name."""
