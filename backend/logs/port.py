"""What a log engine must do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from api_client.contract.logs import LogAggregations, LogContext, LogHistogram, LogLevel, LogRecord
from backend.logs.query import Node
from backend.window import Window


@dataclass(frozen=True, slots=True)
class LogQuestion:
    """Which records are meant: a parsed query (None matches all) and the filters that stand beside it."""

    window: Window
    query: Node | None = None
    levels: tuple[LogLevel, ...] = ()
    service: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    text: str = ""
    """The query as its author typed it, for an engine that is itself a platform."""


@dataclass(frozen=True, slots=True)
class LogPage:
    """Records in the order asked for; `cursor` continues after the last, None at the end."""

    records: tuple[LogRecord, ...]
    cursor: str | None
    total: int | None = None


class LogEngine(Protocol):
    """Searches stored records.

    No match is an empty page. A part of a query that the engine cannot express raises `NotSupported` naming it; a
    cursor that it did not give out raises `InvalidRequest`; an engine that does not answer raises `Unavailable`.
    Records carry ids that ascend with arrival, so that `after` can resume a tail without loss or repeat.
    """

    async def search(
        self,
        question: LogQuestion,
        *,
        limit: int,
        newest_first: bool = True,
        offset: int = 0,
        cursor: str | None = None,
    ) -> LogPage:
        """Return one page of matching records ordered by time, ties by id."""
        ...

    async def aggregations(self, question: LogQuestion) -> LogAggregations:
        """Count the whole match by level and by service."""
        ...

    async def histogram(self, question: LogQuestion, step_ns: int) -> LogHistogram:
        """Count per bucket and level; buckets start at multiples of the step, all of them present."""
        ...

    async def context(self, record_id: str, before: int, after: int) -> LogContext:
        """Return the neighbours of a record in the stream of its service; an unknown id raises `NotFound`."""
        ...

    async def after(self, question: LogQuestion, record_id: str, limit: int) -> Sequence[LogRecord]:
        """Return matching records that arrived after the given one, oldest first, whatever the window says."""
        ...

    async def newest_id(self) -> str:
        """Return the id of the newest stored record, or an id before all others."""
        ...

    async def fields(self, window: Window, limit: int) -> dict[str, list[str]]:
        """Return field names of recent records with their most frequent values, for completion."""
        ...
