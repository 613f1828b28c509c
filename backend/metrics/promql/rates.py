"""rate and its kin, with the extrapolation of Prometheus (promql/functions.go, extrapolatedRate)."""

import numpy as np

from backend.metrics.promql.values import Bools, Floats
from backend.metrics.promql.windows import Windows

Row = tuple[Floats, Bools]


def rate(windows: Windows) -> Row:
    """Return the increase per second."""
    return _extrapolated(windows, is_counter=True, per_second=True)


def increase(windows: Windows) -> Row:
    """Return the increase over the range."""
    return _extrapolated(windows, is_counter=True, per_second=False)


def delta(windows: Windows) -> Row:
    """Return the difference between the ends of the range."""
    return _extrapolated(windows, is_counter=False, per_second=False)


def irate(windows: Windows) -> Row:
    """Return the rate between the last two samples; after a reset the counter started at nought."""
    return _last_two(windows, is_rate=True)


def idelta(windows: Windows) -> Row:
    """Return the difference between the last two samples."""
    return _last_two(windows, is_rate=False)


def changes(windows: Windows) -> Row:
    """Count how often the value changed; NaN after NaN is no change."""
    before, after = windows.values[:-1], windows.values[1:]
    return _counted(windows, (before != after) & ~(np.isnan(before) & np.isnan(after)))


def resets(windows: Windows) -> Row:
    """Count how often a counter fell."""
    return _counted(windows, windows.values[1:] < windows.values[:-1])


def _ends(windows: Windows, least: int) -> tuple[np.ndarray, np.ndarray, Bools]:
    """Return the first and last sample of each window, and which windows have enough samples."""
    enough = windows.counts >= least
    last_place = max(0, len(windows.values) - 1)
    first = np.minimum(np.where(enough, windows.lo, 0), last_place)
    last = np.minimum(np.where(enough, windows.hi - 1, 0), last_place)
    return first, last, enough


def _extrapolated(windows: Windows, *, is_counter: bool, per_second: bool) -> Row:
    first, last, enough = _ends(windows, 2)
    if not enough.any():
        return np.zeros(len(enough)), enough
    values, ts_ms = windows.values, windows.ts_ms
    result = values[last] - values[first]
    if is_counter:
        fell = np.where(values[1:] < values[:-1], values[:-1], 0.0)
        lost = np.concatenate(([0.0], np.cumsum(fell)))
        result = result + (lost[last] - lost[first])
    to_start = (ts_ms[first] - (windows.ends_ms - windows.range_ms)) / 1000.0
    to_end = (windows.ends_ms - ts_ms[last]) / 1000.0
    sampled = (ts_ms[last] - ts_ms[first]) / 1000.0
    between = sampled / np.maximum(windows.counts - 1, 1)
    threshold = between * 1.1
    to_start = np.where(to_start >= threshold, between / 2, to_start)
    if is_counter:
        # A counter was never below nought: it is not extrapolated to a time before that.
        to_zero = np.where((result > 0) & (values[first] >= 0), sampled * (values[first] / result), to_start)
        to_start = np.minimum(to_start, to_zero)
    to_end = np.where(to_end >= threshold, between / 2, to_end)
    result = result * ((sampled + to_start + to_end) / sampled)
    return (result / (windows.range_ms / 1000.0) if per_second else result), enough


def _last_two(windows: Windows, *, is_rate: bool) -> Row:
    _, last, enough = _ends(windows, 2)
    before = np.maximum(last - 1, 0)
    if not enough.any():
        return np.zeros(len(enough)), enough
    newer, older = windows.values[last], windows.values[before]
    if not is_rate:
        return newer - older, enough
    gained = np.where(newer < older, newer, newer - older)
    return gained / ((windows.ts_ms[last] - windows.ts_ms[before]) / 1000.0), enough


def _counted(windows: Windows, events: Bools) -> Row:
    first, last, enough = _ends(windows, 1)
    if not enough.any():
        return np.zeros(len(enough)), enough
    until = np.concatenate(([0], np.cumsum(events)))
    return (until[last] - until[first]).astype(np.float64), enough
