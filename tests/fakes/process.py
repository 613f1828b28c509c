"""A real platform process on a folder of its own."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PlatformProcess:
    def __init__(self, data: Path, *options: str, listen: str | None = None, otlp: str = "none") -> None:
        self.port = free_port()
        self.listen = listen or f"127.0.0.1:{self.port}"
        self.url = f"unix:{self.listen[5:]}" if self.listen.startswith("unix:") else f"http://{self.listen}"
        self.otlp = otlp
        protection = [] if listen or "--token-file" in options else ["--no-auth"]
        self.log = data.parent / f"{data.name}.log"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "backend", "--listen", self.listen, "--data", str(data), "--otlp", otlp, *protection, *options],
            cwd=ROOT, stdout=self.log.open("ab"), stderr=subprocess.STDOUT, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip

    def http(self, **options) -> httpx.Client:
        if self.listen.startswith("unix:"):
            return httpx.Client(transport=httpx.HTTPTransport(uds=self.listen[5:]), base_url="http://airis", **options)
        return httpx.Client(base_url=self.url, trust_env=False, **options)

    def wait(self, timeout_s: float = 20.0) -> "PlatformProcess":
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            assert self.process.poll() is None, self.log.read_text()
            try:
                with self.http(timeout=1) as client:
                    if client.get("/health").status_code == 200:
                        return self
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError(f"the platform does not answer: {self.log.read_text()}")

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(10)


@contextmanager
def platform(data: Path, *options: str, **more):
    started = PlatformProcess(data, *options, **more)
    try:
        yield started.wait()
    finally:
        if started.process.poll() is None:
            started.process.kill()
        started.process.wait(10)


def eventually(check, timeout_s: float = 15.0, pause_s: float = 0.2):
    """Return the first true answer of `check`; fail with its last answer when the time is up."""
    end = time.monotonic() + timeout_s
    found = None
    while time.monotonic() < end:
        found = check()
        if found:
            return found
        time.sleep(pause_s)
    raise AssertionError(f"it never came: {found!r}")
