"""Sends calls: the only file of the client that knows httpx."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import httpx
import stamina

from api_client.answers import decode, error_of
from api_client.breaker import Breaker
from api_client.contract.answers import Envelope
from api_client.errors import ApiError, CircuitOpen, Malformed, Overloaded, ServerFailed, TimedOut, Unreachable

T = TypeVar("T")
Params = Mapping[str, str | Sequence[str] | None]

DEADLINE_S = 3.0
"""The platform's default time-out of a call."""
CONCURRENT_PER_SERVICE = 4
_SOCKET = httpx.Timeout(60.0, connect=5.0)
"""Time-outs of single socket operations; the deadline of a call is what its caller feels."""
_PARSE_OFF_LOOP = 64 * 1024
_ANSWER_LIMIT = 256 * 1024 * 1024
_BREAKS = (Unreachable, TimedOut, ServerFailed)


@dataclass(frozen=True, slots=True)
class Call:
    """One request: to which service, what, and whether sending it twice has one effect."""

    service: str
    method: str
    path: str
    params: Params | None = None
    body: bytes | None = None
    idempotency_key: str | None = None
    reads_only: bool = False
    """True for a POST that changes nothing."""
    deadline_s: float = DEADLINE_S

    @property
    def is_idempotent(self) -> bool:
        """Tell whether it may be retried."""
        return self.method in {"GET", "HEAD"} or self.reads_only or self.idempotency_key is not None


class Transport:
    """One address of a platform, with a breaker and a bound on concurrent calls for each service."""

    def __init__(
        self, address: str, *, token: str | None = None, verify: ssl.SSLContext | bool = True, retries: int = 3
    ) -> None:
        self.address = address
        self._breakers: dict[str, Breaker] = {}
        self._slots: dict[str, asyncio.Semaphore] = {}
        self._retries = retries
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        base, uds = base_url(address)
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=16)
        carrier = httpx.AsyncHTTPTransport(uds=uds, limits=limits, verify=verify)
        self._http = httpx.AsyncClient(
            base_url=base, transport=carrier, headers=headers, timeout=_SOCKET, trust_env=False
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    def breaker(self, service: str) -> Breaker:
        """Return the circuit breaker before a service."""
        return self._breakers.setdefault(service, Breaker())

    async def call(self, call: Call, model: type[T]) -> Envelope[T]:
        """Send a call and decode its answer within the deadline; idempotent calls are retried with jitter."""
        try:
            async with asyncio.timeout(call.deadline_s), self._slot(call.service):
                body = await self._retried(call)
                if len(body) > _PARSE_OFF_LOOP:
                    return await asyncio.to_thread(decode, body, model)
                return decode(body, model)
        except TimeoutError as error:
            raise TimedOut(f"{call.service}: no answer within {call.deadline_s:g} s") from error

    @asynccontextmanager
    async def stream(self, call: Call, last_event_id: str = "") -> AsyncIterator[AsyncIterator[str]]:
        """Open a stream and give its lines; the deadline holds until the answer begins, then silence ends it."""
        resume = {"Last-Event-ID": last_event_id} if last_event_id else {}
        request = self._request(call, {"Accept": "text/event-stream", **resume})
        try:
            async with asyncio.timeout(call.deadline_s):
                response = await self._http.send(request, stream=True)
        except (TimeoutError, httpx.TransportError) as error:
            raise self._unreachable(call, error) from error
        try:
            if response.status_code != httpx.codes.OK:
                raise error_of(response.status_code, await response.aread(), response.headers.get("retry-after"))
            yield self._lines(call, response)
        finally:
            await response.aclose()

    async def _lines(self, call: Call, response: httpx.Response) -> AsyncIterator[str]:
        try:
            async for line in response.aiter_lines():
                yield line
        except httpx.TransportError as error:
            raise self._unreachable(call, error) from error

    def _slot(self, service: str) -> asyncio.Semaphore:
        return self._slots.setdefault(service, asyncio.Semaphore(CONCURRENT_PER_SERVICE))

    async def _retried(self, call: Call) -> bytes:
        if not call.is_idempotent:
            return await self._guarded(call)
        attempts = stamina.retry_context(
            on=_worth_retrying, attempts=self._retries, timeout=call.deadline_s, wait_initial=0.1, wait_max=1.0
        )
        async for attempt in attempts:
            with attempt:
                return await self._guarded(call)
        raise AssertionError("a retry context ends by a result or an exception")

    async def _guarded(self, call: Call) -> bytes:
        """Send once, if the breaker lets it, and tell the breaker how it went."""
        breaker = self.breaker(call.service)
        if not breaker.admits():
            raise CircuitOpen(f"{call.service} failed too often; it is asked again in {breaker.retry_in_s:.0f} s")
        try:
            body = await self._send(call)
        except ApiError as error:
            breaker.record(success=not isinstance(error, _BREAKS))
            raise
        except asyncio.CancelledError:
            breaker.release()
            raise
        breaker.record(success=True)
        return body

    async def _send(self, call: Call) -> bytes:
        headers = {"Content-Type": "application/json"} if call.body is not None else {}
        request = self._request(call, headers)
        try:
            response = await self._http.send(request, stream=True)
            try:
                body = await _read(response)
            finally:
                await response.aclose()
        except httpx.TimeoutException as error:
            raise TimedOut(f"{call.service}: {type(error).__name__}") from error
        except httpx.TransportError as error:
            raise self._unreachable(call, error) from error
        if response.is_success:
            return body
        raise error_of(response.status_code, body, response.headers.get("retry-after"))

    def _request(self, call: Call, headers: dict[str, str]) -> httpx.Request:
        if call.idempotency_key:
            headers["Idempotency-Key"] = call.idempotency_key
        params = {name: value for name, value in (call.params or {}).items() if value is not None and value != ""}
        return self._http.build_request(call.method, call.path, params=params, content=call.body, headers=headers)

    def _unreachable(self, call: Call, error: Exception) -> Unreachable:
        reason = str(error) or type(error).__name__
        return Unreachable(f"{call.service}: {self.address} does not answer ({reason})")


def base_url(address: str) -> tuple[str, str | None]:
    """Return the base URL of an address, and the path of its Unix socket where it is one."""
    if address.startswith("unix:"):
        return "http://airis", address.removeprefix("unix:")
    if not address.startswith(("http://", "https://")):
        raise ValueError(f"“{address}” is not an address: write unix:PATH, http://HOST:PORT or https://HOST")
    return address.rstrip("/"), None


def _worth_retrying(error: Exception) -> bool | float:
    """Tell whether another attempt may succeed; an overloaded platform says itself when."""
    if isinstance(error, CircuitOpen):
        return False
    if isinstance(error, Overloaded):
        return error.retry_after_s
    return isinstance(error, Unreachable | TimedOut)


async def _read(response: httpx.Response) -> bytes:
    parts = bytearray()
    async for chunk in response.aiter_bytes():
        parts += chunk
        if len(parts) > _ANSWER_LIMIT:
            raise Malformed(f"the answer is larger than {_ANSWER_LIMIT} bytes")
    return bytes(parts)
