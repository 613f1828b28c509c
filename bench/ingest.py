"""Records per second of CPU of one backend process: OTLP over real HTTP, durable on disk before the answer."""

import http.client
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

from bench import otlp_bodies
from bench.figure import Figure, report
from bench.private_platform import free_port, wait_for

SENDERS_BATCHES = (
    ("logs", otlp_bodies.logs, 2000),
    ("traces", otlp_bodies.spans, 2000),
    ("metrics", otlp_bodies.samples, 5000),
)
REQUESTS = 60


def serve(directory: str, port: int) -> None:
    """Run the embedded store behind the OTLP routes; the benchmark starts this in a process of its own."""
    import contextlib

    import uvicorn
    from starlette.applications import Starlette

    from backend.clock import SystemClock
    from backend.engines.embedded.retention import Retention
    from backend.engines.embedded.store import EmbeddedStore
    from backend.ingest.routes import otlp_routes

    store = EmbeddedStore.open(Path(directory), clock=SystemClock(), retention=Retention())

    @contextlib.asynccontextmanager
    async def life(_app):
        yield
        await store.close()

    app = Starlette(routes=otlp_routes(store.intake, SystemClock()), lifespan=life)
    uvicorn.run(
        app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", log_level="warning", access_log=False
    )


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _sent(connection: http.client.HTTPConnection, process: psutil.Process, signal: str, bodies: list[bytes]) -> float:
    """Send the bodies one after the other; return the processor seconds that the server spent on them."""
    before = _cpu(process)
    for body in bodies:
        connection.request("POST", f"/v1/{signal}", body, {"Content-Type": "application/x-protobuf"})
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == http.client.OK, (answer.status, text)
    return _cpu(process) - before


def figures() -> list[Figure]:
    """Measure."""
    with tempfile.TemporaryDirectory() as directory:
        port, found = free_port(), []
        server = subprocess.Popen(
            [sys.executable, "-c", f"from bench.ingest import serve; serve({directory!r}, {port})"]
        )
        try:
            connection, process = wait_for(port), psutil.Process(server.pid)
            for signal, build, count in SENDERS_BATCHES:
                bodies = [build(count, i * count) for i in range(REQUESTS)]
                rate = count * REQUESTS / _sent(connection, process, signal, bodies)
                text = f"{rate:,.0f}/s, {process.memory_info().rss / 2**20:.0f} MiB resident"
                found.append(Figure(f"ingest of {signal}, per second of one core", "", text))
        finally:
            server.terminate()
            server.wait()
    return found


def main() -> int:
    """Measure and print."""
    return report("ingest", figures())


if __name__ == "__main__":
    raise SystemExit(main())
