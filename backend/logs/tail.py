"""A live tail: batches of what has arrived, resumable, and honest about what it leaves out."""

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

from api_client.contract.logs import DroppedSpan, LogRecord, LogStreamBatch
from backend.clock import Clock, unix_ns
from backend.http.sse import ServerEvent
from backend.logs.port import LogEngine, LogQuestion

BATCH = 1000
"""Records in one event."""
MAX_BEHIND = 50_000
"""A reader further behind than this is told of a gap and moved to the newest records."""
_KEEP_ALIVE_S = 10.0
_PACE_S = 0.05


class Arrivals(Protocol):
    """Wakes a tail when records newer than it has seen are stored."""

    async def wait_newer(self, seq: int, timeout: float) -> bool:
        """Return True once a record with a higher id is stored, False when the time is up."""
        ...


class Tail:
    """Follows the records that fit a question."""

    def __init__(self, engine: LogEngine, arrivals: Arrivals, clock: Clock) -> None:
        self._engine = engine
        self._arrivals = arrivals
        self._clock = clock

    async def follow(self, question: LogQuestion, resume: str | None) -> AsyncIterator[ServerEvent]:
        """Yield batches from after `resume` (from now on, where it is None) for as long as somebody reads.

        An id beyond the newest is from a store that is no more; nothing after it will come for long, so it means now.
        """
        newest = await self._engine.newest_id()
        cursor = min(resume or newest, newest, key=int)
        yield self._batch((), cursor)
        while True:
            if not await self._arrivals.wait_newer(int(cursor), _KEEP_ALIVE_S):
                yield ServerEvent()
                continue
            newest = await self._engine.newest_id()
            if int(newest) - int(cursor) > MAX_BEHIND:
                skipped_to = int(newest) - BATCH
                yield await self._dropped(question, cursor, skipped_to)
                cursor = str(skipped_to)
            records = tuple(await self._engine.after(question, cursor, BATCH))
            cursor = records[-1].id if len(records) == BATCH else max(cursor, newest, key=int)
            if records:
                cursor = max(cursor, records[-1].id, key=int)
                yield self._batch(records, cursor)
            await asyncio.sleep(_PACE_S)

    def _batch(self, records: tuple[LogRecord, ...], cursor: str) -> ServerEvent:
        lag = 0.0
        if records:
            newest = max(unix_ns(record.timestamp) for record in records)
            lag = max(0.0, (self._clock.time_ns() - newest) / 1e9)
        return ServerEvent("batch", LogStreamBatch.model_construct(logs=records, cursor=cursor, lag_s=lag), cursor)

    async def _dropped(self, question: LogQuestion, cursor: str, skipped_to: int) -> ServerEvent:
        """Say which ids, and which span of time, a slow reader will not be sent."""
        first = await self._engine.after(question, cursor, 1)
        last = await self._engine.after(question, str(skipped_to), 1)
        span = DroppedSpan(
            count=skipped_to - int(cursor),
            start=first[0].timestamp if first else None,
            end=last[0].timestamp if last else None,
            first_id=str(int(cursor) + 1),
            last_id=str(skipped_to),
        )
        return ServerEvent("dropped", span, str(skipped_to))
