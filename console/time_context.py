"""The one range of time that all screens share: it follows the clock, or stands still."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, tzinfo
from typing import Self

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
PRESETS = (5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY)
SHORTEST, LONGEST = 10.0, 366 * DAY

Now = Callable[[], float]
"""Tells Unix seconds."""

_SPAN = re.compile(r"^(?:now-|last |-)?(\d+(?:\.\d+)?)\s*(s|m|min|h|d|w)$")
_UNITS = {"s": 1.0, "m": MINUTE, "min": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_SEPARATOR = re.compile(r"\s*(?:\.\.|→| to )\s*")


class TimeUnclear(ValueError):
    """A typed time cannot be understood; the message shows what can."""


@dataclass(frozen=True, slots=True)
class TimeContext:
    """A span of `span_s` seconds that ends now (`end_s` None: live) or at a Unix time."""

    span_s: float = 30 * MINUTE
    end_s: float | None = None

    @property
    def live(self) -> bool:
        """Tell whether it follows the clock."""
        return self.end_s is None

    def window(self, now_s: float) -> tuple[float, float]:
        """Return start and end in Unix seconds."""
        end = now_s if self.end_s is None else self.end_s
        return end - self.span_s, end

    def zoomed(self, factor: float, now_s: float, around_s: float | None = None) -> Self:
        """Return a span `factor` times as long, around a moment; a live one stays live unless a moment is named."""
        span = min(LONGEST, max(SHORTEST, self.span_s * factor))
        if self.live and around_s is None:
            return replace(self, span_s=span)
        start, end = self.window(now_s)
        middle = around_s if around_s is not None else (start + end) / 2
        share = (end - middle) / (end - start)
        return replace(self, span_s=span, end_s=min(now_s, middle + span * share))

    def panned(self, share: float, now_s: float) -> Self:
        """Return the span moved by a share of its length; one that would reach beyond now becomes live."""
        end = self.window(now_s)[1] + share * self.span_s
        return replace(self, end_s=None if end >= now_s else end)

    def resumed(self) -> Self:
        """Return the span that follows the clock."""
        return replace(self, end_s=None)

    def held(self, now_s: float) -> Self:
        """Return the span as it is now, standing still."""
        return replace(self, end_s=self.window(now_s)[1])

    def words(self, zone: tzinfo) -> str:
        """Return the range for people."""
        if self.end_s is None:
            return f"last {span_words(self.span_s)}"
        start, end = datetime.fromtimestamp(self.end_s - self.span_s, zone), datetime.fromtimestamp(self.end_s, zone)
        seconds = ":%S" if self.span_s < 10 * MINUTE else ""
        day = "%m-%d " if start.date() != datetime.now(zone).date() else ""
        return f"{start:{day}%H:%M{seconds}}–{end:%H:%M{seconds}} ({span_words(self.span_s)})"


def span_words(seconds: float) -> str:
    """Return a length of time in its largest round unit."""
    for unit, letter in ((DAY, "d"), (HOUR, "h"), (MINUTE, "m")):
        if seconds >= unit and abs(seconds / unit - round(seconds / unit)) < 0.01:
            return f"{round(seconds / unit)}{letter}"
    if seconds >= HOUR:
        return f"{seconds / HOUR:.1f}h"
    return f"{seconds / MINUTE:.1f}m" if seconds >= MINUTE else f"{seconds:.0f}s"


def parse_time(text: str, now_s: float, zone: tzinfo) -> TimeContext:
    """Understand `15m`, `now-6h`, `10:00..10:30`, `2026-11-21 10:00 to 11:00`, or one moment, shown in the middle."""
    text = text.strip()
    if not text or text == "now":
        return TimeContext()
    if match := _SPAN.match(text):
        span = float(match[1]) * _UNITS[match[2]]
        if not SHORTEST <= span <= LONGEST:
            raise TimeUnclear(f"“{text}” is not between 10 s and 366 days")
        return TimeContext(span_s=span)
    parts = _SEPARATOR.split(text)
    if len(parts) == 1:
        moment = _moment(parts[0], now_s, zone, None)
        return TimeContext(span_s=15 * MINUTE, end_s=min(now_s, moment + 7.5 * MINUTE))
    if len(parts) != 2:
        raise TimeUnclear(f"“{text}” has more than two ends; write 10:00..10:30")
    start = _moment(parts[0], now_s, zone, None)
    end = now_s if parts[1] == "now" else _moment(parts[1], now_s, zone, start)
    if end - start < SHORTEST:
        raise TimeUnclear("the end must lie at least 10 s after the start")
    if end - start > LONGEST:
        raise TimeUnclear("the end must lie at most 366 days after the start")
    return TimeContext(span_s=end - start, end_s=None if parts[1] == "now" else end)


def _moment(text: str, now_s: float, zone: tzinfo, after_s: float | None) -> float:
    """Return Unix seconds of a date and time, or of a clock time: the last one, or the next one after `after_s`."""
    reference = datetime.fromtimestamp(after_s if after_s is not None else now_s, zone)
    try:
        if re.match(r"^\d{1,2}:\d{2}", text):
            found = datetime.combine(reference.date(), time.fromisoformat(_padded(text)), zone)
        else:
            found = datetime.fromisoformat(text)
            found = found if found.tzinfo else found.replace(tzinfo=zone)
    except ValueError:
        raise TimeUnclear(f"“{text}” is not a time: write 15m, 10:00..10:30, or 2026-11-21 10:00") from None
    moment = found.timestamp()
    if not re.match(r"^\d{1,2}:\d{2}", text):
        return moment
    if after_s is None:
        return moment - DAY if moment > now_s else moment
    return moment + DAY if moment < after_s and moment + DAY <= now_s else moment


def _padded(text: str) -> str:
    """Return a clock time with two digits of hours and with seconds."""
    whole = text if text.count(":") == 2 else f"{text}:00"
    return whole.rjust(8, "0")
