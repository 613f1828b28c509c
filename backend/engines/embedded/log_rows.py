"""Rows of the table of logs as records of the contract."""

from typing import Any

import orjson

from api_client.contract.logs import LogRecord
from backend.clock import utc
from backend.engines.embedded.log_sql import LEVEL_NAMES
from backend.ingest.columns import BODY_LIMIT, LogColumns

COLUMNS = "seq, ts_ns, observed_ns, level, service, body, trace_id, span_id, attributes, resource, source"


def record_of_row(row: tuple[Any, ...]) -> LogRecord:
    """Return the record of a row that was selected with `COLUMNS`."""
    seq, ts_ns, observed_ns, level, service, body, trace_id, span_id, attributes, resource, source = row
    return LogRecord(
        id=str(seq),
        timestamp=utc(ts_ns),
        observed=utc(observed_ns),
        level=LEVEL_NAMES[level - 1] if level else None,
        message=body,
        service=service,
        trace_id=trace_id or None,
        span_id=span_id or None,
        labels={**orjson.loads(resource), **orjson.loads(attributes)},
        source=source,
        truncated=len(body) >= BODY_LIMIT,
    )


def record_of_columns(seq: int, batch: LogColumns, index: int) -> LogRecord:
    """Return the record at an index of a batch."""
    return record_of_row(
        (
            seq,
            batch.ts_ns[index],
            batch.observed_ns[index],
            batch.level[index],
            batch.service[index],
            batch.body[index],
            batch.trace_id[index],
            batch.span_id[index],
            batch.attributes[index],
            batch.resource[index],
            batch.source[index],
        )
    )
