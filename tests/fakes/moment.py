"""The moment at which all pictures are taken."""

from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 1, 15, 12, 0, 0, tzinfo=UTC)
NOW_S = NOW.timestamp()


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)
