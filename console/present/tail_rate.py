"""How fast a tail runs, how far it lags, and what it was not sent."""


class TailRate:
    """Lines per second over the last seconds, and what the stream said of itself."""

    def __init__(self) -> None:
        self._counts: list[tuple[float, int]] = []
        self.lag_s = 0.0
        self.dropped = 0

    def add(self, count: int, now_s: float) -> None:
        """Count lines."""
        self._counts.append((now_s, count))
        if len(self._counts) > 600:
            del self._counts[:300]

    def per_second(self, now_s: float) -> float:
        """Return the mean of the last five seconds."""
        return sum(count for at, count in self._counts if at > now_s - 5) / 5

    def note(self, now_s: float) -> str:
        """Return rate, lag and losses for people."""
        parts = [f"{self.per_second(now_s):,.0f}/s"]
        if self.lag_s >= 2:
            parts.append(f"lag {self.lag_s:.0f} s")
        if self.dropped:
            parts.append(f"{self.dropped:,} not sent")
        return " · ".join(parts)
