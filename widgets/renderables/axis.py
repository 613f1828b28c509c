"""Axes: round times in a zone, and a line of labels that never overlap."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from widgets.renderables.pieces import width_of

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_STEPS = (
    *(1, 2, 5, 10, 15, 30),
    *(_MINUTE * n for n in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * n for n in (1, 2, 3, 6, 12)),
    *(_DAY * n for n in (1, 2, 7, 14, 30, 90, 365)),
)
_SUB_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where, in the units of the axis, and what it says."""

    at: float
    label: str


def time_ticks(start: float, end: float, most: int, zone: tzinfo = UTC) -> tuple[Tick, ...]:
    """Return at most `most` round times between two Unix times, labelled in a zone; midnight shows the day."""
    if end <= start or most < 1:
        return ()
    rough = (end - start) / most
    step = next((step for step in (*_SUB_SECONDS, *_STEPS) if step >= rough), _STEPS[-1])
    moment = _aligned(start, step, zone)
    ticks: list[Tick] = []
    while moment <= end and len(ticks) < most + 1:
        if moment >= start:
            ticks.append(Tick(moment, _label(datetime.fromtimestamp(moment, zone), step)))
        moment = _next(moment, step, zone)
    return tuple(ticks)


def _aligned(start: float, step: float, zone: tzinfo) -> float:
    """Return a round time at or before the start, round as the clock on the wall of the zone goes."""
    if step < 1:
        return math.floor(start / step) * step
    local = datetime.fromtimestamp(start, zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if step >= _DAY:
        days = midnight.toordinal() % int(step // _DAY)
        return (midnight - timedelta(days=days)).timestamp()
    return midnight.timestamp() + math.floor((start - midnight.timestamp()) / step) * step


def _next(moment: float, step: float, zone: tzinfo) -> float:
    """Return the next round time; days follow the calendar, because some have 23 or 25 hours."""
    if step < _DAY:
        return moment + step
    return (datetime.fromtimestamp(moment, zone) + timedelta(days=int(step // _DAY))).timestamp()


def _label(moment: datetime, step: float) -> str:
    """Return the shortest text that tells ticks of this step apart."""
    if step < 1:
        return f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03d}"
    if step < _MINUTE:
        return f"{moment:%H:%M:%S}"
    if step >= _DAY or (moment.hour, moment.minute) == (0, 0):
        return f"{moment:%d %b}"
    return f"{moment:%H:%M}"


def clock(moment: float, zone: tzinfo = UTC, span: float = 0.0) -> str:
    """Return a time for a title or a cursor; over a long span with its day, over a short one with milliseconds."""
    local = datetime.fromtimestamp(moment, zone)
    if span and span <= 20:
        return f"{local:%H:%M:%S}.{local.microsecond // 1000:03d}"
    return f"{local:%d %b %H:%M}" if span > _DAY else f"{local:%H:%M:%S}"


def label_line(places: Sequence[tuple[int, str]], width: int) -> str:
    """Return a line with each label centred on its cell; one that would touch another or the edge is left out."""
    line = ""
    for cell, label in places:
        have = width_of(label)
        start = max(0, min(cell - have // 2, width - have))
        if start < 0 or have > width or (line and start < width_of(line) + 2):
            continue
        line += " " * (start - width_of(line)) + label
    return line
