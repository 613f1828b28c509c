"""Series cut into the windows of a range selector, one window per step."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api_client.contract.base import Labels
from backend.metrics.port import SeriesColumns
from backend.metrics.promql.limits import MAX_WINDOWED, check
from backend.metrics.promql.plan import LOOKBACK_MS
from backend.metrics.promql.values import Bools, Floats, Times, Vector, vector_of

STALE_BITS = np.int64(0x7FF0000000000002)
"""The bits of the not-a-number that ends a series."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The samples lo ≤ i < hi of one series belong to the window (end - range, end] of a step."""

    labels: Labels
    ts_ms: Times
    values: Floats
    lo: NDArray[np.int64]
    hi: NDArray[np.int64]
    ends_ms: Times
    range_ms: int

    @property
    def counts(self) -> NDArray[np.int64]:
        """Return the number of samples per window."""
        return self.hi - self.lo

    def reduced(self, operation: np.ufunc, values: Floats) -> Floats:
        """Reduce values over each window by a ufunc; what an empty window gives means nothing."""
        check(int(self.counts.sum()), MAX_WINDOWED, "samples in windows")
        places = np.empty(2 * len(self.lo), np.int64)
        places[0::2], places[1::2] = self.lo, self.hi
        padded = np.append(values, 0.0)
        return np.asarray(operation.reduceat(padded, places)[0::2], np.float64)


def is_stale(values: Floats) -> Bools:
    """Tell which values are Prometheus' marker for the end of a series."""
    return np.asarray(values.view(np.int64) == STALE_BITS)


def windows_of(series: SeriesColumns, ends_ms: Times, range_ms: int) -> Windows:
    """Cut a series; stale markers are no samples of a range."""
    ts_ms, values = series.timestamps_ms, series.values
    stale = is_stale(values)
    if stale.any():
        ts_ms, values = ts_ms[~stale], values[~stale]
    lo = np.searchsorted(ts_ms, ends_ms - range_ms, "right")
    hi = np.searchsorted(ts_ms, ends_ms, "right")
    return Windows(series.labels, ts_ms, values, lo, hi, ends_ms, range_ms)


def instant(fetched: list[SeriesColumns], times_ms: Times, *, want_times: bool = False) -> Vector:
    """Return the newest sample of each series at each time, not older than the lookback and not stale."""
    steps = len(times_ms)

    def row(series: SeriesColumns) -> tuple[Labels, Floats, Bools]:
        place = np.searchsorted(series.timestamps_ms, times_ms, "right") - 1
        found = place >= 0
        place = np.maximum(place, 0)
        sampled_ms = series.timestamps_ms[place]
        values = series.values[place]
        found &= (sampled_ms > times_ms - LOOKBACK_MS) & ~is_stale(values)
        return series.labels, sampled_ms / 1000.0 if want_times else values, found

    return vector_of((row(series) for series in fetched if len(series.timestamps_ms)), steps)


def series_of(vector: Vector, times_ms: Times) -> list[SeriesColumns]:
    """Return a vector as series, which is what a subquery hands to a range function."""
    return [
        SeriesColumns(labels, times_ms[present], values[present])
        for labels, values, present in zip(vector.labels, vector.values, vector.present, strict=True)
    ]
