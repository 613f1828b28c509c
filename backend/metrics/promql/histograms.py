"""histogram_quantile over classic buckets (promql/quantile.go, BucketQuantile)."""

from collections import defaultdict

import numpy as np

from api_client.contract.base import Labels
from backend.metrics.promql.values import NAME, Bools, Floats, LabelKey, Vector, key_of, vector_of

Group = list[tuple[float, int]]


def histogram_quantile(share: Floats, buckets: Vector) -> Vector:
    """Return the quantile of every histogram; series without a bound `le` are left out."""
    groups: dict[LabelKey, Group] = defaultdict(list)
    labels_of: dict[LabelKey, Labels] = {}
    for row, labels in enumerate(buckets.labels):
        bound = _bound(labels.get("le", ""))
        if bound is None:
            continue
        rest = {name: value for name, value in labels.items() if name not in {"le", NAME}}
        key = key_of(rest)
        groups[key].append((bound, row))
        labels_of[key] = rest
    rows = ((labels_of[key], *_group_quantile(share, buckets, sorted(group))) for key, group in groups.items())
    return vector_of(rows, buckets.steps)


def _bound(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _group_quantile(share: Floats, buckets: Vector, group: Group) -> tuple[Floats, Bools]:
    """Work out one histogram; steps at which the same buckets are present are done together."""
    bounds = np.array([bound for bound, _ in group])
    rows = [row for _, row in group]
    counts, present = buckets.values[rows], buckets.present[rows]
    out = np.full(buckets.steps, np.nan)
    patterns, which = np.unique(present, axis=1, return_inverse=True)
    which = which.reshape(-1)
    for number in range(patterns.shape[1]):
        here, steps = patterns[:, number], np.flatnonzero(which == number)
        if here.any():
            out[steps] = _quantile(share[steps], bounds[here], counts[np.ix_(here, steps)])
    return out, np.asarray(present.any(axis=0))


def _quantile(share: Floats, bounds: Floats, counts: Floats) -> Floats:
    """Interpolate within the bucket that holds the rank; `counts` has a row per bound, a column per step."""
    nothing = np.full(len(share), np.nan)
    bounds, first = np.unique(bounds, return_index=True)
    counts = np.add.reduceat(counts, first, axis=0)  # bounds written in two ways are one bucket
    if len(bounds) < 2 or not np.isposinf(bounds[-1]):
        return nothing
    counts = np.maximum.accumulate(counts, axis=0)  # scrapes that raced with updates are not monotonic
    steps = np.arange(len(share))
    rank = share * counts[-1]
    place = np.minimum((counts[:-1] < rank).sum(axis=0), len(bounds) - 1)
    below = np.maximum(place - 1, 0)
    start = np.where(place > 0, bounds[below], 0.0)
    before = np.where(place > 0, counts[below, steps], 0.0)
    width = bounds[place] - start
    found = start + width * ((rank - before) / (counts[place, steps] - before))
    found = np.where(place == len(bounds) - 1, bounds[-2], found)
    found = np.where((place == 0) & (bounds[0] <= 0), bounds[0], found)
    found = np.where(counts[-1] == 0, nothing, found)
    found = np.where(share < 0, -np.inf, np.where(share > 1, np.inf, found))
    return np.where(np.isnan(share), nothing, found)
