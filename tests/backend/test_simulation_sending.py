"""How the shop's telemetry is delivered: patiently, marked, and to a real platform."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from backend.clock import SystemClock
from backend.gateway.simulation import SimulationWatch
from backend.simulation.__main__ import duration_s
from backend.simulation.history import NANOSECOND, first_untold_ns
from backend.simulation.sender import MARK, PlatformGone, PlatformRefused, Sender


def sender_to(answers: list[httpx.Response], seen: list[httpx.Request], **options: float) -> Sender:
    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answers.pop(0) if len(answers) > 1 else answers[0]

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://airis", headers=MARK)
    return Sender(client, time.monotonic, **options)


async def test_a_busy_platform_is_asked_again_after_the_time_it_names() -> None:
    seen: list[httpx.Request] = []
    sender = sender_to([httpx.Response(503, headers={"Retry-After": "1"}), httpx.Response(200)], seen)
    started = time.monotonic()
    await sender.post("/v1/logs", b"")
    assert time.monotonic() - started >= 1
    assert len(seen) == 2
    assert sender.sent == {"/v1/logs": 1}
    assert seen[0].headers["x-airis-simulation"] == "1"
    assert seen[0].headers["content-encoding"] == "gzip"


async def test_a_refusal_is_told_and_not_repeated() -> None:
    seen: list[httpx.Request] = []
    with pytest.raises(PlatformRefused, match="401"):
        await sender_to([httpx.Response(401)], seen).post("/v1/logs", b"")
    assert len(seen) == 1


async def test_a_platform_that_stays_away_ends_the_simulation() -> None:
    with pytest.raises(PlatformGone):
        await sender_to([httpx.Response(503)], [], patience_s=0.1).post("/v1/logs", b"")


async def first_untold_s(answer: httpx.Response) -> float:
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer), base_url="http://airis")
    return await first_untold_ns(client, 1_000 * NANOSECOND, 2_000 * NANOSECOND) / NANOSECOND


async def test_a_past_that_an_earlier_run_has_told_is_not_told_again() -> None:
    told = {"data": {"result": [{"values": [[1_100, "1085"], [1_500, "1490"]]}]}}
    assert await first_untold_s(httpx.Response(200, json=told)) == 1_491
    assert await first_untold_s(httpx.Response(200, json={"data": {"result": []}})) == 1_000
    assert await first_untold_s(httpx.Response(404, text="nothing here")) == 1_000
    assert await first_untold_s(httpx.Response(200, text="no JSON")) == 1_000


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("30m", 1_800), ("6h", 21_600), ("1h30m", 5_400)])
def test_durations_are_read(text: str, seconds: float) -> None:
    assert duration_s(text) == seconds


class HandClock(SystemClock):
    now = 0.0

    def monotonic(self) -> float:
        return self.now


async def test_the_gateway_remembers_the_mark_for_half_a_minute() -> None:
    async def nothing(*_: object) -> None: ...

    clock = HandClock()
    watch = SimulationWatch(clock)
    app = watch.around(nothing)
    await app({"type": "http", "headers": [(b"accept", b"*/*")]}, nothing, nothing)
    assert not watch.is_running()
    await app({"type": "http", "headers": [(b"x-airis-simulation", b"1")]}, nothing, nothing)
    assert watch.is_running()
    clock.now = 30.0
    assert not watch.is_running()


@pytest.fixture
def platform() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder, "s.sock")
        process = subprocess.Popen(
            [sys.executable, "-m", "backend", "--listen", f"unix:{socket}", "--data", f"{folder}/data", "--no-host",
             "--otlp", "none"], stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + 15
            while not socket.exists() and time.monotonic() < deadline:
                time.sleep(0.05)
            yield socket
        finally:
            process.terminate()
            process.wait(10)


def test_a_real_platform_gets_all_three_signals_and_says_that_they_are_simulated(platform: Path) -> None:
    words = [sys.executable, "-m", "backend.simulation", "--to", f"unix:{platform}", "--backfill", "40s"]
    process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    client = httpx.Client(transport=httpx.HTTPTransport(uds=str(platform)), base_url="http://airis", timeout=10)
    assert client.get("/health").json()["data"]["simulation"] is False
    deadline = time.monotonic() + 8
    while not client.get("/health").json()["data"]["simulation"] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert client.get("/health").json()["data"]["simulation"] is True
    time.sleep(1)
    query = {"id": "a", "expr": 'sum(rate(http_server_request_duration_seconds_count{service_name="storefront"}[30s]))'}
    answer = client.post("/api/v1/metrics/promql", json={"queries": [query]}).json()["data"]
    assert float(answer[0]["series"][0]["values"][-1]) > 5
    sources = {(each["name"], each["signal"]) for each in client.get("/api/v1/sources").json()["data"]}
    assert {("otlp", "logs"), ("otlp", "traces"), ("otlp", "metrics")} <= sources
    process.terminate()
    assert process.wait(5) == 0
