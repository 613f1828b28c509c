"""Time of a search for one term among the newest million stored log lines, first hundred hits."""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import psutil

from backend.clock import SystemClock
from backend.engines.embedded.retention import Retention
from backend.engines.embedded.store import EmbeddedStore
from backend.ingest.columns import LogColumns
from backend.logs.port import LogQuestion
from backend.logs.query import parse
from backend.window import Window

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


async def _measure(directory: Path) -> None:
    store = EmbeddedStore.open(directory, clock=SystemClock(), retention=Retention())
    start_ns = time.time_ns() - LINES * SPAN_NS
    for base in range(0, LINES, BATCH):
        await store.intake.logs(_columns(base, start_ns))
    window = Window(0, time.time_ns())
    print(f"{LINES:,} lines, {store.stats().bytes_on_disk / 2**20:.0f} MiB on disk")
    for text in QUERIES:
        question = LogQuestion(window, parse(text))
        times = []
        for _ in range(RUNS):
            began = time.perf_counter()
            page = await store.logs.search(question, limit=100)
            times.append(time.perf_counter() - began)
        print(f"{text:26} {len(page.records):4} hits  median {statistics.median(times) * 1000:6.1f} ms")
    for name, ask in (
        ("histogram", lambda: store.logs.histogram(LogQuestion(Window(start_ns, window.end_ns)), 10**10)),
        ("aggregations", lambda: store.logs.aggregations(LogQuestion(window))),
    ):
        began = time.perf_counter()
        await ask()
        print(f"{name:26}            once   {(time.perf_counter() - began) * 1000:6.1f} ms")
    print(f"{psutil.Process().memory_info().rss / 2**20:.0f} MiB resident")
    await store.close()


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(_measure(Path(directory)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
