"""The newest log records in memory, so that followers of a fast stream do not ask the database each time."""

import threading
from collections import deque
from collections.abc import Iterator

from backend.ingest.columns import LogColumns

MAX_ROWS = 8_000
MAX_BYTES = 8 * 1024 * 1024


class LogRing:
    """Whole batches of records that are on disk, without a gap, as they were written.

    The writer thread appends, readers take a snapshot; a batch is never changed after it was appended.
    """

    def __init__(self) -> None:
        self._batches: deque[tuple[int, LogColumns]] = deque()
        self._rows = 0
        self._bytes = 0
        self._guard = threading.Lock()

    def append(self, first_seq: int, batch: LogColumns) -> None:
        """Add a batch and let go of the oldest beyond the bounds, of a very large batch at once."""
        with self._guard:
            self._batches.append((first_seq, batch))
            self._rows += batch.rows
            self._bytes += batch.size_bytes
            while self._batches and (self._rows > MAX_ROWS or self._bytes > MAX_BYTES):
                _, oldest = self._batches.popleft()
                self._rows -= oldest.rows
                self._bytes -= oldest.size_bytes

    def after(self, seq: int) -> Iterator[tuple[int, LogColumns, int]] | None:
        """Return (number, batch, index) of every record after `seq` in order, or None if some are no longer here."""
        with self._guard:
            if not self._batches or seq < self._batches[0][0] - 1:
                return None
            batches = list(self._batches)
        return _rows_after(batches, seq)


def _rows_after(batches: list[tuple[int, LogColumns]], seq: int) -> Iterator[tuple[int, LogColumns, int]]:
    for first, batch in batches:
        for index in range(max(0, seq + 1 - first), batch.rows):
            yield first + index, batch, index
