"""The simulated shop: one seed, one story, told alike by spans, lines and metrics."""

import itertools
import time
from collections import Counter, defaultdict
from random import Random

import httpx
import pytest

from backend.clock import SystemClock
from backend.simulation.calls import Severity
from backend.simulation.incidents import DURATION_S, NANOSECOND, PAUSE_S, IncidentKind, Schedule, conditions
from backend.simulation.otlp import logs_request, traces_request
from backend.simulation.pace import BATCH_ROWS, BATCH_SCRAPES, Pace, Plan
from backend.simulation.sender import Sender
from backend.simulation.signals import Kind
from backend.simulation.simulation import Simulation, Tick

ORIGIN = 1_760_000_000 * NANOSECOND


def shop(seed: int = 7, start_s: float = -300.0) -> Simulation:
    random = Random(seed)
    return Simulation(random, ORIGIN + int(start_s * NANOSECOND), Schedule(ORIGIN, random))


def ticks(simulation: Simulation, count: int) -> list[Tick]:
    return [simulation.tick(with_metrics=index == count - 1) for index in range(count)]


def story_of(seed: int) -> list[bytes]:
    simulation = shop(seed, start_s=-10)
    return [
        part.SerializeToString(deterministic=True)
        for tick in ticks(simulation, 40)
        for part in (traces_request(tick.spans), logs_request(tick.lines), *([tick.metrics] if tick.metrics else []))
    ]


def test_the_same_seed_tells_the_same_story_and_another_seed_another() -> None:
    assert story_of(3) == story_of(3)
    assert story_of(3) != story_of(4)


def test_every_trace_is_a_tree_with_one_root_whose_spans_lie_inside_their_parents() -> None:
    traces = defaultdict(list)
    for tick in ticks(shop(start_s=0), 60):  # the slow database begins in it
        for span in tick.spans:
            traces[span.trace_id].append(span)
    assert len(traces) > 600
    for spans in traces.values():
        by_id = {span.span_id: span for span in spans}
        assert len(by_id) == len(spans)
        assert [span.name for span in spans if not span.parent_id] != []
        assert sum(not span.parent_id for span in spans) == 1
        for span in spans:
            parent = by_id[span.parent_id] if span.parent_id else span
            assert parent.start_ns <= span.start_ns <= span.end_ns <= parent.end_ns
            assert span.end_ns - span.start_ns < 30 * NANOSECOND


def test_traces_have_5_to_40_spans_in_the_main_and_requests_come_15_to_25_times_a_second() -> None:
    sizes = Counter(span.trace_id for tick in ticks(shop(start_s=-120), 100) for span in tick.spans)
    assert 15 * 100 < len(sizes) < 25 * 100
    assert sum(5 <= size <= 40 for size in sizes.values()) > 0.95 * len(sizes)


def test_metrics_count_the_very_requests_that_server_spans_tell_of() -> None:
    told: Counter[tuple[str, str, int]] = Counter()
    seconds: Counter[str] = Counter()
    run = ticks(shop(start_s=-120), 60)
    for span in (span for tick in run for span in tick.spans):
        found = dict(span.attributes)
        if span.kind is Kind.SERVER and "http.route" in found:
            service = span.process.instance.service.name
            told[
                service, f"{found['http.request.method']} {found['http.route']}", found["http.response.status_code"]
            ] += 1
            seconds[service] += (span.end_ns - span.start_ns) / NANOSECOND
    counted: Counter[tuple[str, str, int]] = Counter()
    summed: Counter[str] = Counter()
    for of_process in run[-1].metrics.resource_metrics:
        service = of_process.resource.attributes[0].value.string_value
        for metric in of_process.scope_metrics[0].metrics:
            if metric.name == "http.server.request.duration":
                for point in metric.histogram.data_points:
                    method, route, status = point.attributes
                    key = f"{method.value.string_value} {route.value.string_value}"
                    counted[service, key, status.value.int_value] += point.count
                    summed[service] += point.sum
                    assert sum(point.bucket_counts) == point.count
    assert counted == told
    assert all(abs(summed[service] - seconds[service]) < 1e-6 * seconds[service] for service in seconds)


def test_lines_of_requests_name_spans_that_exist() -> None:
    run = ticks(shop(start_s=0), 60)
    spans = {(span.trace_id, span.span_id) for tick in run for span in tick.spans}
    lines = [line for tick in run for line in tick.lines]
    assert sum(bool(line.trace_id) for line in lines) > 800
    assert all((line.trace_id, line.span_id) in spans for line in lines if line.trace_id)


def test_everything_is_marked_as_simulated() -> None:
    tick = ticks(shop(), 20)[-1]
    groups = [
        *traces_request(tick.spans).resource_spans,
        *logs_request(tick.lines).resource_logs,
        *tick.metrics.resource_metrics,
    ]
    for group in groups:
        marks = {each.key: each.value for each in group.resource.attributes}
        assert marks["airis.simulation"].bool_value is True
        assert marks["deployment.environment"].string_value == "demo"


def test_incidents_come_one_after_the_other_for_ever_with_time_to_resolve_in_between() -> None:
    schedule = Schedule(ORIGIN, Random(5))
    assert schedule.at(ORIGIN) is None
    first = schedule.at(ORIGIN + 20 * NANOSECOND)
    assert first
    assert first.kind is IncidentKind.SLOW_DATABASE
    met = [schedule.at(ORIGIN + second * NANOSECOND) for second in range(-4_000, 4_000, 5)]
    kinds = [kind for kind, before in zip(met, [None, *met], strict=False) if kind and kind != before]
    assert {incident.kind for incident in kinds} == set(IncidentKind)
    gaps = [(later.start_ns - earlier.end_ns) / NANOSECOND for earlier, later in itertools.pairwise(kinds)]
    assert all(abs(gap - PAUSE_S) < 0.001 for gap in gaps)


