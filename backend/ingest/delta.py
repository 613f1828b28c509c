"""Turns increments into running totals, since Prometheus' functions expect totals."""

import threading
from collections import OrderedDict


class DeltaTotals:
    """Running totals of the series used last; one that was forgotten starts again, which reads as a reset."""

    def __init__(self, max_series: int = 50_000) -> None:
        self._max = max_series
        self._guard = threading.Lock()  # large bodies are decoded on several threads
        self._totals: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def add(self, series: str, ts_ms: int, increment: float) -> float | None:
        """Return the total after an increment, None for one not newer than the last (a repeated delivery)."""
        with self._guard:
            newest, total = self._totals.get(series, (-1, 0.0))
            if ts_ms <= newest:
                return None
            total += increment
            self._totals[series] = (ts_ms, total)
            self._totals.move_to_end(series)
            if len(self._totals) > self._max:
                self._totals.popitem(last=False)
            return total
