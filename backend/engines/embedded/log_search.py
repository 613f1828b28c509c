"""Pages of log records in time order, read in slices of time that widen until the page is full."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from backend.engines.embedded.log_rows import COLUMNS
from backend.engines.embedded.log_sql import Condition
from backend.errors import InvalidRequest
from backend.window import Window

FIRST_SLICE_NS = 30 * 1_000_000_000
WIDENING = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A record's place in the order by time, ties by number; the cursor of a page names one."""

    ts_ns: int
    seq: int

    @property
    def cursor(self) -> str:
        """Return the place as text."""
        return f"{self.ts_ns}:{self.seq}"


def place_of(cursor: str) -> Place:
    """Read a cursor; raise `InvalidRequest` for one that this engine did not give out."""
    ts_ns, colon, seq = cursor.partition(":")
    if not (colon and ts_ns.isdecimal() and seq.isdecimal() and len(cursor) < 42):
        raise InvalidRequest("This cursor was not given out by this engine.")
    return Place(int(ts_ns), int(seq))


def slices(window: Window, *, newest_first: bool) -> Iterator[Window]:
    """Cut a window into disjoint slices, each four times as wide as the one before."""
    width = FIRST_SLICE_NS
    if newest_first:
        end = window.end_ns
        while end > window.start_ns:
            start = max(window.start_ns, end - width)
            yield Window(start, end)
            end, width = start, width * WIDENING
        return
    start = window.start_ns
    while start < window.end_ns:
        end = min(window.end_ns, start + width)
        yield Window(start, end)
        start, width = end, width * WIDENING


def read_page(
    cursor: duckdb.DuckDBPyConnection,
    window: Window,
    condition: Condition,
    count: int,
    place: Place | None,
    *,
    newest_first: bool,
) -> list[tuple[Any, ...]]:
    """Return up to `count` rows after a place, in order."""
    rows: list[tuple[Any, ...]] = []
    order = "DESC" if newest_first else "ASC"
    beyond, beyond_values = _beyond(place, newest_first=newest_first)
    statement = (
        f"SELECT {COLUMNS} FROM logs WHERE ts_ns >= ? AND ts_ns < ? {beyond} AND ({condition.sql}) "
        f"ORDER BY ts_ns {order}, seq {order} LIMIT ?"
    )
    for part in slices(window, newest_first=newest_first):
        values = [part.start_ns, part.end_ns, *beyond_values, *condition.values, count - len(rows)]
        rows.extend(cursor.execute(statement, values).fetchall())
        if len(rows) >= count:
            break
    return rows


def _beyond(place: Place | None, *, newest_first: bool) -> tuple[str, list[int]]:
    if place is None:
        return "", []
    op = "<" if newest_first else ">"
    return f"AND (ts_ns {op} ? OR (ts_ns = ? AND seq {op} ?))", [place.ts_ns, place.ts_ns, place.seq]