def test_speed_shortens_incidents() -> None:
    incident = Schedule(ORIGIN, Random(5), speed=4).at(ORIGIN + 10 * NANOSECOND)
    assert incident
    assert (incident.end_ns - incident.start_ns) / NANOSECOND == DURATION_S[incident.kind] / 4


def test_a_deploy_is_told_by_a_line_by_the_version_and_by_exceptions_with_stack_traces() -> None:
    schedule = Schedule(ORIGIN, Random(1))
    start_ns = next(
        found.start_ns
        for second in range(0, 3_000, 10)
        if (found := schedule.at(ORIGIN + second * NANOSECOND)) and found.kind is IncidentKind.BAD_DEPLOY
    )
    run = ticks(Simulation(Random(1), start_ns - 5 * NANOSECOND, schedule), 45)
    lines = [line for tick in run for line in tick.lines]
    assert any(line.body == "Deployment of payment: 2.14.0 → 2.15.0" for line in lines)
    failed = [line for line in lines if "NullPointerException" in str(line.attributes)]
    assert failed
    assert all(line.process.version == "2.15.0" and line.severity is Severity.ERROR for line in failed)
    assert all("ChargeService.java" in str(dict(line.attributes)["exception.stacktrace"]) for line in failed)
    thrown = [span for tick in run for span in tick.spans if span.fault and "NullPointer" in span.fault.type]
    assert {span.name for span in thrown} == {"POST /charges"}


def test_a_leak_ends_in_a_kill_and_a_new_start() -> None:
    schedule = Schedule(ORIGIN, Random(1))
    incident = next(
        found
        for second in range(0, 3_000, 10)
        if (found := schedule.at(ORIGIN + second * NANOSECOND)) and found.kind is IncidentKind.MEMORY_LEAK
    )
    shares = [
        conditions(schedule.at(at), at).leak_share for at in range(incident.start_ns, incident.end_ns, 5 * NANOSECOND)
    ]
    assert max(shares) > 0.95
    assert shares[-1] == 0
    run = ticks(Simulation(Random(1), incident.end_ns - 40 * NANOSECOND, schedule), 45)
    bodies = [line.body for tick in run for line in tick.lines]
    assert any("killed: out of memory" in body for body in bodies)
    assert any("recommendation started" in body for body in bodies)


def test_no_second_of_any_incident_writes_more_than_600_lines() -> None:
    schedule = Schedule(ORIGIN, Random(1))
    start_ns = next(
        found.start_ns
        for second in range(0, 3_000, 10)
        if (found := schedule.at(ORIGIN + second * NANOSECOND)) and found.kind is IncidentKind.LOG_STORM
    )
    run = ticks(Simulation(Random(1), start_ns, schedule), 40)
    assert 250 < max(len(tick.lines) for tick in run) <= 600


class StillClock(SystemClock):
    def time_ns(self) -> int:
        return ORIGIN


def test_history_is_gapless_and_in_order_and_goes_in_small_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.simulation.pace._PAST_REQUESTS", 0)
    plan = Plan(ORIGIN - 3_600 * NANOSECOND, ORIGIN)
    random = Random(2)
    simulation = Simulation(random, plan.start_ns, Schedule(ORIGIN, random), plan.weight(plan.start_ns))
    pace = Pace(simulation, plan, Sender(httpx.AsyncClient(), time.monotonic), StillClock())
    ends, scrapes = [], []
    while (batch := pace._collect()).lines:
        assert max(len(batch.spans), len(batch.lines)) < BATCH_ROWS + 1_500
        assert batch.scrapes <= BATCH_SCRAPES
        ends.append((min(span.end_ns for span in batch.spans), max(span.end_ns for span in batch.spans)))
        times = [
            of.scope_metrics[0].metrics[0].sum.data_points[0].time_unix_nano for of in batch.metrics.resource_metrics
        ]
        scrapes.extend(sorted(set(times)))
    assert simulation.now_ns == ORIGIN
    assert scrapes == sorted(set(scrapes))
    assert max(later - earlier for earlier, later in itertools.pairwise(scrapes)) <= 15 * NANOSECOND
    assert scrapes[0] - plan.start_ns <= 16 * NANOSECOND
    assert ORIGIN - scrapes[-1] <= 5 * NANOSECOND
    assert all(later[0] - earlier[1] < 12 * NANOSECOND for earlier, later in itertools.pairwise(ends))
    assert ends[0][0] - plan.start_ns < 12 * NANOSECOND
    assert ORIGIN - ends[-1][1] < 3 * NANOSECOND


def test_a_thinned_past_counts_as_many_requests_as_a_full_one() -> None:
    def rate(weight: int) -> float:
        random = Random(9)
        simulation = Simulation(random, ORIGIN - 700 * NANOSECOND, Schedule(ORIGIN, random), weight)
        for _ in range(399):
            simulation.tick(weight, with_metrics=False)
        metrics = simulation.tick(weight).metrics
        assert metrics
        return sum(
            point.count
            for of_process in metrics.resource_metrics
            for metric in of_process.scope_metrics[0].metrics
            for point in metric.histogram.data_points
        ) / 400  # fmt: skip

    assert 0.85 < rate(8) / rate(1) < 1.18
