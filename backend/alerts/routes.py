"""The alert service's calls under /api/v1/alerts."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query
from pydantic import AwareDatetime
from starlette.requests import Request
from starlette.responses import Response

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
from api_client.contract.answers import Envelope, Pagination
from backend.alerts.changes import Changes
from backend.alerts.desk import AlertDesk
from backend.alerts.idempotency import Idempotency
from backend.alerts.store import EventFilter
from backend.errors import InvalidRequest
from backend.http.answers import answer
from backend.http.params import checked_ns
from backend.http.sse import ServerEvent, event_stream

_KEEP_ALIVE_S = 10.0
_STREAM_BATCH = 500

Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=128)]
Page = Annotated[int, Query(ge=1, le=100_000)]
Size = Annotated[int, Query(ge=1, le=1000)]


def alert_routes(desk: AlertDesk, changes: Changes, idempotency: Idempotency) -> APIRouter:
    """Return the router of the alert service."""
    router = APIRouter(prefix="/api/v1/alerts", tags=["alerts"])
    _rules(router, desk, idempotency)
    _events(router, desk)
    _actions(router, desk, idempotency)
    _stream(router, desk, changes)
    return router


def _rules(router: APIRouter, desk: AlertDesk, idempotency: Idempotency) -> None:
    @router.get("/rules", response_model=Envelope[list[Rule]])
    async def rules(
        page: Page = 1,
        size: Size = 100,
        status: Literal["enabled", "disabled", "firing", "pending", "error"] | None = None,
        severity: Severity | None = None,
    ) -> Response:
        """List rules with their state."""
        found = [rule for rule in await desk.rules() if severity in {None, rule.severity} and _has(rule, status)]
        start = (page - 1) * size
        more = start + size < len(found)
        pagination = Pagination(page=page, size=size, total=len(found), has_next=more)
        return answer(found[start : start + size], pagination=pagination)

    @router.post("/rules", status_code=201, response_model=Envelope[Rule])
    async def create_rule(draft: RuleDraft, key: Key = None) -> Response:
        """Write a new rule."""
        call = f"POST rules {draft.name}"
        return answer(await idempotency.once(key, call, Rule, lambda: desk.create_rule(draft)), status=201)

    @router.get("/rules/{rule_id}", response_model=Envelope[Rule])
    async def rule(rule_id: str) -> Response:
        """Return one rule."""
        return answer(await desk.rule(rule_id))

    @router.put("/rules/{rule_id}", response_model=Envelope[Rule])
    async def change_rule(rule_id: str, draft: RuleDraft) -> Response:
        """Replace a rule."""
        return answer(await desk.change_rule(rule_id, draft))

    @router.delete("/rules/{rule_id}", response_model=Envelope[str])
    async def delete_rule(rule_id: str) -> Response:
        """Delete a rule."""
        await desk.delete_rule(rule_id)
        return answer(rule_id)


def _has(rule: Rule, status: str | None) -> bool:
    return {
        None: True,
        "enabled": rule.enabled,
        "disabled": not rule.enabled,
        "firing": rule.firing > 0,
        "pending": rule.pending > 0,
        "error": rule.health.value == "error",
    }[status]


def _events(router: APIRouter, desk: AlertDesk) -> None:
    @router.get("/events", response_model=Envelope[list[AlertEvent]])
    async def events(
        start: Annotated[AwareDatetime | None, Query(alias="from")] = None,
        end: Annotated[AwareDatetime | None, Query(alias="to")] = None,
        severity: Severity | None = None,
        status: Annotated[list[AlertStatus] | None, Query()] = None,
        page: Page = 1,
        size: Size = 500,
    ) -> Response:
        """List alerts that were open in a span of time, newest first."""
        wanted = EventFilter(
            statuses=tuple(status or ()),
            severity=severity.value if severity else None,
            start_ns=checked_ns(start, "from") if start else None,
            end_ns=checked_ns(end, "to") if end else None,
        )
        found = await desk.events(wanted, size + 1, (page - 1) * size)
        return answer(found[:size], pagination=Pagination(page=page, size=size, has_next=len(found) > size))

    @router.get("/events/{event_id}", response_model=Envelope[AlertEvent])
    async def event(event_id: str) -> Response:
        """Return one alert."""
        return answer(await desk.event(event_id))

    @router.get("/events/{event_id}/timeline", response_model=Envelope[list[TimelineEntry]])
    async def timeline(event_id: str) -> Response:
        """Return what happened to an alert."""
        return answer(await desk.timeline(event_id))


def _actions(router: APIRouter, desk: AlertDesk, idempotency: Idempotency) -> None:
    @router.post("/events/{event_id}/ack", response_model=Envelope[AlertEvent])
    async def ack(event_id: str, asked: AckRequest, key: Key = None) -> Response:
        """Take an alert."""
        call = f"ack {event_id}"
        return answer(await idempotency.once(key, call, AlertEvent, lambda: desk.ack(event_id, asked)))

    @router.delete("/events/{event_id}/ack", response_model=Envelope[AlertEvent])
    async def unack(event_id: str, by: Annotated[str, Query(max_length=256)] = "", key: Key = None) -> Response:
        """Give an alert back."""
        call = f"unack {event_id}"
        return answer(await idempotency.once(key, call, AlertEvent, lambda: desk.unack(event_id, by)))

    @router.post("/events/{event_id}/notes", status_code=201, response_model=Envelope[TimelineEntry])
    async def note(event_id: str, asked: NoteRequest, key: Key = None) -> Response:
        """Write a note into the timeline."""
        call = f"note {event_id}"
        done = await idempotency.once(key, call, TimelineEntry, lambda: desk.note(event_id, asked))
        return answer(done, status=201)


def _stream(router: APIRouter, desk: AlertDesk, changes: Changes) -> None:
    @router.get("/stream/sse", response_class=Response, responses={200: {"content": {"text/event-stream": {}}}})
    async def stream(request: Request) -> Response:
        """Follow alerts: first those that are open, then every change; `Last-Event-ID` resumes."""
        resume = request.headers.get("last-event-id")
        if resume is not None and (not (resume.isascii() and resume.isdigit()) or len(resume) > 18):
            raise InvalidRequest("Last-Event-ID: not an id that this stream gave out")
        return event_stream(_follow(desk, changes, int(resume or 0), everything=resume is not None))


async def _follow(desk: AlertDesk, changes: Changes, cursor: int, *, everything: bool) -> AsyncIterator[ServerEvent]:
    while True:
        found = await desk.changed_since(cursor, _STREAM_BATCH)
        for number, alert in found:
            cursor = number
            if everything or alert.status is not AlertStatus.RESOLVED:
                yield ServerEvent("alert", AlertChange(cursor=str(number), event=alert), str(number))
        if len(found) == _STREAM_BATCH:
            continue
        everything = True
        if not await changes.wait(_KEEP_ALIVE_S):
            yield ServerEvent()
