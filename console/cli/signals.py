"""The commands that ask and act: logs, metrics, traces, alerts, sources."""

import argparse
import sys
from contextlib import aclosing
from typing import TYPE_CHECKING

from console.cli.output import print_items, print_json_line, print_rows
from console.cli.session import NOTHING, OK, complain, window
from widgets.text import clean

if TYPE_CHECKING:
    from api_client.client import AirisClient
    from api_client.contract.logs import LogRecord
    from api_client.contract.traces import Span, Trace

_LOG_COLUMNS = {"timestamp": "TIME", "level": "LEVEL", "service": "SERVICE", "message": "MESSAGE"}
_TRACE_COLUMNS = {"trace_id": "TRACE", "start_time": "START", "duration_ms": "MS", "span_count": "SPANS",
                  "error_count": "ERRORS", "root_service": "SERVICE", "root_operation": "OPERATION"}  # fmt: skip
_ALERT_COLUMNS = {"id": "ID", "severity": "SEVERITY", "status": "STATUS", "started_at": "SINCE", "rule_name": "ALERT",
                  "who": "ACK", "summary": "SUMMARY"}  # fmt: skip
_SOURCE_COLUMNS = {"state": "STATE", "name": "SOURCE", "kind": "KIND", "signal": "SIGNAL", "lag_s": "LAG S",
                   "rate_per_s": "RATE/S", "last_error": "LAST ERROR", "detail": "DETAIL"}  # fmt: skip


async def logs_search(client: "AirisClient", arguments: argparse.Namespace) -> int:
    """Print matching lines, oldest first."""
    from api_client.resources.logs import LogQuery

    start, end = window(arguments)
    query = LogQuery(" ".join(arguments.query), start, end, service=arguments.service)
    found: list[LogRecord] = []
    cursor = None
    while len(found) < arguments.limit:
        size = min(1000, arguments.limit - len(found))
        answered = await client.logs.search(query, size=size, cursor=cursor)
        found += answered.data.logs
        cursor = answered.pagination.cursor if answered.pagination else None
        if cursor is None:
            break
    print_items(found[::-1], arguments.output, _LOG_COLUMNS)
    if cursor is not None:
        print(f"airis: these are the newest {len(found)} of more; raise --limit", file=sys.stderr)
    return OK if found else NOTHING


async def logs_tail(client: "AirisClient", arguments: argparse.Namespace) -> int:
    """Print lines as they arrive; a lost connection resumes without loss or repeat, and is told on standard error."""
    from api_client.contract.logs import LogStreamBatch
    from api_client.resources.logs import LogQuery
    from api_client.stream import ConnectionChanged

    query = LogQuery(" ".join(arguments.query), service=arguments.service)
    stream = aiter(client.logs.follow(query))
    async with aclosing(stream) as items:  # so that its connection is closed while the loop still runs
        async for item in items:
            if isinstance(item, LogStreamBatch):
                for record in item.logs:
                    _print_record(record, arguments.output)
            elif isinstance(item, ConnectionChanged):
                if item.connection.value == "lost":
                    print(f"airis: {clean(item.reason)}; again in {item.retry_in_s:.1f} s", file=sys.stderr)
            else:
                gap = f"up to {item.count} lines were not sent ({item.start} to {item.end})"
                print(f"airis: gap: {gap}", file=sys.stderr)
    return OK


def _print_record(record: "LogRecord", form: str) -> None:
    if form != "table":
        print_json_line(record)
        return
    level = record.level.value if record.level else "-"
    service, message = clean(record.service), clean(record.message, 100_000)
    print(f"{record.timestamp:%Y-%m-%d %H:%M:%S.%f} {level:<5} [{service}] {message}", flush=True)


async def metrics_query(client: "AirisClient", arguments: argparse.Namespace) -> int:
    """Evaluate PromQL: at one instant, or over --range with --step."""
    from api_client.contract.metrics import PromqlQuery
    from api_client.errors import Rejected
    from console.feeds.charts import step_for

    expr = " ".join(arguments.query)
    query = PromqlQuery(id="q", expr=expr)
    if arguments.range:
        start, end = window(arguments)
        step = arguments.step or step_for((end - start).total_seconds(), 100)
        query = PromqlQuery.model_validate({"id": "q", "expr": expr, "from": start, "to": end, "step": step})
    result = (await client.metrics.promql((query,)))["q"]
    if result.error:
        raise Rejected(result.error.message, code=result.error.code.value, details=result.error.details)
    for warning in result.warnings:
        print(f"airis: {clean(warning)}", file=sys.stderr)
    rows = [
        {"metric": item.labels, "time": at, "value": value}
        for item in result.series
        for at, value in zip(item.timestamps, item.values, strict=True)
    ]
    print_rows(rows, arguments.output, {"time": "TIME", "value": "VALUE", "metric": "SERIES"})
    return OK if rows else NOTHING


