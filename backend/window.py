"""The span of time a question is about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open interval start ≤ t < end, in Unix nanoseconds."""

    start_ns: int
    end_ns: int

    @property
    def seconds(self) -> float:
        """Return its length in seconds."""
        return (self.end_ns - self.start_ns) / 1e9
