"""Evaluates rules: inactive → pending → firing → resolved, with state that survives a restart."""

import asyncio
import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from api_client.contract.alerts import AlertEvent, AlertStatus, RuleHealth, TimelineEntry
from backend.alerts.changes import Changes
from backend.alerts.conditions import ConditionReader, Finding, fingerprint, hold_ns, subject
from backend.alerts.store import AlertStore, StoredRule
from backend.alerts.templates import render
from backend.clock import Clock, unix_ns, utc
from backend.errors import PlatformError

log = logging.getLogger("airis.alerts")

Change = tuple[AlertEvent, TimelineEntry | None]
_KEEP_RESOLVED_NS = 30 * 86_400 * 10**9
_MOST_ALERTS_A_RULE = 1000


@dataclass(frozen=True, slots=True)
class RuleReport:
    """How the last evaluation of a rule went."""

    health: RuleHealth = RuleHealth.UNKNOWN
    error: str | None = None
    at_ns: int = 0
    took_ms: float = 0.0


@dataclass(slots=True)
class Evaluator:
    """Asks every rule at an interval and keeps the alerts that follow from it."""

    store: AlertStore
    reader: ConditionReader
    changes: Changes
    clock: Clock
    interval_s: float = 10.0
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while alerts are read and written back, here and by whoever acknowledges."""
    reports: dict[str, RuleReport] = field(default_factory=dict)
    values: dict[str, float] = field(default_factory=dict)
    """The newest value of each open alert, by its id; between changes of state it lives here only."""

    async def run(self) -> None:
        """Evaluate until cancelled; a round that goes wrong is logged and the next one comes all the same."""
        while True:
            started = self.clock.monotonic()
            try:
                await self.evaluate_all()
            except Exception:
                log.exception("a round of rule evaluation broke off")
            await asyncio.sleep(max(0.5, self.interval_s - (self.clock.monotonic() - started)))

    async def evaluate_all(self) -> None:
        """Evaluate every enabled rule once, and close the alerts of rules that are gone."""
        rules = await asyncio.to_thread(self.store.rules)
        alive = {rule.id for rule in rules if rule.draft.enabled}
        for rule in rules:
            if rule.draft.enabled:
                await self._evaluate(rule)
        await self._close_orphans(alive)
        await asyncio.to_thread(self.store.forget_events, self.clock.time_ns() - _KEEP_RESOLVED_NS)

    async def _evaluate(self, rule: StoredRule) -> None:
        started = self.clock.monotonic()
        now = self.clock.time_ns()
        try:
            findings = await self.reader.findings(rule.draft.conditions)
        except PlatformError as error:
            self.reports[rule.id] = RuleReport(RuleHealth.ERROR, error.message, now, self._ms_since(started))
            return
        error_text = None
        if len(findings) > _MOST_ALERTS_A_RULE:
            error_text = f"{len(findings)} alerts at once; only the first {_MOST_ALERTS_A_RULE} are kept"
            findings = findings[:_MOST_ALERTS_A_RULE]
        async with self.writing:
            await self._apply(rule, findings, now)
        health = RuleHealth.ERROR if error_text else RuleHealth.OK
        self.reports[rule.id] = RuleReport(health, error_text, now, self._ms_since(started))

    async def _apply(self, rule: StoredRule, findings: list[Finding], now_ns: int) -> None:
        opened = {
            alert.fingerprint: alert
            for alert in await asyncio.to_thread(self.store.open_events)
            if alert.rule_id == rule.id
        }
        changes: list[Change] = []
        for finding in findings:
            labels = _alert_labels(rule, finding)
            known = opened.pop(fingerprint(labels), None)
            alert, entry = _advance(rule, known, finding, labels, now_ns)
            self.values[alert.id] = finding.value
            if alert is not known:
                changes.append((alert, entry))
        await self._finish(opened.values(), now_ns, changes)

    async def _close_orphans(self, alive: set[str]) -> None:
        async with self.writing:
            opened = await asyncio.to_thread(self.store.open_events)
            orphans = [alert for alert in opened if alert.rule_id not in alive]
            await self._finish(orphans, self.clock.time_ns(), [])

    async def _finish(self, gone: Iterable[AlertEvent], now_ns: int, changes: list[Change]) -> None:
        for alert in gone:
            self.values.pop(alert.id, None)
            if alert.status is AlertStatus.PENDING:
                await asyncio.to_thread(self.store.drop_event, alert.id)
                self.changes.tell()
            else:
                changes.append(_resolved(alert, now_ns))
        if changes:
            await asyncio.to_thread(self.store.save_events, changes)
            self.changes.tell()

    def _ms_since(self, started: float) -> float:
        return round((self.clock.monotonic() - started) * 1000, 3)


def _alert_labels(rule: StoredRule, finding: Finding) -> dict[str, str]:
    own = {name: value for name, value in finding.labels.items() if name != "__name__"}
    return {**own, **rule.draft.labels, "alertname": rule.draft.name, "severity": rule.draft.severity.value}


def _advance(
    rule: StoredRule, known: AlertEvent | None, finding: Finding, labels: dict[str, str], now_ns: int
) -> tuple[AlertEvent, TimelineEntry | None]:
    """Return the next state of an alert whose condition is true; the same object when nothing changes."""
    if known is None:
        known = _new_alert(rule, labels, now_ns)
        entry = TimelineEntry(at=utc(now_ns), kind="pending", text=f"value {finding.value:.6g}")
        known = _with_annotations(rule, known, finding)
    else:
        entry = None
    held = now_ns - unix_ns(known.started_at) >= hold_ns(rule.draft.conditions)
    if known.status is AlertStatus.PENDING and held:
        fired = known.model_copy(update={"status": AlertStatus.FIRING, "fired_at": utc(now_ns)})
        text = f"value {finding.value:.6g}"
        return _with_annotations(rule, fired, finding), TimelineEntry(at=utc(now_ns), kind="firing", text=text)
    return known, entry


def _new_alert(rule: StoredRule, labels: dict[str, str], now_ns: int) -> AlertEvent:
    watched = subject(rule.draft.conditions)
    return AlertEvent(
        id=secrets.token_hex(8),
        fingerprint=fingerprint(labels),
        rule_id=rule.id,
        rule_name=rule.draft.name,
        severity=rule.draft.severity,
        status=AlertStatus.PENDING,
        started_at=utc(now_ns),
        labels=labels,
        generator=watched.query,
        threshold=watched.threshold,
    )


def _with_annotations(rule: StoredRule, alert: AlertEvent, finding: Finding) -> AlertEvent:
    texts = {name: render(text, alert.labels, finding.value) for name, text in rule.draft.annotations.items()}
    texts.setdefault("description", rule.draft.description)
    return alert.model_copy(update={"annotations": texts, "value": finding.value})


def _resolved(alert: AlertEvent, now_ns: int) -> Change:
    """Close an alert; its ack goes with it, and the timeline keeps who had it."""
    text = f"ack of {alert.ack.by} cleared" if alert.ack else ""
    closed = alert.model_copy(update={"status": AlertStatus.RESOLVED, "resolved_at": utc(now_ns), "ack": None})
    return closed, TimelineEntry(at=utc(now_ns), kind="resolved", text=text)
