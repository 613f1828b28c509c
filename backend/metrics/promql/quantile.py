"""The quantile of Prometheus: linear between the two nearest ranks."""

import numpy as np

from backend.metrics.promql.values import Bools, Floats


def quantile(values: Floats, present: Bools, share: Floats) -> Floats:
    """Return the quantile of each column; a share outside 0 … 1 gives an infinity, NaN gives NaN."""
    ranked = np.sort(np.where(present, values, np.nan), axis=0)  # absent points and NaN come last
    count = (present & ~np.isnan(values)).sum(axis=0)
    rank = np.nan_to_num(np.clip(share, 0.0, 1.0)) * np.maximum(count - 1, 0)
    lower = np.floor(rank).astype(np.int64)
    upper = np.minimum(lower + 1, np.maximum(count - 1, 0))
    columns = np.arange(values.shape[1])
    weight = rank - lower
    below, above = ranked[lower, columns], ranked[upper, columns]
    found = np.where(weight == 0, below, below * (1 - weight) + above * weight)
    found = np.where(share < 0, -np.inf, np.where(share > 1, np.inf, found))
    return np.where(np.isnan(share), np.nan, found)
