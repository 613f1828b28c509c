"""The log service's calls under /api/v1/logs."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api_client.contract.answers import Envelope, Meta, Pagination
from api_client.contract.base import BatchResult, Queued
from api_client.contract.logs import LogBatch, LogContext, LogEntry, LogHistogram, LogLevel, LogSearchResult
from api_client.contract.problems import ErrorCode
from backend.clock import Clock
from backend.errors import InvalidRequest
from backend.http.answers import answer
from backend.http.batches import batch_answer
from backend.http.params import AskedWindow, duration_ns, pairs
from backend.http.sse import event_stream
from backend.ingest.columns import Intake
from backend.ingest.entries import log_columns, plain_columns
from backend.logs.port import LogEngine, LogQuestion
from backend.logs.query import parse
from backend.logs.tail import Arrivals, Tail
from backend.window import Window

_PLAIN_LIMIT = 16 * 1024 * 1024
_MAX_BUCKETS = 2000
_BUCKETS = 120


def log_routes(engine: LogEngine, intake: Intake, arrivals: Arrivals, clock: Clock) -> APIRouter:
    """Return the router of the log service."""
    router = APIRouter(prefix="/api/v1/logs", tags=["logs"])
    _ingest(router, intake, clock)
    _search(router, engine)
    _stream(router, engine, arrivals, clock)
    _around(router, engine)
    return router


def _question(
    window: AskedWindow,
    q: Annotated[str | None, Query(max_length=4096, description="query in the platform's log language")] = None,
    level: Annotated[list[LogLevel] | None, Query()] = None,
    service: Annotated[str | None, Query(max_length=1024)] = None,
    trace_id: Annotated[str | None, Query(max_length=64)] = None,
    span_id: Annotated[str | None, Query(max_length=32)] = None,
    labels: Annotated[str | None, Query(max_length=4096, description="k:v,k2:v2")] = None,
) -> LogQuestion:
    return LogQuestion(
        window=window,
        query=parse(q or ""),
        levels=tuple(level or ()),
        service=service,
        trace_id=trace_id.lower() if trace_id else None,
        span_id=span_id.lower() if span_id else None,
        labels=pairs(labels, "labels"),
    )


Asked = Annotated[LogQuestion, Depends(_question)]


def _ingest(router: APIRouter, intake: Intake, clock: Clock) -> None:
    @router.post("", status_code=202, response_model=Envelope[Queued])
    async def add_record(entry: LogEntry) -> Response:
        """Store one record."""
        columns, errors = log_columns((entry,), clock.time_ns())
        if errors:
            raise InvalidRequest(errors[0].message, code=ErrorCode(errors[0].code))
        await intake.logs(columns)
        return answer(Queued(id=f"{clock.time_ns()}"), status=202)

    @router.post("/batch", status_code=202, response_model=Envelope[BatchResult])
    async def add_records(batch: LogBatch) -> Response:
        """Store many records; each rejected one is named."""
        columns, errors = await asyncio.to_thread(log_columns, batch.logs, clock.time_ns())
        await intake.logs(columns)
        return batch_answer(len(batch.logs), errors)

    body = {"requestBody": {"content": {"text/plain": {"schema": {"type": "string"}}}, "required": True}}

    @router.post("/plain", status_code=202, response_model=Envelope[BatchResult], openapi_extra=body)
    async def add_plain(request: Request) -> Response:
        """Store text lines of the form `2024-01-15 10:30:00.123 ERROR [user-api] message`."""
        text = bytearray()
        async for chunk in request.stream():
            text += chunk
            if len(text) > _PLAIN_LIMIT:
                raise InvalidRequest(f"the body is larger than {_PLAIN_LIMIT} bytes; send it in parts")
        columns, errors, sent = await asyncio.to_thread(plain_columns, text.decode("utf-8", "replace"), clock.time_ns())
        await intake.logs(columns)
        return batch_answer(sent, errors)


def _search(router: APIRouter, engine: LogEngine) -> None:
    @router.get("/search", response_model=Envelope[LogSearchResult])
    async def search(
        question: Asked,
        page: Annotated[int, Query(ge=1, le=10_000)] = 1,
        size: Annotated[int, Query(ge=1, le=1000)] = 50,
        sort: Literal["timestamp:asc", "timestamp:desc"] = "timestamp:desc",
        cursor: Annotated[str | None, Query(max_length=256)] = None,
        aggregations: bool = False,
    ) -> Response:
        """Find records; `cursor` of one page continues on the next, however deep."""
        found = await engine.search(
            question,
            limit=size,
            newest_first=sort == "timestamp:desc",
            offset=0 if cursor else (page - 1) * size,
            cursor=cursor,
        )
        counts = await engine.aggregations(question) if aggregations else None
        total = sum(counts.levels.values()) if counts else found.total
        pagination = Pagination(
            page=page, size=size, total=total, has_next=found.cursor is not None, cursor=found.cursor
        )
        result = LogSearchResult.model_construct(logs=found.records, aggregations=counts)
        return answer(result, pagination=pagination, meta=Meta(truncated=found.cursor is not None))

    @router.get("/histogram", response_model=Envelope[LogHistogram])
    async def histogram(
        question: Asked, step: Annotated[str | None, Query(max_length=16, description="such as 10s or 5m")] = None
    ) -> Response:
        """Count records per bucket and level."""
        step_ns = duration_ns(step, "step") or nice_step_ns(question.window)
        if step_ns <= 0 or (question.window.end_ns - question.window.start_ns) / step_ns > _MAX_BUCKETS:
            raise InvalidRequest(f"step: more than {_MAX_BUCKETS} buckets; choose a longer step")
        return answer(await engine.histogram(question, step_ns))

    @router.get("/fields", response_model=Envelope[dict[str, list[str]]])
    async def fields(window: AskedWindow, limit: Annotated[int, Query(ge=1, le=500)] = 100) -> Response:
        """List field names of recent records with their most frequent values."""
        return answer(await engine.fields(window, limit))


def nice_step_ns(window: Window) -> int:
    """Return a round bucket width that cuts a window into at most 120 buckets."""
    wanted = max(1, (window.end_ns - window.start_ns) // _BUCKETS)
    steps_s = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400)
    for seconds in steps_s:
        if seconds * 10**9 >= wanted:
            return seconds * 10**9
    days = -(-wanted // (86_400 * 10**9))
    return days * 86_400 * 10**9


def _stream(router: APIRouter, engine: LogEngine, arrivals: Arrivals, clock: Clock) -> None:
    @router.get("/stream/sse", response_class=Response, responses={200: {"content": {"text/event-stream": {}}}})
    async def stream(request: Request, question: Asked) -> Response:
        """Follow new records; `Last-Event-ID` (or `cursor`) resumes without loss or repeat."""
        resume = request.headers.get("last-event-id") or request.query_params.get("cursor")
        if resume is not None and (not (resume.isascii() and resume.isdigit()) or len(resume) > 19):
            raise InvalidRequest("Last-Event-ID: not an id that this stream gave out")
        tail = Tail(engine, arrivals, clock)
        return event_stream(tail.follow(question, resume))


def _around(router: APIRouter, engine: LogEngine) -> None:
    side = Annotated[int, Query(ge=0, le=500)]

    @router.get("/{record_id}/context", response_model=Envelope[LogContext])
    async def context(record_id: str, before: side = 20, after: side = 20) -> Response:
        """Return the lines around a record, of the same service."""
        return answer(await engine.context(record_id, before, after))
