"""OTLP histograms and summaries as the classic series of Prometheus."""

from collections.abc import Iterator
from typing import Any

LOWEST_EXPONENT = -14
HIGHEST_EXPONENT = 30
"""Exponential histograms get the boundaries 2**-14 … 2**30, whatever scale they come in: their series never change."""

Part = tuple[str, tuple[tuple[str, str], ...], float]
"""A name suffix, labels beside those of the point, and a value."""

_FIXED = tuple(format(2.0**exponent, "g") for exponent in range(LOWEST_EXPONENT, HIGHEST_EXPONENT + 1))


def explicit(point: Any) -> Iterator[Part]:
    """Yield the parts of a histogram with explicit bounds; bucket counts add up from the lowest."""
    running = 0
    for bound, count in zip(point.explicit_bounds, point.bucket_counts, strict=False):
        running += count
        yield "_bucket", (("le", bound_text(bound)),), running
    yield from _tail(point)


def exponential(point: Any) -> Iterator[Part]:
    """Yield the parts of an exponential histogram, scaled down to powers of two.

    Bucket i at scale s covers (2**(i * 2**-s), 2**((i + 1) * 2**-s)]; a finer scale merges by an arithmetic shift.
    """
    counts = [0] * len(_FIXED)
    counts[0] = point.zero_count + sum(point.negative.bucket_counts)
    for index, count in enumerate(point.positive.bucket_counts, point.positive.offset):
        upper = (index >> point.scale) + 1 if point.scale >= 0 else (index + 1) << min(-point.scale, 12)
        place = max(0, upper - LOWEST_EXPONENT)
        if count and place < len(counts):
            counts[place] += count
    running = 0
    for bound, count in zip(_FIXED, counts, strict=True):
        running += count
        yield "_bucket", (("le", bound),), running
    yield from _tail(point)


def summary(point: Any) -> Iterator[Part]:
    """Yield the parts of a summary."""
    for quantile in point.quantile_values:
        yield "", (("quantile", bound_text(quantile.quantile)),), quantile.value
    yield "_sum", (), point.sum
    yield "_count", (), point.count


def bound_text(bound: float) -> str:
    """Return a bound as Prometheus writes it: the shortest text that reads back the same, without a trailing .0."""
    written = repr(float(bound))
    return {"inf": "+Inf", "-inf": "-Inf"}.get(written, written.removesuffix(".0"))


def _tail(point: Any) -> Iterator[Part]:
    yield "_bucket", (("le", "+Inf"),), point.count
    yield "_count", (), point.count
    if point.HasField("sum"):
        yield "_sum", (), point.sum
