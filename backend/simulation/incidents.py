"""What goes wrong, when, and what that means for the shop at any moment."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import assert_never

NANOSECOND = 1_000_000_000
FIRST_S = 8.0
"""Seconds from the start of live simulation to the first incident."""
PAUSE_S = 180.0
"""Quiet time after an incident: longer than the two minutes that rules look back, so that alerts resolve."""


class IncidentKind(StrEnum):
    """The incidents of the shop."""

    SLOW_DATABASE = "slow database"
    BAD_DEPLOY = "bad deploy"
    MEMORY_LEAK = "memory leak"
    CARRIER_TIMEOUT = "carrier timeout"
    LOG_STORM = "log storm"


DURATION_S: dict[IncidentKind, float] = {
    IncidentKind.SLOW_DATABASE: 180,
    IncidentKind.BAD_DEPLOY: 200,
    IncidentKind.MEMORY_LEAK: 300,
    IncidentKind.CARRIER_TIMEOUT: 180,
    IncidentKind.LOG_STORM: 90,
}
_FIRST = (IncidentKind.SLOW_DATABASE, IncidentKind.BAD_DEPLOY)
CYCLE_S = sum(DURATION_S.values()) + PAUSE_S * len(DURATION_S)


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident: what, and from when to when in Unix nanoseconds."""

    kind: IncidentKind
    start_ns: int
    end_ns: int

    def progress(self, at_ns: int) -> float:
        """Return how far it has unfolded, from 0 to 1."""
        return (at_ns - self.start_ns) / (self.end_ns - self.start_ns)


@dataclass(frozen=True, slots=True)
class Conditions:
    """How the shop is at a moment; the defaults are a good day."""

    database_factor: float = 1.0
    """How much slower the statements of inventory and checkout are."""
    pool_share: float = 0.0
    """How much of the database connections the trouble takes, 0 to 1."""
    payment_version: str = "2.14.0"
    payment_fault_share: float = 0.0
    leak_share: float = 0.0
    """How much of the memory between rest and limit has leaked in recommendation-1, 0 to 1."""
    recommendation_down: bool = False
    carrier_timeout_share: float = 0.0
    storm_per_s: float = 0.0


CALM = Conditions()
OUT_OF_MEMORY_AT = 0.9
"""The progress at which the leaking process is killed; it is back when the incident ends."""


class Schedule:
    """Incidents one after the other in a cycle that goes on before and after its origin, faster with `speed`."""

    def __init__(self, origin_ns: int, random: Random, speed: float = 1.0) -> None:
        self._first_ns = origin_ns + int(FIRST_S * NANOSECOND)
        self._speed = speed
        # The two that tell most in traces come first, so that nobody has to wait long for them.
        others = [kind for kind in IncidentKind if kind not in _FIRST]
        random.shuffle(others)
        self.order = (*_FIRST, *others)

    def at(self, at_ns: int) -> Incident | None:
        """Return the incident that is under way at a time."""
        passed_s = (at_ns - self._first_ns) / NANOSECOND * self._speed
        offset_s = passed_s % CYCLE_S
        began_s = 0.0
        for kind in self.order:
            if offset_s < began_s + DURATION_S[kind]:
                return self._incident(kind, passed_s - offset_s + began_s) if offset_s >= began_s else None
            began_s += DURATION_S[kind] + PAUSE_S
        return None

    def _incident(self, kind: IncidentKind, began_s: float) -> Incident:
        start_ns = self._first_ns + int(began_s / self._speed * NANOSECOND)
        return Incident(kind, start_ns, start_ns + int(DURATION_S[kind] / self._speed * NANOSECOND))


def conditions(incident: Incident | None, at_ns: int) -> Conditions:
    """Return how the shop is at a time, given what is under way."""
    if incident is None:
        return CALM
    progress = min(1.0, max(0.0, incident.progress(at_ns)))
    rising = min(1.0, progress / 0.06)
    match incident.kind:
        case IncidentKind.SLOW_DATABASE:
            easing = min(1.0, (1 - progress) / 0.08)
            return Conditions(database_factor=1 + 19 * rising * easing, pool_share=rising * easing)
        case IncidentKind.BAD_DEPLOY:
            return Conditions(payment_version="2.15.0", payment_fault_share=0.3)
        case IncidentKind.MEMORY_LEAK:
            killed = progress >= OUT_OF_MEMORY_AT
            return Conditions(leak_share=0.0 if killed else progress / OUT_OF_MEMORY_AT, recommendation_down=killed)
        case IncidentKind.CARRIER_TIMEOUT:
            return Conditions(carrier_timeout_share=0.75 * rising)
        case IncidentKind.LOG_STORM:
            return Conditions(storm_per_s=320 * rising)
        case _:
            assert_never(incident.kind)
