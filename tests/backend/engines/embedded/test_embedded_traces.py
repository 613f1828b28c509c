import asyncio

import pytest

from backend.clock import SystemClock
from backend.engines.embedded.store import EmbeddedStore
from backend.errors import NotFound
from backend.ingest.columns import SpanColumns
from backend.traces.port import TraceQuestion
from backend.window import Window

MS = 1_000_000
T0 = 1_700_000_000_000 * MS
WINDOW = Window(T0, T0 + 60_000 * MS)

#        id, parent, service, operation, kind, start, duration, status
SPANS = [
    (1, 0, "web", "GET /buy", 2, 0, 100, 0),
    (2, 1, "web", "call cart", 3, 10, 50, 2),
    (3, 2, "cart", "GetCart", 2, 12, 40, 2),
    (4, 3, "db", "SELECT", 3, 15, 30, 0),
]


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    loop = asyncio.new_event_loop()
    store = EmbeddedStore.open(tmp_path_factory.mktemp("traces"), clock=SystemClock())
    store._keeper._due = float("inf")  # the spans are older than the retention
    columns = SpanColumns()
    for trace in range(1, 4):
        for span, parent, service, operation, kind, start, duration, status in [*SPANS, SPANS[0]]:
            columns.trace_id.append(f"{trace:032x}")
            columns.span_id.append(f"{span:016x}")
            columns.parent_id.append(f"{parent:016x}" if parent else "")
            columns.service.append(service)
            columns.operation.append(operation)
            columns.kind.append(kind)
            columns.start_ns.append(T0 + trace * 1000 * MS + start * MS + 1)
            columns.duration_ns.append(duration * MS * trace)
            columns.status.append(status)
            columns.status_message.append("")
            columns.attributes.append(f'{{"cart.items":"{trace}"}}')
            columns.resource.append('{"host":"h"}')
            columns.events.append(f'[{{"t":{T0},"n":"exception","a":{{"k":"v"}}}}]' if status else "[]")
            columns.links.append("[]")
    loop.run_until_complete(store.intake.spans(columns))
    yield store.traces, loop.run_until_complete
    loop.run_until_complete(store.close())
    loop.close()


def test_a_trace_is_whole_ordered_and_without_repeated_spans(rig):
    traces, wait = rig
    trace = wait(traces.trace("2"))
    assert [span.operation_name for span in trace.spans] == ["GET /buy", "call cart", "GetCart", "SELECT"]
    assert (trace.span_count, trace.error_count, trace.root_span) == (4, 2, f"{1:016x}")
    assert trace.total_duration_ms == 200.0
    assert trace.spans[1].start_offset_ms == 10.0
    assert trace.spans[1].events[0].attributes == {"k": "v"}
    with pytest.raises(NotFound):
        wait(traces.trace("f" * 32))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [3, 2, 1]),
        ({"service": "cart"}, [3, 2, 1]),
        ({"tags": {"cart.items": "2"}}, [2]),
        ({"min_duration_ns": 150 * MS}, [3, 2]),
        ({"service": "web", "operation": "call cart", "max_duration_ns": 60 * MS}, [1]),
        ({"error": True, "text": "getCART"}, [3, 2, 1]),
        ({"service": "db", "error": True}, []),
    ],
)
def test_search_finds_traces_with_one_span_that_fits_it_all_newest_first(rig, asked, found):
    traces, wait = rig
    summaries, more = wait(traces.search(TraceQuestion(WINDOW, **asked), 10))
    assert [int(each.trace_id, 16) for each in summaries] == found
    assert not more
    for each in summaries:
        assert (each.root_service, each.root_operation, each.span_count) == ("web", "GET /buy", 4)
        assert each.services == ("cart", "db", "web")


def test_search_says_when_there_were_more(rig):
    traces, wait = rig
    summaries, more = wait(traces.search(TraceQuestion(WINDOW), 2))
    assert (len(summaries), more) == (2, True)


def test_services_operations_and_dependencies_count_entry_spans(rig):
    traces, wait = rig
    services = {each.service: each for each in wait(traces.services(WINDOW, 6))}
    assert set(services) == {"web", "cart"}
    assert services["cart"].error_ratio == 1.0
    assert len(services["cart"].rates) == 6
    assert sum(services["cart"].rates) * 10 == pytest.approx(3)
    assert [each.operation for each in wait(traces.operations("web", WINDOW))] == ["GET /buy"]
    edges = {(edge.caller, edge.callee): edge for edge in wait(traces.dependencies(WINDOW)).edges}
    assert set(edges) == {("web", "cart"), ("cart", "db")}
    assert edges["web", "cart"].call_count == 3
    assert edges["cart", "db"].avg_duration_ms == 60.0
