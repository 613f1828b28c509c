"""Instants and ages as people read them."""

from datetime import datetime, tzinfo


def age(seconds: float) -> str:
    """Return how long ago something was, in its two largest units at most five characters wide."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m"
    if whole < 86_400:
        hours, minutes = divmod(whole // 60, 60)
        return f"{hours}h{minutes:02}" if hours < 10 else f"{hours}h"
    return f"{whole // 86_400}d"


def clock_ms(instant: datetime, zone: tzinfo) -> str:
    """Return the time of day to the millisecond."""
    return instant.astimezone(zone).isoformat(timespec="milliseconds")[11:23]


def clock(instant: datetime, zone: tzinfo) -> str:
    """Return the time of day to the second."""
    return f"{instant.astimezone(zone):%H:%M:%S}"


def full(instant: datetime, zone: tzinfo) -> str:
    """Return date, time to the microsecond, and the offset of the zone."""
    return instant.astimezone(zone).isoformat(sep=" ")