async def metrics_names(client: "AirisClient", arguments: argparse.Namespace) -> int:
    """Print metric names in use."""
    start, end = window(arguments)
    names = await client.metrics.names(start=start, end=end)
    print_rows([{"name": name} for name in names], arguments.output, {"name": "NAME"})
    return OK if names else NOTHING


async def traces_search(client: "AirisClient", arguments: argparse.Namespace) -> int:
    """Print matching traces, newest first."""
    from dataclasses import replace

    from console.feeds.traces import QueryUnclear, parse_search

    start, end = window(arguments)
    try:
        search = parse_search(" ".join(arguments.query))
    except QueryUnclear as error:
        return complain(str(error), 2)
    service = search.query.service or arguments.service
    answered = await client.traces.search(replace(search.query, start=start, end=end, service=service), arguments.limit)
    print_items(answered.data, arguments.output, _TRACE_COLUMNS)
    if answered.meta and answered.meta.truncated:
        print(f"airis: these are the newest {len(answered.data)} of more; raise --limit", file=sys.stderr)
    return OK if answered.data else NOTHING


async def traces_show(client: "AirisClient", arguments: argparse.Namespace) -> int:
    """Print one trace: a tree for people, the spans for programs."""
    trace = await client.traces.get(arguments.trace_id)
    if arguments.output == "table":
        _print_tree(trace)
    else:
        print_items(trace.spans, arguments.output, {})
    return OK


def _print_tree(trace: "Trace") -> None:
    from console.present.traces import span_rows, trace_title
    from widgets.trace_waterfall import build_tree

    tree = build_tree(span_rows(trace))
    spans: dict[str, Span] = {span.span_id: span for span in trace.spans}
    print(f"{trace.trace_id}  {trace_title(trace)}")
    for place, row in enumerate(tree.spans):
        mark = "✗" if row.error else " "
        indent = "  " * tree.depths[place]
        status = f"  {clean(spans[row.id].status_message, 200)}" if row.error and row.id in spans else ""
        print(
            f"{row.offset_ms:>10.3f} {row.duration_ms:>10.3f} ms {mark} {indent}{row.service}: {row.operation}{status}"
        )


async def alerts_list(client: "AirisClient", arguments: argparse.Namespace) -> int:
    """Print alerts, the worst first."""
    from api_client.contract.alerts import AlertStatus
    from console.present.alerts import summary

    statuses = [AlertStatus(word) for word in arguments.status or ("firing", "pending")]
    start, end = window(arguments) if arguments.range else (None, None)
    events = await client.alerts.events(statuses=statuses, start=start, end=end)
    rows = [
        {**event.model_dump(mode="json", exclude_none=True), "summary": summary(event),
         "who": event.ack.by if event.ack else "-"}
        for event in events
    ]  # fmt: skip
    print_rows(rows, arguments.output, _ALERT_COLUMNS)
    return OK if rows else NOTHING


async def alerts_ack(client: "AirisClient", arguments: argparse.Namespace) -> int:
    """Take alerts; prints each once the platform has confirmed it."""
    from console.feeds.alerts import ack

    events = [await ack(client, event_id, arguments.comment) for event_id in arguments.ids]
    print_items(events, arguments.output, {"id": "ID", "rule_name": "ALERT", "status": "STATUS", "ack": "ACK"})
    return OK


async def alerts_unack(client: "AirisClient", arguments: argparse.Namespace) -> int:
    """Give alerts back."""
    from console.feeds.alerts import unack

    events = [await unack(client, event_id) for event_id in arguments.ids]
    print_items(events, arguments.output, {"id": "ID", "rule_name": "ALERT", "status": "STATUS"})
    return OK


async def sources(client: "AirisClient", arguments: argparse.Namespace) -> int:
    """Print every source; the exit status is 1 where one fails."""
    found = await client.system.sources()
    print_items(found, arguments.output, _SOURCE_COLUMNS)
    return 1 if any(source.state.value == "failing" for source in found) else OK
