"""Starts and stops the simulated shop beside the console."""

import asyncio
import subprocess
import sys

from console.link import Link


class Demo:
    """The simulation as a process that sends OTLP to the platform of a link."""

    def __init__(self, link: Link, options: tuple[str, ...] = ()) -> None:
        self._link = link
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> str:
        """Start it; return a sentence for the user."""
        if self._process and self._process.poll() is None:
            return "The simulation runs already"
        await self._link.connect()
        self._process = await asyncio.to_thread(self._spawn)
        return "A simulated shop sends telemetry to this platform; everything it sends is made up"

    async def stop(self) -> str:
        """Stop it; return a sentence for the user."""
        if self._process is None or self._process.poll() is not None:
            return "No simulation was started here"
        self._process.terminate()
        await asyncio.to_thread(self._process.wait, 10)
        return "The simulation has stopped; what it sent stays until it is old enough to be deleted"

    async def release(self) -> None:
        """Close the connections that the start needed; the simulation goes on."""
        await self._link.close()

    def wait(self) -> int:
        """Wait until the simulation ends; return its exit status."""
        return self._process.wait() if self._process else 0

    def _spawn(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "backend.simulation", "--to", self._link.address, *self._options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
