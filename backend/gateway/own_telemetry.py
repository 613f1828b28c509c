"""The platform as a source: its own requests as spans, its own log as records."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future

import orjson
from opentelemetry.sdk.trace import ReadableSpan

from backend.errors import PlatformError
from backend.ingest.columns import Intake, LogColumns, SpanColumns

_KIND = {"INTERNAL": 1, "SERVER": 2, "CLIENT": 3, "PRODUCER": 4, "CONSUMER": 5}
_LEVEL = {"DEBUG": 1, "INFO": 2, "WARNING": 3, "ERROR": 4, "CRITICAL": 5}
_MOST_WAITING = 2000
_FLUSH_S = 0.5


def span_columns_of(spans: Sequence[ReadableSpan]) -> SpanColumns:
    """Return finished SDK spans as columns."""
    columns = SpanColumns()
    for span in spans:
        context = span.get_span_context()
        if context is None or span.start_time is None or span.end_time is None:
            continue
        columns.trace_id.append(format(context.trace_id, "032x"))
        columns.span_id.append(format(context.span_id, "016x"))
        columns.parent_id.append(format(span.parent.span_id, "016x") if span.parent else "")
        columns.service.append(str(span.resource.attributes.get("service.name", "airis")))
        columns.operation.append(span.name)
        columns.kind.append(_KIND.get(span.kind.name, 1))
        columns.start_ns.append(span.start_time)
        columns.duration_ns.append(span.end_time - span.start_time)
        columns.status.append(span.status.status_code.value)
        columns.status_message.append(span.status.description or "")
        columns.attributes.append(_json(dict(span.attributes or {})))
        columns.resource.append(_json(dict(span.resource.attributes)))
        events = [
            {"t": item.timestamp, "n": item.name, "a": _texts(dict(item.attributes or {}))} for item in span.events
        ]
        columns.events.append(orjson.dumps(events).decode())
        columns.links.append("[]")
    return columns


def _texts(attributes: dict[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in attributes.items()}


def _json(attributes: dict[str, object]) -> str:
    return orjson.dumps(_texts(attributes)).decode()


def _message(record: logging.LogRecord) -> str:
    """Return the text of a record, also where its arguments do not fit its format."""
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return str(record.msg)


class OwnSpans:
    """Takes spans from the SDK's threads into the intake on the event loop."""

    def __init__(self, intake: Intake, loop: asyncio.AbstractEventLoop) -> None:
        self._intake = intake
        self._loop = loop

    def put(self, spans: Sequence[ReadableSpan]) -> "Future[None]":
        """Store spans."""
        return asyncio.run_coroutine_threadsafe(self._intake.spans(span_columns_of(spans)), self._loop)


class OwnLog(logging.Handler):
    """The platform's log as records; when it cannot be stored it still stands in the process' own log file."""

    def __init__(self, intake: Intake, host: str) -> None:
        super().__init__(logging.INFO)
        self._intake = intake
        self._resource = orjson.dumps({"host.name": host, "service.name": "airis"}).decode()
        self._waiting: deque[logging.LogRecord] = deque(maxlen=_MOST_WAITING)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record for the next flush; called from any thread."""
        self._waiting.append(record)

    async def run(self) -> None:
        """Store what has been logged, until cancelled."""
        while True:
            await asyncio.sleep(_FLUSH_S)
            records = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if records:
                try:
                    await self._intake.logs(self._columns(records))
                except PlatformError:
                    continue  # to log this failure here would feed it to itself

    def _columns(self, records: list[logging.LogRecord]) -> LogColumns:
        columns = LogColumns()
        for record in records:
            at = int(record.created * 1e9)
            fields = {"logger": record.name, "code.file.path": record.filename, "code.line.number": str(record.lineno)}
            columns.ts_ns.append(at)
            columns.observed_ns.append(at)
            columns.level.append(_LEVEL.get(record.levelname, 2))
            columns.service.append("airis")
            columns.body.append(_message(record))
            columns.trace_id.append("")
            columns.span_id.append("")
            if record.exc_info and record.exc_info[1]:
                fields["exception.type"] = type(record.exc_info[1]).__name__
                fields["exception.message"] = str(record.exc_info[1])
            columns.attributes.append(orjson.dumps(fields).decode())
            columns.resource.append(self._resource)
            columns.source.append("airis")
        return columns
