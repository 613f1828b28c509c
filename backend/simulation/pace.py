"""Drives the shop by the clock: the past as fast as the platform takes it, the present second by second."""

import asyncio
import logging
from dataclasses import dataclass, field

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from backend.clock import Clock
from backend.simulation.otlp import logs_request, traces_request
from backend.simulation.sender import Sender
from backend.simulation.signals import LogLine, Span
from backend.simulation.simulation import TICK_NS, Simulation, Tick

log = logging.getLogger("airis.simulation")

NANOSECOND = 1_000_000_000
BATCH_ROWS = 3_000
"""Spans or log lines of one call."""
BATCH_SCRAPES = 5
"""Rounds of metrics of one call, each of some 800 samples."""

_FINE_NS = 120 * NANOSECOND
"""How much of the past before the start is told request by request: what alert rules look back on."""
_PAST_REQUESTS, _PAST_REQUESTS_PER_S, _MOST_PAST_REQUESTS = 20_000, 2, 60_000
"""About how many requests of the older past are told: some, more for a longer past, but never very many."""
_REQUESTS_PER_S = 20
_ASLEEP_NS = 600 * NANOSECOND
"""Falling behind by more than this while live means that the machine was asleep."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When history begins and when the present does."""

    start_ns: int
    live_ns: int

    @property
    def past_weight(self) -> int:
        """Return how many visitors each visitor of the older past stands for."""
        past_s = (self.live_ns - self.start_ns) / NANOSECOND
        told = min(_MOST_PAST_REQUESTS, _PAST_REQUESTS + _PAST_REQUESTS_PER_S * past_s)
        return max(1, round(past_s * _REQUESTS_PER_S / told))

    def weight(self, at_ns: int) -> int:
        """Return how many visitors a visitor stands for who comes at a time."""
        return self.past_weight if at_ns < self.live_ns - _FINE_NS else 1

    def scrape_s(self, at_ns: int) -> int:
        """Return the seconds between two rounds of metrics at a time."""
        return 15 if at_ns < self.live_ns - _FINE_NS else 5


@dataclass(slots=True)
class _Batch:
    spans: list[Span] = field(default_factory=list)
    lines: list[LogLine] = field(default_factory=list)
    metrics: ExportMetricsServiceRequest = field(default_factory=ExportMetricsServiceRequest)
    scrapes: int = 0

    def add(self, tick: Tick) -> None:
        self.spans.extend(tick.spans)
        self.lines.extend(tick.lines)
        if tick.metrics:
            self.metrics.MergeFrom(tick.metrics)
            self.scrapes += 1

    @property
    def is_full(self) -> bool:
        return max(len(self.spans), len(self.lines)) >= BATCH_ROWS or self.scrapes >= BATCH_SCRAPES


class Pace:
    """Sends what the simulation tells, in step with the clock."""

    def __init__(self, simulation: Simulation, plan: Plan, sender: Sender, clock: Clock) -> None:
        self._simulation = simulation
        self._plan = plan
        self._sender = sender
        self._clock = clock
        self._live = False

    async def run(self, until_ns: int | None = None) -> None:
        """Send until cancelled, or until the clock has come to a time."""
        while until_ns is None or self._clock.time_ns() < until_ns:
            batch = self._collect()
            await self._send(batch)
            ahead_ns = self._simulation.now_ns + TICK_NS - self._clock.time_ns()
            if ahead_ns > 0:
                self._went_live()
                await asyncio.sleep(ahead_ns / NANOSECOND)
            elif self._live and -ahead_ns > _ASLEEP_NS:
                self._simulation.leap(self._clock.time_ns())

    def _collect(self) -> _Batch:
        """Let the shop come up to the clock, or as far as one batch goes."""
        batch = _Batch()
        while not batch.is_full and self._simulation.now_ns + TICK_NS <= self._clock.time_ns():
            at_ns = self._simulation.now_ns
            due = at_ns // TICK_NS % self._plan.scrape_s(at_ns) == 0
            batch.add(self._simulation.tick(self._plan.weight(at_ns), with_metrics=due))
        return batch

    async def _send(self, batch: _Batch) -> None:
        post, sending = self._sender.post, []
        if batch.spans:
            sending.append(post("/v1/traces", traces_request(batch.spans).SerializeToString()))
        if batch.lines:
            sending.append(post("/v1/logs", logs_request(batch.lines).SerializeToString()))
        if batch.scrapes:
            sending.append(post("/v1/metrics", batch.metrics.SerializeToString()))
        await asyncio.gather(*sending)

    def _went_live(self) -> None:
        if not self._live:
            self._live = True
            log.info("history is sent; live from here")
