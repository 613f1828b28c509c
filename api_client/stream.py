"""Server-sent events that resume: a lost connection is taken up where it broke, without loss or repeat.

Format: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from api_client.errors import Overloaded, TimedOut, Unreachable
from api_client.transport import Call, Transport

T = TypeVar("T")

_SILENCE_S = 25.0
"""A stream that says nothing for this long, not even a keep-alive, is taken for broken."""
_FIRST_PAUSE_S = 0.25
_LONGEST_PAUSE_S = 15.0
_jitter = random.SystemRandom()


class Connection(StrEnum):
    """How a stream is connected."""

    CONNECTED = "connected"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class ConnectionChanged:
    """The stream was connected, or lost; the reason is for people."""

    connection: Connection
    reason: str = ""
    retry_in_s: float = 0.0
    resumed: bool = False
    """True when it goes on after the last event that came, False when it starts anew."""


@dataclass(slots=True)
class ServerEvent:
    """One event as it was sent."""

    event: str = "message"
    data: str = ""
    id: str = ""


async def events(lines: AsyncIterator[str]) -> AsyncIterator[ServerEvent | None]:
    """Parse lines into events; None for a comment, which keeps the connection alive."""
    current = ServerEvent()
    data: list[str] = []
    async for line in lines:
        if not line:
            if data:
                current.data = "\n".join(data)
                yield current
            current, data = ServerEvent(), []
        elif line.startswith(":"):
            yield None
        else:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "data":
                data.append(value)
            elif name == "event":
                current.event = value
            elif name == "id":
                current.id = value


@dataclass(slots=True)
class ResumingStream(Generic[T]):
    """Yields decoded events, and what happens to the connection, until its reader stops."""

    transport: Transport
    call: Call
    decode: Callable[[ServerEvent], T | None]
    last_id: str = ""

    async def __aiter__(self) -> AsyncGenerator[T | ConnectionChanged, None]:
        """Follow for ever; refusals and wrong requests are raised, broken connections are mended."""
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                async with aclosing(self._connected()) as connected:
                    async for item in connected:
                        pause_s = _FIRST_PAUSE_S
                        yield item
                reason = "the platform ended the stream"
            except (Unreachable, TimedOut, Overloaded) as error:
                reason = error.message
            wait_s = _jitter.uniform(0.5, 1.0) * pause_s
            yield ConnectionChanged(Connection.LOST, reason, wait_s)
            await asyncio.sleep(wait_s)
            pause_s = min(_LONGEST_PAUSE_S, pause_s * 2)

    async def _connected(self) -> AsyncGenerator[T | ConnectionChanged, None]:
        async with self.transport.stream(self.call, self.last_id) as lines:
            yield ConnectionChanged(Connection.CONNECTED, resumed=bool(self.last_id))
            parsed = events(lines)
            while True:
                try:
                    event = await asyncio.wait_for(anext(parsed), _SILENCE_S)
                except StopAsyncIteration:
                    return
                except TimeoutError as error:
                    raise TimedOut(f"{self.call.service}: the stream fell silent for {_SILENCE_S:g} s") from error
                if event is None:
                    continue
                item = self.decode(event)
                if event.id:
                    self.last_id = event.id
                if item is not None:
                    yield item
