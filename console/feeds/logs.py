"""Log lines: a page from the store, then the tail that goes on where the page ends."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from api_client.contract.logs import DroppedSpan, LogLevel, LogRecord, LogStreamBatch
from api_client.resources.logs import LogQuery
from api_client.stream import ConnectionChanged
from console.outcome import Facts, Outcome, settle
from console.present.logs import histogram_data
from widgets.log_histogram import HistogramData

if TYPE_CHECKING:
    from api_client.client import AirisClient

PAGE = 500
_LEVELS = {
    "info": (LogLevel.INFO, LogLevel.WARN, LogLevel.ERROR, LogLevel.FATAL),
    "warn": (LogLevel.WARN, LogLevel.ERROR, LogLevel.FATAL),
    "error": (LogLevel.ERROR, LogLevel.FATAL),
}


@dataclass(frozen=True, slots=True)
class LogQuestion:
    """What the log screen is asked."""

    text: str = ""
    service: str | None = None
    least_level: str = ""
    window: tuple[float, float] = (0.0, 0.0)

    def query(self) -> LogQuery:
        """Return the question as the client takes it."""
        start, end = (datetime.fromtimestamp(at, UTC) for at in self.window)
        return LogQuery(self.text, start, end, _LEVELS.get(self.least_level, ()), self.service)


@dataclass(frozen=True, slots=True)
class LogPage:
    """Records oldest first; `cursor` loads what lies before them."""

    records: tuple[LogRecord, ...]
    cursor: str | None


async def load_page(client: "AirisClient", question: LogQuestion, cursor: str | None = None) -> LogPage:
    """Return the newest records of the window, or those before a cursor."""
    answered = await client.logs.search(question.query(), size=PAGE, cursor=cursor)
    further = answered.pagination.cursor if answered.pagination else None
    return LogPage(tuple(reversed(answered.data.logs)), further)


async def load_histogram(client: "AirisClient", question: LogQuestion) -> Outcome[HistogramData]:
    """Return counts by level over the window."""
    outcome = await settle(lambda: client.logs.histogram(question.query()), question.window[1])
    return Facts(histogram_data(outcome.value), outcome.at_s) if isinstance(outcome, Facts) else outcome


async def tail(
    client: "AirisClient", question: LogQuestion
) -> AsyncIterator[LogPage | LogStreamBatch | DroppedSpan | ConnectionChanged]:
    """Yield the page once, then batches: no record is missing between the two, and none comes twice."""
    paged: set[str] = set()
    started = False
    async for item in client.logs.follow(question.query()):
        if isinstance(item, LogStreamBatch) and not started:
            started = True
            page = await load_page(client, question)
            paged = {record.id for record in page.records}
            yield page
        if isinstance(item, LogStreamBatch) and paged:
            unpaged = tuple(record for record in item.logs if record.id not in paged)
            if unpaged and int(unpaged[0].id) > max(map(int, paged)):
                paged = set()
            yield item.model_copy(update={"logs": unpaged})
        else:
            yield item


async def load_record(client: "AirisClient", record_id: str) -> LogRecord:
    """Return one record whole."""
    return (await client.logs.context(record_id, 0, 0)).record
