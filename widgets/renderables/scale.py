"""Scales: from values to cells and back, and ticks at round numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from widgets.renderables.units import Unit


@dataclass(frozen=True)
class Scale:
    """Maps `low`..`high` onto 0..`cells` - 1."""

    low: float
    high: float
    cells: int

    def place(self, value: float) -> int:
        """Return the cell of a value; outside the range it is the nearest cell."""
        if self.high <= self.low or self.cells <= 1:
            return 0
        share = max(0.0, min(1.0, (value - self.low) / (self.high - self.low)))
        return round(share * (self.cells - 1))

    def value(self, cell: float) -> float:
        """Return the value at a cell."""
        if self.cells <= 1:
            return self.low
        return self.low + (self.high - self.low) * cell / (self.cells - 1)


_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_BINARY_STEPS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0)
_SECOND_STEPS = (60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 28_800.0, 86_400.0)


def value_ticks(low: float, high: float, most: int, unit: Unit | str = Unit.NONE) -> tuple[float, ...]:
    """Return at most `most` round values (and at least one) that span the range, both ends included or overstepped."""
    if not (math.isfinite(low) and math.isfinite(high)) or high < low:
        return (0.0, 1.0)
    if high == low:
        low, high = (low, high + abs(high)) if low > 0 else (low - (abs(low) or 0.0), high + (0 if low < 0 else 1.0))
    step = _step((high - low) / max(1, most - 1), unit)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    fewest = 3 if first < 0 < last else 2  # zero is always a tick, so a range on both sides of it needs three
    while last - first + 1 > max(most, fewest):
        step = _step(step * 1.01, unit)
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(number * step for number in range(first, last + 1))


def _step(rough: float, unit: Unit | str) -> float:
    """Return the next round step at or above a rough one."""
    if unit in {Unit.BYTES, Unit.BYTES_PER_SECOND} and rough >= 1:
        base = 1024.0 ** math.floor(math.log(rough, 1024))
        return next((base * step for step in _BINARY_STEPS if base * step >= rough), base * 1024)
    if unit == Unit.SECONDS and rough > 30:
        return next((step for step in _SECOND_STEPS if step >= rough), 86_400.0 * math.ceil(rough / 86_400))
    if rough <= 0 or not math.isfinite(rough):
        return 1.0
    base = 10.0 ** math.floor(math.log10(rough))
    return next((base * step for step in _STEPS if base * step >= rough * (1 - 1e-9)), base * 10)


def extent(columns: Sequence[Sequence[float | None]]) -> tuple[float, float] | None:
    """Return the least and greatest value of several series; gaps do not count, nothing at all is `None`."""
    low, high = math.inf, -math.inf
    for values in columns:
        least, most = least_and_most(values)
        low, high = min(low, least), max(high, most)
    return (low, high) if low <= high else None


def least_and_most(values: Sequence[float | None]) -> tuple[float, float]:
    """Return the least and greatest finite value, (inf, -inf) where there is none."""
    known = finite(values)
    return (min(known), max(known)) if known else (math.inf, -math.inf)


def finite(values: Sequence[float | None]) -> list[float]:
    """Return the values without gaps."""
    return [value for value in values if value is not None and math.isfinite(value)]
