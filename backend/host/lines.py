"""Raw lines as log columns: level, time, fields and ids recognised."""

from collections.abc import Sequence
from pathlib import Path

import orjson

from backend.ingest.columns import BODY_LIMIT, LogColumns, time_fault
from backend.ingest.recognise import recognise


def columns_of_lines(lines: Sequence[str], path: str, resource: str, now_ns: int) -> LogColumns:
    """Return the lines of one file as records; a line without a time gets that of its arrival."""
    columns = LogColumns()
    fallback = Path(path).stem
    for line in lines:
        found = recognise(line, now_ns=now_ns)
        ts_ns = found.ts_ns if found.ts_ns is not None and not time_fault(found.ts_ns, now_ns) else now_ns
        columns.ts_ns.append(ts_ns)
        columns.observed_ns.append(now_ns)
        columns.level.append(found.level)
        columns.service.append(found.service or fallback)
        columns.body.append(found.body[:BODY_LIMIT])
        columns.trace_id.append(found.trace_id)
        columns.span_id.append(found.span_id)
        columns.attributes.append(orjson.dumps({**found.fields, "log.file.path": path}).decode())
        columns.resource.append(resource)
        columns.source.append("file")
    return columns
