"""The embedded store as a trace engine."""

from typing import Any

import duckdb

from api_client.contract.traces import Dependencies, OperationStats, ServiceStats, Trace, TraceSummary
from backend.clock import utc
from backend.engines.embedded import trace_sql
from backend.engines.embedded.dependencies import dependencies_of
from backend.engines.embedded.readers import Readers
from backend.engines.embedded.span_rows import COLUMNS, MAX_SPANS, trace_of_rows
from backend.errors import InvalidRequest, NotFound
from backend.traces.port import TraceQuestion
from backend.window import Window

MAX_BUCKETS = 1_000


class EmbeddedTraces:
    """Implements `TraceEngine` on DuckDB."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    async def trace(self, trace_id: str) -> Trace:
        """Return a whole trace, spans ordered by start; duplicates of a span id are dropped."""
        wanted = trace_id.lower().zfill(32)

        def read(database: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
            statement = f"SELECT {COLUMNS} FROM spans WHERE trace_id = ? ORDER BY start_ns, seq LIMIT ?"
            return database.execute(statement, [wanted, MAX_SPANS + 1]).fetchall()

        rows = await self._readers.run(read)
        if not rows:
            raise NotFound(f"There is no trace {trace_id}.")
        return trace_of_rows(wanted, rows)

    async def search(self, question: TraceQuestion, limit: int) -> tuple[list[TraceSummary], bool]:
        """Return the newest matching traces first, and whether there were more."""
        condition = trace_sql.where(question)
        window = question.window

        def read(database: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
            values = [window.start_ns, window.end_ns, *condition.values, limit + 1]
            found = database.execute(trace_sql.MATCHING.format(condition=condition.sql), values).fetchall()
            ids = [row[0] for row in found]
            return database.execute(trace_sql.SUMMARIES, [ids]).fetchall() if ids else []

        rows = await self._readers.run(read)
        return [_summary(row) for row in rows[:limit]], len(rows) > limit

    async def services(self, window: Window, buckets: int) -> list[ServiceStats]:
        """Return RED figures per service, with `buckets` rates for a sparkline."""
        if not 0 <= buckets <= MAX_BUCKETS:
            raise InvalidRequest(f"A sparkline has at most {MAX_BUCKETS} buckets.")
        width_ns = max(1, -(-(window.end_ns - window.start_ns) // max(1, buckets)))

        def read(database: duckdb.DuckDBPyConnection) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
            values = [window.start_ns, window.end_ns]
            figures = database.execute(trace_sql.SERVICES, values).fetchall()
            counted = database.execute(trace_sql.RATES, [window.start_ns, width_ns, *values]) if buckets else None
            return figures, counted.fetchall() if counted else []

        figures, counted = await self._readers.run(read)
        rates: dict[str, list[float]] = {row[0]: [0.0] * buckets for row in figures}
        for service, bucket, count in counted:
            rates[service][bucket] = count / (width_ns / 1e9)
        return [ServiceStats(service=row[0], **_red(row, window), rates=tuple(rates[row[0]])) for row in figures]

    async def operations(self, service: str, window: Window) -> list[OperationStats]:
        """Return RED figures per operation of a service."""
        values = [window.start_ns, window.end_ns, service]
        rows = await self._readers.run(lambda database: database.execute(trace_sql.OPERATIONS, values).fetchall())
        return [OperationStats(operation=row[0], **_red(row, window)) for row in rows]

    async def dependencies(self, window: Window) -> Dependencies:
        """Return who calls whom, from parent and child spans of different services."""

        def read(database: duckdb.DuckDBPyConnection) -> Dependencies:
            values = [window.start_ns, window.end_ns]
            nodes = database.execute(trace_sql.NODES, values).fetchall()
            edges = database.execute(trace_sql.EDGES, values * 2).fetchall()
            return dependencies_of(nodes, edges)

        return await self._readers.run(read)


def _summary(row: tuple[Any, ...]) -> TraceSummary:
    trace_id, service, operation, start_ns, end_ns, spans, errors, services = row
    return TraceSummary(
        trace_id=trace_id,
        root_service=service,
        root_operation=operation,
        start_time=utc(start_ns),
        duration_ms=(end_ns - start_ns) / 1e6,
        span_count=spans,
        error_count=errors,
        services=tuple(services),
    )


def _red(row: tuple[Any, ...], window: Window) -> dict[str, Any]:
    """Return rate, errors and durations of a row (name, calls, errors, p50, p95, p99 in nanoseconds)."""
    _, calls, errors, *quantiles = row
    p50, p95, p99 = (None if quantile is None else quantile / 1e6 for quantile in quantiles)
    return {
        "call_count": calls,
        "error_count": errors,
        "rate_per_s": calls / window.seconds if window.seconds > 0 else 0.0,
        "error_ratio": errors / calls if calls else 0.0,
        "p50_ms": p50,
        "p95_ms": p95,
        "p99_ms": p99,
    }
