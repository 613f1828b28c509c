"""A console and a platform with a socket, data and configuration of their own, in a folder that goes away."""

import contextlib
import http.client
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

AIRIS = [str(Path(sys.executable).with_name("airis"))]


@dataclass(frozen=True, slots=True)
class PrivatePlatform:
    """Where the platform of one measurement lives."""

    folder: str

    @property
    def env(self) -> dict[str, str]:
        """Return what makes `airis` use this folder."""
        return {
            "AIRIS_SOCKET": f"{self.folder}/gateway.sock",
            "AIRIS_DATA": f"{self.folder}/data",
            "AIRIS_CONFIG": f"{self.folder}/config.toml",
        }

    def start(self, *options: str) -> int:
        """Start the platform with an OTLP port of its own; return the port once it answers there."""
        port = free_port()
        words = [sys.executable, "-m", "backend", "--listen", f"unix:{self.folder}/gateway.sock"]
        words += ["--data", f"{self.folder}/data", "--otlp", f"127.0.0.1:{port}", "--linger", "60", *options]
        with Path(self.folder, "platform.log").open("ab") as log:
            subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        wait_for(port)
        return port

    def process(self, patience_s: float = 30.0) -> psutil.Process:
        """Return the platform that a console started here; wait for it if need be."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            if found := self._processes():
                return found[0]
            time.sleep(0.1)
        raise TimeoutError("no platform was started")

    def end(self) -> None:
        """End the platform that a console started here; it would outlive the console for a while."""
        for process in self._processes():
            with contextlib.suppress(psutil.Error):
                process.terminate()
                process.wait(10)

    def _processes(self) -> list[psutil.Process]:
        return [
            process
            for process in psutil.process_iter(["cmdline"])
            if "backend" in (words := process.info["cmdline"] or ()) and any(self.folder in word for word in words)
        ]


def free_port() -> int:
    """Return a TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int, patience_s: float = 20.0) -> http.client.HTTPConnection:
    """Return a connection to a port of this machine once somebody listens there."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.connect()
        except OSError:
            time.sleep(0.1)
        else:
            return connection
    raise TimeoutError(f"nobody answers on port {port}")


@contextlib.contextmanager
def private_platform() -> Iterator[PrivatePlatform]:
    """Give a folder; end its platform and remove it at the end."""
    with tempfile.TemporaryDirectory(prefix="airis-bench-", ignore_cleanup_errors=True) as folder:
        platform = PrivatePlatform(folder)
        try:
            yield platform
        finally:
            platform.end()
