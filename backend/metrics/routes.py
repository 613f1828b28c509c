"""The metric service's calls under /api/v1/metrics."""

import asyncio
import math
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api_client.contract.answers import Envelope, Pagination
from api_client.contract.base import BatchResult, Labels, Queued, TimeRange
from api_client.contract.metrics import (
    Aggregation,
    DataPoint,
    Interval,
    Metadata,
    MetricBatch,
    MetricPoint,
    MetricQueryResult,
    PromqlQuery,
    PromqlRequest,
    PromqlResult,
    Series,
)
from api_client.contract.problems import ErrorCode, Problem
from backend.clock import Clock, unix_ns, utc
from backend.errors import InvalidRequest, NotFound, PlatformError
from backend.http.answers import answer
from backend.http.batches import batch_answer
from backend.http.params import AskedWindow, pairs
from backend.ingest.columns import Intake
from backend.ingest.entries import metric_columns
from backend.metrics.port import Evaluation, MetricEngine
from backend.metrics.selectors import matchers_of, selector_text
from backend.window import Window

_STEP_MS: dict[Interval, int] = {"1m": 60_000, "5m": 300_000, "1h": 3_600_000, "1d": 86_400_000}
_CONCURRENT = 4


def metric_routes(engine: MetricEngine, intake: Intake, clock: Clock) -> APIRouter:
    """Return the router of the metric service."""
    router = APIRouter(prefix="/api/v1/metrics", tags=["metrics"])
    _ingest(router, intake, clock)
    _promql(router, engine, clock)
    _catalogue(router, engine)
    _buckets(router, engine)
    return router


def _ingest(router: APIRouter, intake: Intake, clock: Clock) -> None:
    @router.post("", status_code=202, response_model=Envelope[Queued])
    async def add_point(point: MetricPoint) -> Response:
        """Store one sample."""
        columns, errors = metric_columns((point,), clock.time_ns())
        if errors:
            raise InvalidRequest(errors[0].message, code=ErrorCode(errors[0].code))
        await intake.samples(columns)
        return answer(Queued(id=f"{point.name}@{clock.time_ns()}"), status=202)

    @router.post("/batch", status_code=202, response_model=Envelope[BatchResult])
    async def add_points(batch: MetricBatch) -> Response:
        """Store many samples; each rejected one is named."""
        columns, errors = await asyncio.to_thread(metric_columns, batch.metrics, clock.time_ns())
        await intake.samples(columns)
        return batch_answer(len(batch.metrics), errors)


