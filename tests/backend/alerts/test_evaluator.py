"""Rules become alerts, alerts resolve, and what people did to them survives a restart."""

import asyncio

import pytest

from api_client.contract.alerts import (
    AckRequest,
    AlertStatus,
    CompositeCondition,
    LogCondition,
    MetricCondition,
    NoteRequest,
    PromqlCondition,
    RuleDraft,
    RuleHealth,
    Severity,
)  # fmt: skip
from backend.alerts.changes import Changes
from backend.alerts.conditions import ConditionReader, Subject, fingerprint, span_ns, subject
from backend.alerts.desk import AlertDesk
from backend.alerts.evaluator import Evaluator
from backend.alerts.store import AlertStore, EventFilter, StoredRule, sqlite_url
from backend.errors import Conflict, NotFound, QueryInvalid, Unavailable


class FakeClock:
    def __init__(self) -> None:
        self.now_ns = 1_768_478_400 * 10**9

    def time_ns(self) -> int:
        return self.now_ns

    def monotonic(self) -> float:
        return self.now_ns / 1e9

    def pass_s(self, seconds: float) -> None:
        self.now_ns += int(seconds * 1e9)


class FakeEngines:
    """Answers what it is told; raises what it is told."""

    def __init__(self) -> None:
        self.vector: dict[str, float] = {}
        self.services: dict[str, int] = {}
        self.fault: Exception | None = None

    async def evaluate_at(self, expr, at_ms):
        import numpy as np

        from backend.metrics.port import Evaluation, SeriesColumns

        if self.fault:
            raise self.fault
        series = tuple(
            SeriesColumns({"instance": name}, np.array([at_ms]), np.array([value]))
            for name, value in self.vector.items()
        )
        return Evaluation("vector", series)

    async def aggregations(self, question):
        from api_client.contract.logs import LogAggregations

        return LogAggregations(services=self.services)


class House:
    def __init__(self, path) -> None:
        self.clock, self.engines = FakeClock(), FakeEngines()
        self.open(path)

    def open(self, path) -> None:
        self.store = AlertStore(sqlite_url(path))
        reader = ConditionReader(self.engines, self.engines, self.clock)
        self.evaluator = Evaluator(self.store, reader, Changes(), self.clock)
        self.desk = AlertDesk(self.store, self.evaluator, self.clock)

    async def rule(self, condition, **more):
        draft = RuleDraft(
            name="Hot",
            severity=Severity.HIGH,
            conditions=condition,
            annotations={"summary": "{{ $labels.instance }} at {{ $value }}"},
            **more,
        )
        return await self.desk.create_rule(draft)

    async def alerts(self, *statuses):
        return await self.desk.events(EventFilter(statuses=statuses), 100, 0)


@pytest.fixture
def house(tmp_path):
    return House(tmp_path / "alerts.sqlite")


HOT = PromqlCondition(type="promql", expr="temperature > 30", duration="30s")


async def test_a_rule_pends_then_fires_then_resolves(house):
    await house.rule(HOT)
    house.engines.vector = {"a": 41.0}
    await house.evaluator.evaluate_all()
    (pending,) = await house.alerts()
    assert (pending.status, pending.value, pending.annotations["summary"]) == (AlertStatus.PENDING, 41.0, "a at 41")
    house.clock.pass_s(30)
    await house.evaluator.evaluate_all()
    (firing,) = await house.alerts()
    assert firing.status is AlertStatus.FIRING
    assert firing.id == pending.id
    assert (firing.generator, firing.threshold) == ("temperature{}", 30.0)
    house.engines.vector = {}
    house.clock.pass_s(10)
    await house.evaluator.evaluate_all()
    (resolved,) = await house.alerts()
    assert resolved.status is AlertStatus.RESOLVED
    assert [entry.kind for entry in await house.desk.timeline(resolved.id)] == ["pending", "firing", "resolved"]


async def test_a_pending_alert_that_ends_leaves_no_trace(house):
    await house.rule(HOT)
    house.engines.vector = {"a": 41.0}
    await house.evaluator.evaluate_all()
    house.engines.vector = {}
    await house.evaluator.evaluate_all()
    assert await house.alerts() == []


async def test_each_series_is_an_alert_of_its_own(house):
    await house.rule(PromqlCondition(type="promql", expr="t > 1"))
    house.engines.vector = {"a": 2.0, "b": 3.0}
    await house.evaluator.evaluate_all()
    assert {alert.labels["instance"] for alert in await house.alerts(AlertStatus.FIRING)} == {"a", "b"}


async def test_an_engine_that_fails_keeps_the_alert_and_marks_the_rule(house):
    rule = await house.rule(PromqlCondition(type="promql", expr="t > 1"))
    house.engines.vector = {"a": 2.0}
    await house.evaluator.evaluate_all()
    house.engines.fault = Unavailable("the store is away")
    await house.evaluator.evaluate_all()
    assert len(await house.alerts(AlertStatus.FIRING)) == 1
    told = await house.desk.rule(rule.id)
    assert (told.health, told.last_error, told.firing) == (RuleHealth.ERROR, "the store is away", 1)


