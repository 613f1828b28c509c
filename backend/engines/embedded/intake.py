"""The bounded queue between those who bring telemetry and the one thread that writes it."""

import asyncio
import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TypeAlias

from backend.errors import Overloaded, Unavailable
from backend.ingest.columns import LogColumns, SampleColumns, SpanColumns

Columns: TypeAlias = LogColumns | SpanColumns | SampleColumns

GROUP_ROWS = 20_000
"""Rows that one transaction takes at most, so that the first to wait is not held up by the last."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Columns that wait to be written; `written` resolves when they are on disk."""

    columns: Columns
    rows: int
    size_bytes: int
    written: Future[None] = field(default_factory=Future)


class IntakeQueue:
    """Implements `Intake`: parcels go in from the event loop, groups come out in the writer thread."""

    def __init__(self, max_rows: int, max_bytes: int) -> None:
        self._max_rows = max_rows
        self._max_bytes = max_bytes
        self._parcels: deque[Parcel] = deque()
        self._rows = 0
        self._bytes = 0
        self._closed = False
        self._changed = threading.Condition()

    @property
    def depth(self) -> int:
        """Return the number of rows that wait."""
        return self._rows

    async def logs(self, columns: LogColumns) -> None:
        """Store log records."""
        await self._put(columns)

    async def spans(self, columns: SpanColumns) -> None:
        """Store spans."""
        await self._put(columns)

    async def samples(self, columns: SampleColumns) -> None:
        """Store samples and what is known of their metrics."""
        await self._put(columns)

    def close(self) -> None:
        """Refuse what comes from now on; what waits is still written."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def take(self, timeout_s: float) -> list[Parcel] | None:
        """Return the next group, empty after `timeout_s` without work, None once closed and drained."""
        with self._changed:
            if not self._parcels and not self._closed:
                self._changed.wait(timeout_s)
            if not self._parcels:
                return None if self._closed else []
            return self._group()

    async def _put(self, columns: Columns) -> None:
        if not columns.rows:
            return
        parcel = Parcel(columns, columns.rows, columns.size_bytes)
        with self._changed:
            self._admit(parcel)
            self._parcels.append(parcel)
            self._rows += parcel.rows
            self._bytes += parcel.size_bytes
            self._changed.notify()
        await asyncio.wrap_future(parcel.written)

    def _admit(self, parcel: Parcel) -> None:
        """Raise unless there is room; a parcel larger than the whole queue passes when nothing else waits."""
        if self._closed:
            raise Unavailable("The store is closing.")
        if not self._parcels:
            return
        if self._rows + parcel.rows > self._max_rows or self._bytes + parcel.size_bytes > self._max_bytes:
            raise Overloaded(f"The intake queue is full ({self._rows} rows wait).", retry_after_s=1)

    def _group(self) -> list[Parcel]:
        group: list[Parcel] = []
        rows = 0
        while self._parcels and (not group or rows + self._parcels[0].rows <= GROUP_ROWS):
            parcel = self._parcels.popleft()
            self._rows -= parcel.rows
            self._bytes -= parcel.size_bytes
            rows += parcel.rows
            if parcel.written.set_running_or_notify_cancel():
                group.append(parcel)
        return group
