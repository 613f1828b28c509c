"""The default rules on the simulated shop: quiet before an incident, true during it, quiet again after it."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest

from backend.alerts.conditions import ConditionReader
from backend.alerts.defaults import DEFAULT_RULES
from backend.clock import SystemClock
from backend.engines.embedded.store import EmbeddedStore
from backend.ingest.messages import OpaqueMetrics
from backend.ingest.otlp_logs import log_columns
from backend.ingest.otlp_metrics import MetricDecoder
from backend.simulation.incidents import NANOSECOND, Incident, IncidentKind, Schedule
from backend.simulation.otlp import logs_request
from backend.simulation.simulation import Simulation

LATENCY, ERRORS, BURST = "default-service-latency", "default-service-errors", "default-error-burst"


class SetClock(SystemClock):
    def __init__(self, now_ns: int) -> None:
        self.now_ns = now_ns

    def time_ns(self) -> int:
        return self.now_ns


class Laboratory:
    """Pushes simulated time through the real decoders into a real store, and asks the rules."""

    def __init__(self, store: EmbeddedStore, simulation: Simulation, clock: SetClock) -> None:
        self.store, self.simulation, self.clock = store, simulation, clock
        self.decoder = MetricDecoder()

    async def until(self, at_ns: int) -> None:
        storing = []
        while self.simulation.now_ns < at_ns:
            tick = self.simulation.tick(with_metrics=self.simulation.now_ns // NANOSECOND % 5 == 0)
            self.clock.now_ns = tick.at_ns
            lines = logs_request(tick.lines)
            storing.append(self.store.intake.logs(log_columns(lines, tick.at_ns)[0]))
            if tick.metrics:
                opaque = OpaqueMetrics.FromString(tick.metrics.SerializeToString())
                storing.append(self.store.intake.samples(self.decoder.columns(opaque, tick.at_ns)[0]))
        await asyncio.gather(*storing)

    async def true_for(self, rule: str) -> set[str]:
        reader = ConditionReader(self.store.metrics, self.store.logs, self.clock)
        findings = await reader.findings(DEFAULT_RULES[rule].conditions)
        return {finding.labels.get("service_name") or finding.labels["service"] for finding in findings}


def incident_of(schedule: Schedule, kind: IncidentKind, origin_ns: int) -> Incident:
    return next(
        found for second in range(0, 4_000, 10)
        if (found := schedule.at(origin_ns + second * NANOSECOND)) and found.kind is kind
    )  # fmt: skip


@pytest.fixture
async def opened(tmp_path) -> AsyncIterator[EmbeddedStore]:
    store = EmbeddedStore.open(tmp_path, clock=SystemClock())
    yield store
    closing = store.close()
    if asyncio.iscoroutine(closing):
        await closing


@pytest.mark.parametrize(
    ("kind", "after_s", "expected"),
    [
        (IncidentKind.SLOW_DATABASE, 60, {(LATENCY, "checkout")}),
        (IncidentKind.BAD_DEPLOY, 115, {(ERRORS, "payment"), (BURST, "payment")}),
        (IncidentKind.CARRIER_TIMEOUT, 60, {(LATENCY, "shipping"), (ERRORS, "shipping"), (BURST, "shipping")}),
        (IncidentKind.MEMORY_LEAK, 255, {(LATENCY, "recommendation")}),
        (IncidentKind.LOG_STORM, 45, {(BURST, "shipping")}),
    ],
    ids=lambda value: value.name.lower() if isinstance(value, IncidentKind) else "",
)
async def test_an_incident_makes_its_rules_true(
    opened: EmbeddedStore, kind: IncidentKind, after_s: int, expected: set[tuple[str, str]]
) -> None:
    origin_ns = SystemClock().time_ns() // NANOSECOND * NANOSECOND - 5_000 * NANOSECOND
    schedule = Schedule(origin_ns, Random(7))
    incident = incident_of(schedule, kind, origin_ns)
    clock = SetClock(origin_ns)
    simulation = Simulation(Random(7), incident.start_ns - 70 * NANOSECOND, schedule)
    laboratory = Laboratory(opened, simulation, clock)
    await laboratory.until(incident.start_ns)
    for rule in (LATENCY, ERRORS, BURST):
        assert await laboratory.true_for(rule) == set()
    await laboratory.until(incident.start_ns + after_s * NANOSECOND)
    found = {(rule, service) for rule in (LATENCY, ERRORS, BURST) for service in await laboratory.true_for(rule)}
    assert expected <= found


async def test_rules_are_quiet_again_before_the_next_incident(opened: EmbeddedStore) -> None:
    origin_ns = SystemClock().time_ns() // NANOSECOND * NANOSECOND - 5_000 * NANOSECOND
    schedule = Schedule(origin_ns, Random(7))
    incident = incident_of(schedule, IncidentKind.SLOW_DATABASE, origin_ns)
    simulation = Simulation(Random(7), incident.end_ns - 60 * NANOSECOND, schedule)
    laboratory = Laboratory(opened, simulation, SetClock(origin_ns))
    await laboratory.until(incident.end_ns)
    assert "checkout" in await laboratory.true_for(LATENCY)
    await laboratory.until(incident.end_ns + 150 * NANOSECOND)
    for rule in (LATENCY, ERRORS, BURST):
        assert await laboratory.true_for(rule) == set()
