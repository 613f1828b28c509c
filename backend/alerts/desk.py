"""What people do with alerts and rules: look, take, give back, note, write rules."""

import asyncio
import secrets
from dataclasses import replace

from api_client.contract.alerts import (
    Ack,
    AckRequest,
    AlertEvent,
    AlertStatus,
    NoteRequest,
    Rule,
    RuleDraft,
    TimelineEntry,
)
from api_client.contract.problems import ErrorCode
from backend.alerts.conditions import check
from backend.alerts.defaults import DEFAULT_RULES
from backend.alerts.evaluator import Evaluator, RuleReport
from backend.alerts.store import AlertStore, EventFilter, StoredRule
from backend.clock import Clock, utc
from backend.errors import Conflict, InvalidRequest, NotFound


class AlertDesk:
    """The use cases of the alert service."""

    def __init__(self, store: AlertStore, evaluator: Evaluator, clock: Clock) -> None:
        self._store = store
        self._evaluator = evaluator
        self._clock = clock

    async def add_defaults(self) -> None:
        """Add the rules that ship with the platform, once; those changed or deleted since stay as they are."""
        known = await asyncio.to_thread(self._store.known_rule_ids)
        now = self._clock.time_ns()
        for number, (rule_id, draft) in enumerate(DEFAULT_RULES.items()):
            if rule_id not in known:
                rule = StoredRule(rule_id, draft, "default", now + number, now + number)
                await asyncio.to_thread(self._store.save_rule, rule)

    # Alerts

    async def events(self, wanted: EventFilter, limit: int, offset: int) -> list[AlertEvent]:
        """Return alerts with their newest values."""
        found = await asyncio.to_thread(self._store.find_events, wanted, limit, offset)
        return [self._current(alert) for alert in found]

    async def event(self, event_id: str) -> AlertEvent:
        """Return one alert."""
        found = await asyncio.to_thread(self._store.event, event_id)
        if found is None:
            raise NotFound(f"no alert has the id “{event_id}”")
        return self._current(found)

    async def changed_since(self, change: int, limit: int) -> list[tuple[int, AlertEvent]]:
        """Return alerts written after a change, oldest first."""
        found = await asyncio.to_thread(self._store.changed_since, change, limit)
        return [(number, self._current(alert)) for number, alert in found]

    async def ack(self, event_id: str, asked: AckRequest) -> AlertEvent:
        """Take a firing alert; taking it again changes who and why."""
        if asked.until and asked.until <= utc(self._clock.time_ns()):
            raise InvalidRequest("until: lies in the past")
        async with self._evaluator.writing:
            alert = await self.event(event_id)
            if alert.status is AlertStatus.RESOLVED:
                raise Conflict("this alert has resolved; there is nothing left to acknowledge")
            now = utc(self._clock.time_ns())
            ack = Ack(by=asked.by or "local", at=now, comment=asked.comment, until=asked.until)
            entry = TimelineEntry(at=now, kind="ack", by=ack.by, text=asked.comment)
            return await self._save(alert.model_copy(update={"ack": ack}), entry)

    async def unack(self, event_id: str, by: str) -> AlertEvent:
        """Give an alert back; without an ack nothing changes."""
        async with self._evaluator.writing:
            alert = await self.event(event_id)
            if alert.ack is None:
                return alert
            entry = TimelineEntry(at=utc(self._clock.time_ns()), kind="unack", by=by or "local")
            return await self._save(alert.model_copy(update={"ack": None}), entry)

    async def note(self, event_id: str, asked: NoteRequest) -> TimelineEntry:
        """Write something into the timeline of an alert."""
        async with self._evaluator.writing:
            alert = await self.event(event_id)
            entry = TimelineEntry(at=utc(self._clock.time_ns()), kind="note", by=asked.by or "local", text=asked.text)
            await self._save(alert, entry)
            return entry

    async def timeline(self, event_id: str) -> list[TimelineEntry]:
        """Return what happened to an alert."""
        await self.event(event_id)
        return await asyncio.to_thread(self._store.timeline, event_id)

    async def _save(self, alert: AlertEvent, entry: TimelineEntry) -> AlertEvent:
        await asyncio.to_thread(self._store.save_events, [(alert, entry)])
        self._evaluator.changes.tell()
        return alert

    def _current(self, alert: AlertEvent) -> AlertEvent:
        value = self._evaluator.values.get(alert.id)
        return alert if value is None else alert.model_copy(update={"value": value})

    # Rules

    async def rules(self) -> list[Rule]:
        """Return all rules with their state."""
        stored = await asyncio.to_thread(self._store.rules)
        opened = await asyncio.to_thread(self._store.open_events)
        return [_rule(rule, self._evaluator.reports.get(rule.id, RuleReport()), opened) for rule in stored]

    async def rule(self, rule_id: str) -> Rule:
        """Return one rule."""
        for rule in await self.rules():
            if rule.id == rule_id:
                return rule
        raise NotFound(f"no rule has the id “{rule_id}”", code=ErrorCode.RULE_NOT_FOUND)

    async def create_rule(self, draft: RuleDraft) -> Rule:
        """Store a new rule; it is evaluated in the next round."""
        check(draft.conditions)
        now = self._clock.time_ns()
        rule = StoredRule(secrets.token_hex(8), draft, "user", now, now)
        await asyncio.to_thread(self._store.save_rule, rule)
        return await self.rule(rule.id)

    async def change_rule(self, rule_id: str, draft: RuleDraft) -> Rule:
        """Replace a rule."""
        check(draft.conditions)
        stored = {rule.id: rule for rule in await asyncio.to_thread(self._store.rules)}
        if rule_id not in stored:
            raise NotFound(f"no rule has the id “{rule_id}”", code=ErrorCode.RULE_NOT_FOUND)
        changed = replace(stored[rule_id], draft=draft, updated_ns=self._clock.time_ns())
        await asyncio.to_thread(self._store.save_rule, changed)
        return await self.rule(rule_id)

    async def delete_rule(self, rule_id: str) -> None:
        """Delete a rule; its alerts resolve in the next round."""
        if not await asyncio.to_thread(self._store.delete_rule, rule_id):
            raise NotFound(f"no rule has the id “{rule_id}”", code=ErrorCode.RULE_NOT_FOUND)


def _rule(stored: StoredRule, report: RuleReport, opened: list[AlertEvent]) -> Rule:
    own = [alert.status for alert in opened if alert.rule_id == stored.id]
    return Rule(
        **dict(stored.draft),
        id=stored.id,
        origin=stored.origin,
        created_at=utc(stored.created_ns),
        updated_at=utc(stored.updated_ns),
        health=report.health,
        last_error=report.error,
        last_evaluation=utc(report.at_ns) if report.at_ns else None,
        evaluation_ms=report.took_ms if report.at_ns else None,
        firing=own.count(AlertStatus.FIRING),
        pending=own.count(AlertStatus.PENDING),
    )
