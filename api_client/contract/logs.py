"""Logs on the wire."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api_client.contract.base import Answer, Labels, Request, Timestamp


class LogLevel(StrEnum):
    """The five levels of the platform, lowest first."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARN = "WARN"
    ERROR = "ERROR"
    FATAL = "FATAL"


class LogEntry(Request):
    """One log record as a program sends it."""

    timestamp: Timestamp | None = None
    level: LogLevel = LogLevel.INFO
    message: Annotated[str, Field(max_length=1_048_576)]
    service: Annotated[str, Field(max_length=1024)] = "unknown"
    trace_id: str | None = None
    span_id: str | None = None
    labels: Labels = {}
    stack_trace: str | None = None
    user_id: str | None = None
    request_id: str | None = None
    duration_ms: float | None = None
    status_code: int | None = None
    url: str | None = None
    method: str | None = None


class LogBatch(Request):
    """Many log records in one call."""

    logs: Annotated[tuple[LogEntry, ...], Field(max_length=100_000)]


class LogRecord(Answer):
    """One stored log record; `id` orders records by arrival and resumes a stream."""

    id: str
    timestamp: datetime
    observed: datetime | None = None
    """When the platform received it; differs from `timestamp` on a skewed or delayed sender."""
    level: LogLevel | None = None
    """None when the sender gave none and none could be recognised."""
    message: str
    service: str
    trace_id: str | None = None
    span_id: str | None = None
    labels: Labels = {}
    """Attributes of the record and of its resource, flattened."""
    source: str = ""
    truncated: bool = False
    """True when the stored message was cut at the platform's limit."""


class LogAggregations(Answer):
    """Counts over the whole match, not only over the page."""

    levels: dict[str, int] = {}
    services: dict[str, int] = {}


class LogSearchResult(Answer):
    """A page of matching records, in the order asked for."""

    logs: tuple[LogRecord, ...]
    aggregations: LogAggregations | None = None


class HistogramBucket(Answer):
    """Records per level in one bucket; levels without records are left out, no level counts as `NONE`."""

    start: datetime
    counts: dict[str, int]


class LogHistogram(Answer):
    """Counts per bucket and level; every bucket of the range is present."""

    step_s: float
    buckets: tuple[HistogramBucket, ...]


class LogContext(Answer):
    """The lines around one record, of the same service, each list in time order."""

    before: tuple[LogRecord, ...]
    record: LogRecord
    after: tuple[LogRecord, ...]


class LogStreamBatch(Answer):
    """One event of the stream; `cursor` resumes after its last record."""

    logs: tuple[LogRecord, ...]
    cursor: str
    lag_s: float = 0.0


class DroppedSpan(Answer):
    """What a stream could not deliver to a slow reader: how many, and the span of time they cover."""

    count: int
    start: datetime | None = None
    end: datetime | None = None
    first_id: str = ""
    last_id: str = ""
