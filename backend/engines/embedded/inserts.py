"""Puts columns into tables: numpy columns are scanned in place, which is the fastest way in."""

from itertools import chain
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from backend.ingest.columns import LogColumns, SpanColumns

Arrays = dict[str, NDArray[Any]]


def insert(connection: duckdb.DuckDBPyConnection, table: str, arrays: Arrays) -> None:
    """Append rows given as one array per column, named and ordered as in the table."""
    connection.register("incoming", arrays)  # after a failure it stays, and the next call replaces it
    connection.execute(f"INSERT INTO {table} SELECT * FROM incoming")  # the table is a name of our own schema
    connection.unregister("incoming")


def log_arrays(batches: list[LogColumns], first_seq: int) -> Arrays:
    """Return the columns of the table `logs`."""
    rows = sum(batch.rows for batch in batches)
    return {
        "seq": np.arange(first_seq, first_seq + rows, dtype=np.int64),
        "ts_ns": _numbers([batch.ts_ns for batch in batches], np.int64),
        "observed_ns": _numbers([batch.observed_ns for batch in batches], np.int64),
        "level": _numbers([batch.level for batch in batches], np.uint8),
        "service": _texts([batch.service for batch in batches]),
        "body": _texts([batch.body for batch in batches]),
        "trace_id": _texts([batch.trace_id for batch in batches]),
        "span_id": _texts([batch.span_id for batch in batches]),
        "attributes": _texts([batch.attributes for batch in batches]),
        "resource": _texts([batch.resource for batch in batches]),
        "source": _texts([batch.source for batch in batches]),
    }


def span_arrays(batches: list[SpanColumns], first_seq: int) -> Arrays:
    """Return the columns of the table `spans`."""
    rows = sum(batch.rows for batch in batches)
    return {
        "seq": np.arange(first_seq, first_seq + rows, dtype=np.int64),
        "trace_id": _texts([batch.trace_id for batch in batches]),
        "span_id": _texts([batch.span_id for batch in batches]),
        "parent_id": _texts([batch.parent_id for batch in batches]),
        "service": _texts([batch.service for batch in batches]),
        "operation": _texts([batch.operation for batch in batches]),
        "kind": _numbers([batch.kind for batch in batches], np.uint8),
        "start_ns": _numbers([batch.start_ns for batch in batches], np.int64),
        "duration_ns": _numbers([batch.duration_ns for batch in batches], np.int64),
        "status": _numbers([batch.status for batch in batches], np.uint8),
        "status_message": _texts([batch.status_message for batch in batches]),
        "attributes": _texts([batch.attributes for batch in batches]),
        "resource": _texts([batch.resource for batch in batches]),
        "events": _texts([batch.events for batch in batches]),
        "links": _texts([batch.links for batch in batches]),
    }


def _numbers(parts: list[list[int]], dtype: type[np.integer[Any]]) -> NDArray[Any]:
    return np.concatenate([np.array(part, dtype=dtype) for part in parts])


def _texts(parts: list[list[str]]) -> NDArray[np.object_]:
    return np.array(parts[0] if len(parts) == 1 else list(chain.from_iterable(parts)), dtype=object)
