"""Instants written in log lines, read to the nanosecond; one without a zone is taken as UTC."""

import calendar
import re
from datetime import UTC, datetime, timedelta

ISO = re.compile(
    r"(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?(?: ?(Z|UTC|[+-]\d\d:?\d\d)\b)?", re.ASCII
)
SYSLOG = re.compile(r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +(\d{1,2}) (\d\d):(\d\d):(\d\d)", re.ASCII)
ACCESS = re.compile(
    r"(\d\d)/(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})", re.ASCII
)

_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
_HALF_YEAR = timedelta(days=182)


def iso_ns(found: re.Match[str]) -> int | None:
    """Return the Unix nanoseconds of a match of `ISO`, None for a day that does not exist."""
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    whole = _unix_s(int(year), int(month), int(day), int(hour), int(minute), int(second))
    if whole is None:
        return None
    return (whole - _offset_s(zone)) * 1_000_000_000 + int((fraction or "0").ljust(9, "0"))


def syslog_ns(found: re.Match[str], now_ns: int) -> int | None:
    """Return the Unix nanoseconds of a match of `SYSLOG`, in the year that brings it nearest to now."""
    month, day, hour, minute, second = found.groups()
    now = datetime.fromtimestamp(now_ns / 1e9, UTC)
    for year in (now.year, now.year - 1, now.year + 1):
        whole = _unix_s(year, _MONTHS[month], int(day), int(hour), int(minute), int(second))
        if whole is not None and abs(whole - now_ns // 1_000_000_000) < _HALF_YEAR.total_seconds():
            return whole * 1_000_000_000
    return None


def access_ns(found: re.Match[str]) -> int | None:
    """Return the Unix nanoseconds of a match of `ACCESS`."""
    day, month, year, hour, minute, second, zone = found.groups()
    whole = _unix_s(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second))
    return None if whole is None else (whole - _offset_s(zone)) * 1_000_000_000


def value_ns(value: object) -> int | None:
    """Return the Unix nanoseconds of a JSON value: ISO text, or a number in s, ms, µs or ns, told by its size."""
    if isinstance(value, str):
        found = ISO.match(value)
        if found:
            return iso_ns(found)
        try:
            value = float(value) if "." in value else int(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e20:
        return None
    for limit, unit in ((1e11, 1_000_000_000), (1e14, 1_000_000), (1e17, 1_000)):
        if value < limit:
            return int(value * unit)
    return int(value)


def _unix_s(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int | None:
    try:
        # A leap second counts as the second before it.
        return int(datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC).timestamp())
    except ValueError:
        return None


def _offset_s(zone: str | None) -> int:
    if not zone or zone in {"Z", "UTC"}:
        return 0
    digits = zone[1:].replace(":", "")
    seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return -seconds if zone[0] == "-" else seconds
