"""Query parameters that several services share."""

import re
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import AwareDatetime

from api_client.contract.problems import ErrorCode
from backend.clock import Clock, unix_ns
from backend.errors import InvalidRequest
from backend.window import Window

_HOUR_NS = 3_600_000_000_000
_LAST_NS = 9_200_000_000 * 1_000_000_000
_DURATION = re.compile(r"^(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)$")
_UNIT_NS = {"ns": 1, "us": 1e3, "µs": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9, "d": 86400e9}


def checked_ns(instant: datetime, name: str) -> int:
    """Return Unix nanoseconds of an instant between 1970 and 2261."""
    value = unix_ns(instant)
    if not 0 <= value <= _LAST_NS:
        raise InvalidRequest(
            f"{name}: {instant.isoformat()} lies outside 1970 to 2261", code=ErrorCode.INVALID_TIMESTAMP
        )
    return value


def window_of(start: datetime | None, end: datetime | None, clock: Clock) -> Window:
    """Return the asked window: the last hour where nothing is said."""
    end_ns = checked_ns(end, "to") if end else clock.time_ns()
    start_ns = checked_ns(start, "from") if start else max(0, end_ns - _HOUR_NS)
    if start_ns > end_ns:
        raise InvalidRequest("from lies after to", code=ErrorCode.INVALID_TIMESTAMP)
    return Window(start_ns, end_ns)


def _window(
    request: Request,
    start: Annotated[
        AwareDatetime | None, Query(alias="from", description="start, ISO 8601; default: to - 1 h")
    ] = None,
    end: Annotated[AwareDatetime | None, Query(alias="to", description="end, ISO 8601; default: now")] = None,
) -> Window:
    return window_of(start, end, request.app.state.clock)


AskedWindow = Annotated[Window, Depends(_window)]
"""The `from` and `to` of a request."""


def pairs(text: str | None, name: str) -> dict[str, str]:
    """Parse `k:v,k2:v2`, the form in which the platform takes labels and tags."""
    if not text:
        return {}
    found: dict[str, str] = {}
    for part in text.split(","):
        key, colon, value = part.partition(":")
        if not colon or not key.strip():
            raise InvalidRequest(f"{name}: “{part}” is not of the form key:value", code=ErrorCode.INVALID_LABELS)
        found[key.strip()] = value.strip()
    return found


def duration_ns(text: str | None, name: str) -> int | None:
    """Parse `100ms`, `1.5s`, `2m` …; None stays None."""
    if text is None:
        return None
    match = _DURATION.match(text.strip())
    if not match:
        raise InvalidRequest(f"{name}: “{text}” is not a duration such as 100ms, 1.5s or 2m")
    value = float(match[1]) * _UNIT_NS[match[2]]
    if value > _LAST_NS:
        raise InvalidRequest(f"{name}: “{text}” is longer than 290 years")
    return int(value)
