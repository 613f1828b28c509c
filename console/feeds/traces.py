"""Traces: a search typed in one line, and one trace as a waterfall."""

import asyncio
import re
import shlex
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from api_client.resources.traces import TraceQuery
from console.present.traces import TraceRow, span_rows, trace_row
from widgets.trace_waterfall import SpanTree, build_tree

if TYPE_CHECKING:
    from api_client.client import AirisClient
    from api_client.contract.traces import Trace

LIMIT = 200
_DURATION = re.compile(r"^(>|<|>=|<=)?(\d+(?:\.\d+)?(?:us|ms|s|m))$")


class QueryUnclear(ValueError):
    """A typed search cannot be understood; the message says which part."""


@dataclass(frozen=True, slots=True)
class TraceSearch:
    """A search as it was typed, understood."""

    query: TraceQuery = field(default_factory=TraceQuery)
    trace_id: str = ""
    """A single trace that was asked for."""


def parse_search(text: str) -> TraceSearch:
    """Understand `error:true service:checkout duration:>100ms http.route:/cart words`."""
    try:
        parts = shlex.split(text)
    except ValueError as error:
        raise QueryUnclear(f"a quotation mark is not closed ({error})") from error
    query = TraceQuery()
    words: list[str] = []
    tags: dict[str, str] = {}
    trace_id = ""
    for part in parts:
        name, colon, value = part.partition(":")
        if not colon:
            words.append(part)
        elif not value:
            raise QueryUnclear(f"“{part}” needs a value after the colon")
        elif name == "trace":
            trace_id = value
        elif name == "error":
            query = replace(query, error=_flag(value))
        elif name == "duration":
            query = _with_duration(query, value)
        elif name == "service":
            query = replace(query, service=value)
        elif name == "operation":
            query = replace(query, operation=value)
        else:
            tags[name] = value
    return TraceSearch(replace(query, tags=tags, text=" ".join(words) or None), trace_id)


def _flag(value: str) -> bool:
    if value not in {"true", "false"}:
        raise QueryUnclear(f"error:{value}: write error:true or error:false")
    return value == "true"


def _with_duration(query: TraceQuery, value: str) -> TraceQuery:
    match = _DURATION.match(value)
    if not match:
        raise QueryUnclear(f"duration:{value}: write duration:>100ms or duration:<2s")
    if match[1] and match[1].startswith("<"):
        return replace(query, max_duration=match[2])
    return replace(query, min_duration=match[2])


async def search_traces(
    client: "AirisClient", search: TraceSearch, service: str | None, window: tuple[float, float]
) -> tuple[tuple[TraceRow, ...], bool]:
    """Return matching traces as rows, newest first, and whether there are more."""
    start, end = (datetime.fromtimestamp(at, UTC) for at in window)
    query = replace(search.query, start=start, end=end, service=search.query.service or service)
    answered = await client.traces.search(query, LIMIT)
    return tuple(map(trace_row, answered.data)), bool(answered.meta and answered.meta.truncated)


async def load_trace(client: "AirisClient", trace_id: str) -> "tuple[Trace, SpanTree]":
    """Return a trace and its tree; the tree of a large one is built in a thread."""
    trace = await client.traces.get(trace_id)
    return trace, await asyncio.to_thread(lambda: build_tree(span_rows(trace)))
