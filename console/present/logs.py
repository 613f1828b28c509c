"""Log records as lines, histogram and details."""

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from console.present.times import clock_ms, full
from widgets.field_list import Field, FieldGroup
from widgets.log_histogram import Bucket, HistogramData
from widgets.log_view import LogLine
from widgets.text import clean, clean_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api_client.contract.logs import DroppedSpan, LogHistogram, LogRecord

LINE_LIMIT = 2000
"""Characters of a message that the list holds; the details show more."""
DETAIL_LIMIT = 20_000


def log_lines(records: "Iterable[LogRecord]", zone: tzinfo) -> list[LogLine]:
    """Return records as lines, in their order."""
    return [log_line(record, zone) for record in records]


def log_line(record: "LogRecord", zone: tzinfo) -> LogLine:
    """Return one record as a line."""
    return LogLine(
        id=record.id,
        time_text=clock_ms(record.timestamp, zone),
        level=record.level.value.lower() if record.level else "",
        service=clean(record.service, 60),
        text=clean(record.message, LINE_LIMIT),
    )


def marker(line_id: str, text: str) -> LogLine:
    """Return a remark between lines."""
    return LogLine(id=line_id, time_text="", level="", service="", text=text, marker=True)


def dropped_marker(dropped: "DroppedSpan", zone: tzinfo) -> LogLine:
    """Return the remark that lines are missing here: how many, and of what time."""
    span = ""
    if dropped.start and dropped.end:
        span = f" between {clock_ms(dropped.start, zone)} and {clock_ms(dropped.end, zone)}"
    missing = f"gap: up to {dropped.count:,} lines were not sent{span}"
    text = f"{missing}; the store has them: r loads its newest page, O older ones"
    return marker(f"gap-{dropped.first_id}", text)


def histogram_data(histogram: "LogHistogram") -> HistogramData:
    """Return counts by level over time."""
    buckets = tuple(
        Bucket(bucket.start.timestamp(), {_level(name): count for name, count in bucket.counts.items()})
        for bucket in histogram.buckets
    )
    if not buckets:
        return HistogramData()
    return HistogramData(
        start=buckets[0].time, end=buckets[-1].time + histogram.step_s, step=histogram.step_s, buckets=buckets
    )


def _level(name: str) -> str:
    return "" if name == "NONE" else name.lower()


def record_details(record: "LogRecord", zone: tzinfo) -> tuple[FieldGroup, ...]:
    """Return everything known of a record, grouped; a stack trace keeps its lines."""
    message = "\n".join(clean_lines(record.message, DETAIL_LIMIT))
    cut = " (cut at the platform's limit)" if record.truncated else ""
    head = [
        Field(f"message{cut}", message),
        Field("time", full(record.timestamp, zone)),
        Field("level", record.level.value if record.level else "not given"),
        Field("service", clean(record.service)),
    ]
    if skew := _skew(record.timestamp, record.observed):
        head.append(Field("received", f"{full(record.observed, zone)} ({skew})" if record.observed else skew))
    ids = [Field(name, clean(value)) for name, value in (("trace", record.trace_id), ("span", record.span_id)) if value]
    labels = tuple(
        Field(clean(name, 120), "\n".join(clean_lines(value, DETAIL_LIMIT))) for name, value in record.labels.items()
    )
    groups = (
        FieldGroup("Record", tuple(head)),
        FieldGroup("Trace", tuple(ids)),
        FieldGroup("Fields", labels),
        FieldGroup("Origin", (Field("id", record.id), Field("source", clean(record.source)))),
    )
    return tuple(group for group in groups if group.fields)


def _skew(written: datetime, observed: datetime | None) -> str:
    if observed is None:
        return ""
    seconds = (observed - written).total_seconds()
    if abs(seconds) < 5:
        return ""
    return f"{abs(seconds):.0f} s {'after' if seconds > 0 else 'before'} its own time"


_OPERATORS = frozenset({"AND", "OR", "NOT"})


def searched_words(query: str) -> tuple[str, ...]:
    """Return the words of a query that are looked for in the message, to be lit in the lines."""
    words = query.replace("(", " ").replace(")", " ").split()
    wanted = (word for word in words if ":" not in word and word[0] not in "-/" and word.upper() not in _OPERATORS)
    return tuple(word.strip('"') for word in wanted if word.strip('"'))


def line_text(record: "LogRecord") -> str:
    """Return a record as one line of text, for the clipboard."""
    level = record.level.value if record.level else "-"
    return clean(f"{record.timestamp.isoformat()} {level} [{record.service}] {record.message}", DETAIL_LIMIT)
