"""Writes that must arrive: retried under one idempotency key until the platform has confirmed or refused them."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_S = 60.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 8.0


async def deliver(write: Callable[[str], Awaitable[T]], patience_s: float = PATIENCE_S) -> T:
    """Call `write` with a key, again after each lost connection; raise what the platform says against it."""
    from api_client.errors import Overloaded, TimedOut, Unreachable

    key = secrets.token_hex(16)
    pause_s = _FIRST_PAUSE_S
    waited_s = 0.0
    while True:
        try:
            return await write(key)
        except (Unreachable, TimedOut, Overloaded):
            if waited_s >= patience_s:
                raise
        await asyncio.sleep(pause_s)
        waited_s += pause_s
        pause_s = min(_LONGEST_PAUSE_S, pause_s * 2)
