"""Time as an argument."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; tests pass one that stands still."""

    def time_ns(self) -> int:
        """Return Unix time in nanoseconds."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        ...


class SystemClock:
    """The clock of this machine."""

    def time_ns(self) -> int:
        """Return Unix time in nanoseconds."""
        return time.time_ns()

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        return time.monotonic()


def utc(time_ns: int) -> datetime:
    """Return the instant of a Unix time in nanoseconds, cut to the microsecond."""
    seconds, rest = divmod(time_ns, 1_000_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest // 1000)


def unix_ns(instant: datetime) -> int:
    """Return the Unix time in nanoseconds of an instant, exact to the microsecond."""
    whole = int(instant.replace(microsecond=0).timestamp())
    return whole * 1_000_000_000 + instant.microsecond * 1000