async def test_state_survives_a_restart(house, tmp_path):
    await house.rule(HOT)
    house.engines.vector = {"a": 41.0}
    await house.evaluator.evaluate_all()
    house.clock.pass_s(31)
    await house.evaluator.evaluate_all()
    (firing,) = await house.alerts()
    await house.desk.ack(firing.id, AckRequest(by="maria", comment="mine"))
    house.store.close()
    house.open(tmp_path / "alerts.sqlite")
    house.clock.pass_s(10)
    await house.evaluator.evaluate_all()
    (again,) = await house.alerts()
    assert (again.id, again.status, again.ack.by) == (firing.id, AlertStatus.FIRING, "maria")


async def test_an_ack_goes_with_its_alert_and_the_timeline_keeps_it(house):
    await house.rule(PromqlCondition(type="promql", expr="t > 1"))
    house.engines.vector = {"a": 2.0}
    await house.evaluator.evaluate_all()
    (alert,) = await house.alerts()
    acked = await house.desk.ack(alert.id, AckRequest(by="maria"))
    assert acked.ack.by == "maria"
    await house.desk.note(alert.id, NoteRequest(text="looking", by="maria"))
    house.engines.vector = {}
    await house.evaluator.evaluate_all()
    (resolved,) = await house.alerts()
    assert resolved.ack is None
    entries = await house.desk.timeline(alert.id)
    assert [entry.kind for entry in entries] == ["firing", "ack", "note", "resolved"]
    with pytest.raises(Conflict):
        await house.desk.ack(alert.id, AckRequest(by="maria"))


async def test_un_ack_twice_has_one_effect(house):
    await house.rule(PromqlCondition(type="promql", expr="t > 1"))
    house.engines.vector = {"a": 2.0}
    await house.evaluator.evaluate_all()
    (alert,) = await house.alerts()
    await house.desk.ack(alert.id, AckRequest(by="maria"))
    await house.desk.unack(alert.id, "maria")
    await house.desk.unack(alert.id, "maria")
    assert [entry.kind for entry in await house.desk.timeline(alert.id)].count("unack") == 1


async def test_alerts_of_a_deleted_rule_resolve(house):
    rule = await house.rule(PromqlCondition(type="promql", expr="t > 1"))
    house.engines.vector = {"a": 2.0}
    await house.evaluator.evaluate_all()
    await house.desk.delete_rule(rule.id)
    await house.evaluator.evaluate_all()
    assert not await house.alerts(AlertStatus.FIRING)
    with pytest.raises(NotFound):
        await house.desk.rule(rule.id)


async def test_log_and_composite_conditions(house):
    errors = LogCondition(type="log", query="level:ERROR", count=5, duration="2m")
    await house.rule(errors)
    house.engines.services = {"payment": 9, "cart": 2}
    await house.evaluator.evaluate_all()
    (alert,) = await house.alerts(AlertStatus.FIRING)
    assert (alert.labels["service"], alert.value) == ("payment", 9.0)
    hot = MetricCondition(type="metric", metric="temperature", operator="gt", threshold=30)
    both = CompositeCondition(type="composite", logic="AND", conditions=(hot, errors))
    assert await house.evaluator.reader.findings(both) == []
    house.engines.vector = {"a": 41.0}
    assert len(await house.evaluator.reader.findings(both)) == 1


async def test_a_rule_that_cannot_be_parsed_is_refused_with_its_reason(house):
    with pytest.raises(QueryInvalid, match="parenthesis"):
        await house.rule(PromqlCondition(type="promql", expr="sum(("))


async def test_defaults_come_once_and_a_deleted_one_stays_away(house):
    await house.desk.add_defaults()
    rules = await house.desk.rules()
    assert {"DiskFull", "MemoryPressure", "HighLoad", "ErrorBurst"} <= {rule.name for rule in rules}
    await house.desk.delete_rule("default-load")
    await house.desk.add_defaults()
    assert "HighLoad" not in {rule.name for rule in await house.desk.rules()}


async def test_whoever_follows_sees_every_change_and_resumes(house):
    await house.rule(PromqlCondition(type="promql", expr="t > 1"))
    house.engines.vector = {"a": 2.0}
    waiting = asyncio.create_task(house.evaluator.changes.wait(5))
    await asyncio.sleep(0)
    await house.evaluator.evaluate_all()
    assert await waiting
    changes = await house.desk.changed_since(0, 10)
    last = changes[-1][0]
    house.engines.vector = {}
    await house.evaluator.evaluate_all()
    (resumed,) = await house.desk.changed_since(last, 10)
    assert resumed[1].status is AlertStatus.RESOLVED


def test_a_fingerprint_depends_on_labels_only():
    assert fingerprint({"a": "1", "b": "2"}) == fingerprint({"b": "2", "a": "1"})
    assert fingerprint({"a": "1"}) != fingerprint({"a": "2"})


def test_what_a_rule_watches_is_taken_from_its_comparison():
    assert subject(PromqlCondition(type="promql", expr="rate(x[1m]) > 0.5")).threshold == 0.5
    assert subject(PromqlCondition(type="promql", expr="absent(x)")) == Subject("absent(x)", None)
    assert span_ns("1h30m") == 5400 * 10**9


def test_rules_that_are_stored_read_back_whole(house):
    draft = RuleDraft(name="x", severity=Severity.LOW, conditions=HOT, labels={"team": "pay"})
    house.store.save_rule(StoredRule("id", draft, "user", 1, 2))
    assert house.store.rules() == [StoredRule("id", draft, "user", 1, 2)]
