"""The trace service's calls under /api/v1/traces."""

import asyncio
import re
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api_client.contract.answers import Envelope, Meta
from api_client.contract.base import BatchResult, Queued
from api_client.contract.problems import ErrorCode
from api_client.contract.traces import (
    Dependencies,
    OperationStats,
    ServiceStats,
    SpanBatch,
    SpanEntry,
    Trace,
    TraceSummary,
)
from backend.clock import Clock
from backend.errors import InvalidRequest
from backend.http.answers import answer
from backend.http.batches import batch_answer
from backend.http.params import AskedWindow, duration_ns, pairs
from backend.ingest.columns import Intake
from backend.ingest.entries import span_columns
from backend.traces.port import TraceEngine, TraceQuestion

_TRACE_ID = re.compile(r"^[0-9a-fA-F]{1,32}$")


def trace_routes(engine: TraceEngine, intake: Intake, clock: Clock) -> APIRouter:
    """Return the router of the trace service."""
    router = APIRouter(prefix="/api/v1/traces", tags=["traces"])
    _ingest(router, intake, clock)
    _services(router, engine)
    _find(router, engine)
    return router


def _ingest(router: APIRouter, intake: Intake, clock: Clock) -> None:
    @router.post("", status_code=202, response_model=Envelope[Queued])
    async def add_span(span: SpanEntry) -> Response:
        """Store one span."""
        columns, errors = span_columns((span,), clock.time_ns())
        if errors:
            raise InvalidRequest(errors[0].message, code=ErrorCode(errors[0].code))
        await intake.spans(columns)
        return answer(Queued(id=span.span_id), status=202)

    @router.post("/batch", status_code=202, response_model=Envelope[BatchResult])
    async def add_spans(batch: SpanBatch) -> Response:
        """Store many spans; each rejected one is named."""
        columns, errors = await asyncio.to_thread(span_columns, batch.spans, clock.time_ns())
        await intake.spans(columns)
        return batch_answer(len(batch.spans), errors)


def _services(router: APIRouter, engine: TraceEngine) -> None:
    @router.get("/services", response_model=Envelope[list[ServiceStats]])
    async def services(window: AskedWindow, buckets: Annotated[int, Query(ge=1, le=200)] = 30) -> Response:
        """List services with rate, errors and durations."""
        return answer(await engine.services(window, buckets))

    @router.get("/services/dependencies", response_model=Envelope[Dependencies])
    async def dependencies(window: AskedWindow) -> Response:
        """Return who calls whom."""
        return answer(await engine.dependencies(window))

    @router.get("/services/{service}/operations", response_model=Envelope[list[OperationStats]])
    async def operations(service: str, window: AskedWindow) -> Response:
        """List operations of a service with rate, errors and durations."""
        return answer(await engine.operations(service, window))


def _find(router: APIRouter, engine: TraceEngine) -> None:
    short = Annotated[str | None, Query(max_length=1024)]

    @router.get("/search", response_model=Envelope[list[TraceSummary]])
    async def search(
        window: AskedWindow,
        service: short = None,
        operation: short = None,
        min_duration: Annotated[str | None, Query(max_length=16, description="such as 100ms")] = None,
        max_duration: Annotated[str | None, Query(max_length=16)] = None,
        tags: Annotated[str | None, Query(max_length=4096, description="k:v,k2:v2")] = None,
        error: bool | None = None,
        text: Annotated[str | None, Query(max_length=256)] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> Response:
        """Find the newest traces with a span that fits."""
        question = TraceQuestion(
            window=window,
            service=service,
            operation=operation,
            min_duration_ns=duration_ns(min_duration, "min_duration"),
            max_duration_ns=duration_ns(max_duration, "max_duration"),
            tags=pairs(tags, "tags"),
            error=error,
            text=text,
        )
        found, more = await engine.search(question, limit)
        return answer(found, meta=Meta(truncated=more))

    @router.get("/{trace_id}", response_model=Envelope[Trace])
    async def trace(trace_id: str) -> Response:
        """Return a whole trace."""
        if not _TRACE_ID.match(trace_id):
            raise InvalidRequest("trace_id: a trace id is 1 to 32 hexadecimal digits")
        return answer(await engine.trace(trace_id.lower().zfill(32)))
