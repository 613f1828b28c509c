"""One effect per idempotency key: the same call under the same key gets the same answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import BaseModel

from backend.alerts.store import AlertStore
from backend.clock import Clock
from backend.errors import Conflict, InvalidRequest

M = TypeVar("M", bound=BaseModel)
_LONGEST = 128


class Idempotency:
    """Remembers answers to writes for a day."""

    def __init__(self, store: AlertStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    async def once(self, key: str | None, call: str, model: type[M], effect: Callable[[], Awaitable[M]]) -> M:
        """Run an effect unless its key was used; a key reused for another call is a conflict."""
        if key is None:
            return await effect()
        if not key or len(key) > _LONGEST:
            raise InvalidRequest(f"Idempotency-Key: 1 to {_LONGEST} characters")
        async with self._one_at_a_time:
            known = await asyncio.to_thread(self._store.reply, key, self._clock.time_ns())
            if known and known[0] != call:
                raise Conflict("Idempotency-Key: this key was used for another call")
            if known:
                return model.model_validate_json(known[1])
            done = await effect()
            body = done.model_dump_json(by_alias=True)
            await asyncio.to_thread(self._store.keep_reply, key, call, body, self._clock.time_ns())
            return done
