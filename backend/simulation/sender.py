"""Sends OTLP over HTTP, patiently: a platform that is busy or away for a while loses nothing."""

import asyncio
import gzip
import logging
from collections.abc import Callable
from pathlib import Path

import httpx

from backend.version import VERSION

log = logging.getLogger("airis.simulation")

MARK = {"X-Airis-Simulation": "1"}
"""Goes with every request, so that nobody can take the shop for real."""

_BUSY = frozenset({429, 502, 503, 504})
_LONGEST_WAIT_S = 10.0


class SendingFailed(Exception):
    """Telemetry cannot be delivered; the message says why."""


class PlatformGone(SendingFailed):
    """Nobody has answered for so long that nobody will."""


class PlatformRefused(SendingFailed):
    """The platform answered that it will never take this."""


def open_client(address: str, token_file: Path | None = None) -> httpx.AsyncClient:
    """Return a client for `unix:PATH` or `http(s)://HOST:PORT`."""
    headers = {**MARK, "User-Agent": f"airis-simulation/{VERSION}"}
    if token_file:
        headers["Authorization"] = f"Bearer {token_file.read_text('utf-8').strip()}"
    if address.startswith("unix:"):
        transport = httpx.AsyncHTTPTransport(uds=str(Path(address.removeprefix("unix:")).expanduser()))
        return httpx.AsyncClient(transport=transport, base_url="http://airis", headers=headers, timeout=30)
    return httpx.AsyncClient(base_url=address.rstrip("/"), headers=headers, timeout=30)


class Sender:
    """Posts messages, and comes back later where it is told to."""

    def __init__(self, client: httpx.AsyncClient, monotonic: Callable[[], float], patience_s: float = 90.0) -> None:
        self._client = client
        self._monotonic = monotonic
        self._patience_s = patience_s
        self.sent: dict[str, int] = {}
        """Requests that were taken, by path."""

    async def post(self, path: str, protobuf: bytes) -> None:
        """Deliver a message; raise `PlatformGone` or `PlatformRefused` where that cannot be."""
        body = await asyncio.to_thread(gzip.compress, protobuf, 1)
        gives_up_at, pause_s = self._monotonic() + self._patience_s, 0.5
        while (wait_s := await self._try(path, body, pause_s)) is not None:
            if self._monotonic() + wait_s > gives_up_at:
                raise PlatformGone(f"the platform has not taken {path} for {self._patience_s:.0f} s")
            await asyncio.sleep(wait_s)
            pause_s = min(pause_s * 2, _LONGEST_WAIT_S)
        self.sent[path] = self.sent.get(path, 0) + 1

    async def _try(self, path: str, body: bytes, pause_s: float) -> float | None:
        """Post once; return None when it was taken, else the seconds to wait."""
        headers = {"Content-Type": "application/x-protobuf", "Content-Encoding": "gzip"}
        try:
            answer = await self._client.post(path, content=body, headers=headers)
        except httpx.TransportError as error:
            log.debug("%s could not be sent: %s", path, error)
            return pause_s
        if answer.status_code in _BUSY:
            return _retry_after(answer, pause_s)
        if answer.is_error:
            raise PlatformRefused(f"{path} was answered {answer.status_code}: {answer.text[:200]}")
        return None


def _retry_after(answer: httpx.Response, pause_s: float) -> float:
    told = answer.headers.get("retry-after", "")
    return min(float(told), _LONGEST_WAIT_S * 6) if told.isdigit() else pause_s
