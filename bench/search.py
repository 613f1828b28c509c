"""Time of a search for one term among the newest million stored log lines, first hundred hits."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import psutil

from backend.clock import SystemClock
from backend.engines.embedded.retention import Retention
from backend.engines.embedded.store import EmbeddedStore
from backend.ingest.columns import LogColumns
from backend.logs.port import LogQuestion
from backend.logs.query import parse
from backend.window import Window
from bench.figure import Figure, report

LINES = 1_000_000
BATCH = 10_000
RUNS = 9
SPAN_NS = 1_000_000
"""Time between two lines: the million covers about 17 minutes."""
QUERIES = (
    "991",
    "needle",
    '"worker 7" level:error',
    "http.status_code:>=499",
    "/orders\\/12345\\d/",
    "service:svc3 -worker",
)


def _columns(base: int, start_ns: int) -> LogColumns:
    numbers = range(base, base + BATCH)
    return LogColumns(
        ts_ns=[start_ns + n * SPAN_NS for n in numbers],
        observed_ns=[start_ns + n * SPAN_NS for n in numbers],
        level=[1 + n % 5 for n in numbers],
        service=[f"svc{n % 20}" for n in numbers],
        body=[
            f"GET /api/v1/orders/{n} answered in {n % 997} ms by worker {n % 13}" + (" needle" * (n % 9_973 == 0))
            for n in numbers
        ],
        trace_id=[f"{n:032x}" for n in numbers],
        span_id=[f"{n:016x}" for n in numbers],
        attributes=[f'{{"http.status_code":"{200 + n % 300}","user.id":"u{n % 5000}"}}' for n in numbers],
        resource=[f'{{"service.name":"svc{n % 20}","host.name":"bench-1"}}' for n in numbers],
        source=["otlp"] * BATCH,
    )


async def _filled(directory: Path, start_ns: int) -> EmbeddedStore:
    store = EmbeddedStore.open(directory, clock=SystemClock(), retention=Retention())
    for base in range(0, LINES, BATCH):
        await store.intake.logs(_columns(base, start_ns))
    return store


async def _timed(ask: Callable[[], Awaitable[object]], runs: int = RUNS) -> tuple[float, object]:
    """Ask some times; return the median in milliseconds, and the last answer."""
    times, answer = [], None
    for _ in range(runs):
        began = time.perf_counter()
        answer = await ask()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times), answer


async def _measured(directory: Path) -> list[Figure]:
    start_ns = time.time_ns() - LINES * SPAN_NS
    store = await _filled(directory, start_ns)
    window, found = Window(0, time.time_ns()), []
    for text in QUERIES:
        question = LogQuestion(window, parse(text))
        median, page = await _timed(partial(store.logs.search, question, limit=100))
        measured = f"{median:.1f} ms, {len(page.records)} hits"
        found.append(Figure(f"search of {LINES:,} lines: {text}", "", measured))
    whole = LogQuestion(Window(start_ns, window.end_ns))
    for name, ask in (
        ("histogram", partial(store.logs.histogram, whole, 10**10)),
        ("aggregations", partial(store.logs.aggregations, LogQuestion(window))),
    ):
        median, _ = await _timed(ask, runs=1)
        found.append(Figure(f"{name} of {LINES:,} lines", "", f"{median:.1f} ms"))
    size = (
        f"{store.stats().bytes_on_disk / 2**20:.0f} MiB on disk, {psutil.Process().memory_info().rss / 2**20:.0f} MiB"
    )
    found.append(Figure(f"store of {LINES:,} lines", "", f"{size} resident"))
    await store.close()
    return found


def figures() -> list[Figure]:
    """Measure."""
    with tempfile.TemporaryDirectory() as directory:
        return asyncio.run(_measured(Path(directory)))


def main() -> int:
    """Measure and print."""
    return report("search", figures())


if __name__ == "__main__":
    raise SystemExit(main())
