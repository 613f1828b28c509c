"""Alerts: what fires, who has it, and by which rules."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from api_client.contract.alerts import (
    AckRequest,
    AlertChange,
    AlertEvent,
    AlertStatus,
    NoteRequest,
    Rule,
    RuleDraft,
    Severity,
    TimelineEntry,
)
from api_client.resources.encode import body, instant
from api_client.stream import ResumingStream, ServerEvent
from api_client.transport import Call, Transport

_BASE = "/api/v1/alerts"
_SERVICE = "alerts"


class Alerts:
    """Calls of the alert service; writes take an idempotency key, by which they can be sent again safely."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def events(
        self,
        *,
        statuses: Sequence[AlertStatus] = (),
        severity: Severity | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        size: int = 1000,
    ) -> list[AlertEvent]:
        """Return alerts that were open in a span of time, newest first."""
        params = {
            "status": [status.value for status in statuses],
            "severity": severity.value if severity else None,
            "from": instant(start),
            "to": instant(end),
            "size": str(size),
        }
        return (await self._transport.call(Call(_SERVICE, "GET", f"{_BASE}/events", params), list[AlertEvent])).data

    async def get(self, event_id: str) -> AlertEvent:
        """Return one alert."""
        return (await self._transport.call(Call(_SERVICE, "GET", _event(event_id)), AlertEvent)).data

    async def timeline(self, event_id: str) -> list[TimelineEntry]:
        """Return what happened to an alert, oldest first."""
        call = Call(_SERVICE, "GET", f"{_event(event_id)}/timeline")
        return (await self._transport.call(call, list[TimelineEntry])).data

    async def ack(self, event_id: str, asked: AckRequest, *, key: str) -> AlertEvent:
        """Take an alert; the answer is the confirmed state."""
        call = Call(_SERVICE, "POST", f"{_event(event_id)}/ack", body=body(asked), idempotency_key=key)
        return (await self._transport.call(call, AlertEvent)).data

    async def unack(self, event_id: str, *, by: str, key: str) -> AlertEvent:
        """Give an alert back."""
        call = Call(_SERVICE, "DELETE", f"{_event(event_id)}/ack", {"by": by}, idempotency_key=key)
        return (await self._transport.call(call, AlertEvent)).data

    async def note(self, event_id: str, asked: NoteRequest, *, key: str) -> TimelineEntry:
        """Write a note into the timeline of an alert."""
        call = Call(_SERVICE, "POST", f"{_event(event_id)}/notes", body=body(asked), idempotency_key=key)
        return (await self._transport.call(call, TimelineEntry)).data

    async def rules(self) -> list[Rule]:
        """Return all rules with their state."""
        return (await self._transport.call(Call(_SERVICE, "GET", f"{_BASE}/rules", {"size": "1000"}), list[Rule])).data

    async def create_rule(self, draft: RuleDraft, *, key: str) -> Rule:
        """Write a new rule."""
        call = Call(_SERVICE, "POST", f"{_BASE}/rules", body=body(draft), idempotency_key=key)
        return (await self._transport.call(call, Rule)).data

    async def delete_rule(self, rule_id: str) -> None:
        """Delete a rule; its alerts resolve."""
        await self._transport.call(Call(_SERVICE, "DELETE", f"{_BASE}/rules/{quote(rule_id, safe='')}"), str)

    def follow(self) -> ResumingStream[AlertChange]:
        """Follow alerts: those that are open, then every change."""
        return ResumingStream(self._transport, Call(_SERVICE, "GET", f"{_BASE}/stream/sse"), _decoded)


def _event(event_id: str) -> str:
    return f"{_BASE}/events/{quote(event_id, safe='')}"


def _decoded(event: ServerEvent) -> AlertChange | None:
    return AlertChange.model_validate_json(event.data) if event.event == "alert" else None