def _promql(router: APIRouter, engine: MetricEngine, clock: Clock) -> None:
    slots = asyncio.Semaphore(_CONCURRENT)

    async def evaluate(query: PromqlQuery) -> PromqlResult:
        async with slots:
            try:
                if query.start and query.end and query.step:
                    window = Window(unix_ns(query.start), unix_ns(query.end))
                    evaluation = await engine.evaluate_range(query.expr, window, max(1, round(query.step * 1000)))
                else:
                    at = unix_ns(query.at) if query.at else clock.time_ns()
                    evaluation = await engine.evaluate_at(query.expr, at // 1_000_000)
            except PlatformError as error:
                problem = Problem(code=error.code, message=error.message, details=error.details)
                return PromqlResult(id=query.id, error=problem)
        return await asyncio.to_thread(_result, query.id, evaluation)

    @router.post("/promql", response_model=Envelope[list[PromqlResult]])
    async def promql(asked: PromqlRequest) -> Response:
        """Evaluate the expressions of a whole screen; each has its series or an error of its own."""
        return answer(list(await asyncio.gather(*map(evaluate, asked.queries))))


def _result(query_id: str, evaluation: Evaluation) -> PromqlResult:
    series = tuple(
        Series.model_construct(
            labels=columns.labels,
            timestamps=tuple((columns.timestamps_ms / 1000).tolist()),
            values=tuple(value if math.isfinite(value) else None for value in columns.values.tolist()),
        )
        for columns in evaluation.series
    )
    return PromqlResult.model_construct(
        id=query_id,
        result_type=evaluation.result_type,
        series=series,
        error=None,
        warnings=evaluation.warnings,
        truncated=evaluation.truncated,
    )


def _catalogue(router: APIRouter, engine: MetricEngine) -> None:
    match = Annotated[list[str] | None, Query(alias="match[]", description="series selectors, any of which may match")]

    @router.get("", response_model=Envelope[list[str]])
    async def names(
        window: AskedWindow,
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
        size: Annotated[int, Query(ge=1, le=1000)] = 100,
        sort: Literal["name:asc", "name:desc"] = "name:asc",
    ) -> Response:
        """List metric names."""
        found = await engine.label_values("__name__", (), window)
        if sort == "name:desc":
            found.reverse()
        start = (page - 1) * size
        more = start + size < len(found)
        return answer(
            found[start : start + size], pagination=Pagination(page=page, size=size, total=len(found), has_next=more)
        )

    @router.get("/labels", response_model=Envelope[list[str]])
    async def labels(window: AskedWindow, selectors: match = None) -> Response:
        """List label names in use."""
        return answer(await engine.label_names(matchers_of(selectors), window))

    @router.get("/labels/{name}/values", response_model=Envelope[list[str]])
    async def label_values(name: str, window: AskedWindow, selectors: match = None) -> Response:
        """List the values of one label."""
        return answer(await engine.label_values(name, matchers_of(selectors), window))

    @router.get("/series", response_model=Envelope[list[Labels]])
    async def series(
        window: AskedWindow, selectors: match = None, limit: Annotated[int, Query(ge=1, le=10_000)] = 1000
    ) -> Response:
        """List label sets of matching series."""
        if not selectors:
            raise InvalidRequest("match[]: name at least one selector")
        return answer(await engine.series(matchers_of(selectors), window, limit))

    @router.get("/metadata", response_model=Envelope[list[Metadata]])
    async def metadata(metric: str | None = None, limit: Annotated[int, Query(ge=1, le=10_000)] = 1000) -> Response:
        """List type, unit and help of metrics."""
        return answer(await engine.metadata(metric, limit))


def _buckets(router: APIRouter, engine: MetricEngine) -> None:
    name_param = Annotated[str, Query(min_length=1, max_length=1024)]

    async def bucketed(
        name: str, window: Window, labels: str | None, interval: Interval, aggregation: Aggregation, *, counted: bool
    ) -> Response:
        step = _STEP_MS[interval]
        selector = selector_text(name, pairs(labels, "labels"))
        aligned = Window(window.start_ns // (step * 10**6) * step * 10**6 + step * 10**6, window.end_ns + step * 10**6)
        expr = f"{aggregation}({aggregation}_over_time({selector}[{step}ms]))"
        evaluation = await engine.evaluate_range(expr, aligned, step)
        counts: dict[int, float] = {}
        if counted:
            counting = await engine.evaluate_range(f"sum(count_over_time({selector}[{step}ms]))", aligned, step)
            for columns in counting.series:
                counts = dict(zip(columns.timestamps_ms.tolist(), columns.values.tolist(), strict=True))
        if not evaluation.series and not await engine.series(matchers_of([selector]), window, 1):
            raise NotFound(f"no samples of “{name}” in this time range", code=ErrorCode.METRIC_NOT_FOUND)
        points = tuple(
            DataPoint(
                timestamp=utc((at - step) * 10**6),
                value=value,
                count=int(counts[at]) if at in counts else None,
            )
            for columns in evaluation.series
            for at, value in zip(columns.timestamps_ms.tolist(), columns.values.tolist(), strict=True)
            if math.isfinite(value)
        )
        return answer(
            MetricQueryResult(
                metric_name=name,
                time_range=TimeRange(start=utc(window.start_ns), end=utc(window.end_ns)),
                data_points=points,
                aggregation=aggregation,
                total_points=len(points),
            )
        )

    @router.get("/query", response_model=Envelope[MetricQueryResult])
    async def query(
        name: name_param,
        window: AskedWindow,
        labels: str | None = None,
        interval: Interval = "1m",
        aggregation: Aggregation = "avg",
    ) -> Response:
        """Return one metric, aggregated per interval."""
        return await bucketed(name, window, labels, interval, aggregation, counted=False)

    @router.get("/aggregate", response_model=Envelope[MetricQueryResult])
    async def aggregate(
        name: name_param,
        window: AskedWindow,
        labels: str | None = None,
        interval: Interval = "5m",
        aggregation: Aggregation = "avg",
    ) -> Response:
        """Return one metric, aggregated per interval, with the number of samples in each."""
        return await bucketed(name, window, labels, interval, aggregation, counted=True)

    @router.delete("", response_model=Envelope[int])
    async def delete(name: name_param, window: AskedWindow, request: Request) -> Response:
        """Delete the samples of a metric; both ends of the time range must be given."""
        if not {"from", "to"} <= set(request.query_params):
            raise InvalidRequest("from and to: a deletion needs both")
        return answer(await engine.delete(name, window))
