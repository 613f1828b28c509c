"""What a process of the shop has counted since it started."""

from bisect import bisect_left
from dataclasses import dataclass, field

from backend.simulation.signals import Attributes, Served

NANOSECOND = 1_000_000_000
BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""Bucket boundaries that OpenTelemetry advises for request durations."""

_BUSY_SHARE = 0.45
"""How much of a request's own work keeps a processor busy."""


@dataclass(slots=True)
class Distribution:
    """A histogram with explicit bounds, in seconds."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))
    total: int = 0
    sum_s: float = 0.0

    def add(self, duration_s: float, times: int) -> None:
        """Count a duration as often as it stands for."""
        self.counts[bisect_left(BOUNDS_S, duration_s)] += times
        self.total += times
        self.sum_s += duration_s * times


@dataclass(slots=True)
class Totals:
    """The cumulative figures of one process."""

    started_ns: int
    requests: dict[Attributes, Distribution] = field(default_factory=dict)
    calls: dict[Attributes, Distribution] = field(default_factory=dict)
    """Remote procedure calls that were answered."""
    counters: dict[tuple[str, Attributes], float] = field(default_factory=dict)
    busy_s: float = 0.0

    def serve(self, served: Served, weight: int) -> None:
        """Count a request that was answered."""
        endpoint = served.endpoint
        if endpoint.rpc:
            key: Attributes = (
                ("rpc.system", "grpc"),
                ("rpc.service", endpoint.rpc),
                ("rpc.method", endpoint.method),
                ("rpc.grpc.status_code", 0 if served.status < 400 else 13),
            )
            kept = self.calls
        else:
            key = (
                ("http.request.method", endpoint.method),
                ("http.route", endpoint.route),
                ("http.response.status_code", served.status),
            )
            kept = self.requests
        kept.setdefault(key, Distribution()).add(served.duration_ns / NANOSECOND, weight)
        self.busy_s += served.work_ns / NANOSECOND * _BUSY_SHARE * weight

    def count(self, name: str, attributes: Attributes, value: float) -> None:
        """Add to a counter."""
        key = (name, attributes)
        self.counters[key] = self.counters.get(key, 0.0) + value
