"""Records per second of CPU of one backend process: OTLP over real HTTP, durable on disk before the answer."""

import http.client
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from bench import otlp_bodies

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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _connected(port: int) -> http.client.HTTPConnection:
    for _ in range(100):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        try:
            connection.connect()
        except OSError:
            time.sleep(0.1)
        else:
            return connection
    raise SystemExit("the server did not start")


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as directory:
        port = _free_port()
        server = subprocess.Popen(
            [sys.executable, "-c", f"from bench.ingest import serve; serve({directory!r}, {port})"]
        )
        try:
            connection = _connected(port)
            process = psutil.Process(server.pid)
            print(f"at rest: {process.memory_info().rss / 2**20:.0f} MiB resident")
            for signal, build, count in SENDERS_BATCHES:
                bodies = [build(count, i * count) for i in range(REQUESTS)]
                cpu, wall = _cpu(process), time.monotonic()
                for body in bodies:
                    connection.request("POST", f"/v1/{signal}", body, {"Content-Type": "application/x-protobuf"})
                    answer = connection.getresponse()
                    text = answer.read()
                    assert answer.status == 200, (answer.status, text)
                cpu, wall = _cpu(process) - cpu, time.monotonic() - wall
                total = count * REQUESTS
                print(
                    f"{signal:8} {total:7} in {wall:5.2f} s: {total / cpu:8,.0f} per second of CPU, "
                    f"{process.memory_info().rss / 2**20:.0f} MiB resident"
                )
        finally:
            server.terminate()
            server.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
