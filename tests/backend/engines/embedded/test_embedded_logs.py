import asyncio
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api_client.contract.logs import LogLevel
from backend.clock import SystemClock
from backend.engines.embedded.log_predicate import predicate
from backend.engines.embedded.store import EmbeddedStore
from backend.errors import InvalidRequest, NotFound, QueryInvalid
from backend.ingest.columns import LogColumns
from backend.logs.port import LogQuestion
from backend.logs.query import And, Not, Or, Term, parse
from backend.window import Window

S = 1_000_000_000
T0 = 1_700_000_000 * S
ALWAYS = Window(0, 2**62)

BODIES = ["Connection reset by peer", "GET /a%b_c* 200", "İstanbul KELVIN \u212a", "", 'say "hi" \\ there', "timed out"]


def columns(rows):
    out = LogColumns()
    for ts_ns, level, service, body, attributes, resource in rows:
        out.ts_ns.append(ts_ns)
        out.observed_ns.append(ts_ns)
        out.level.append(level)
        out.service.append(service)
        out.body.append(body)
        out.trace_id.append("")
        out.span_id.append("")
        out.attributes.append(json.dumps(attributes, separators=(",", ":"), ensure_ascii=False))
        out.resource.append(json.dumps(resource, separators=(",", ":"), ensure_ascii=False))
        out.source.append("test")
    return out


ROWS = [
    (T0 + n * 7 * S, n % 6, f"svc{n % 3}", BODIES[n % len(BODIES)], {"status": str(490 + n), "a/b~c": "x"} if n % 2 else {},
     {"host": f"h{n % 2}", "status": "none"})
    for n in range(40)
]  # fmt: skip


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    loop = asyncio.new_event_loop()
    store = EmbeddedStore.open(tmp_path_factory.mktemp("logs"), clock=SystemClock(), retention=None)
    store._keeper._due = float("inf")  # the rows are older than the retention
    loop.run_until_complete(store.intake.logs(columns(ROWS)))
    yield store, loop.run_until_complete
    loop.run_until_complete(store.close())
    loop.close()


def ids(records):
    return [int(record.id) for record in records]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("RESET", lambda row: "reset" in row[3].lower()),
        ("reset peer", lambda row: "reset" in row[3]),
        ("-reset", lambda row: "reset" not in row[3]),
        ('"say \\"hi\\""', lambda row: "say" in row[3]),
        ("%b_c", lambda row: "%b_c" in row[3]),
        ("con*reset", lambda row: "reset" in row[3]),
        ("/a%b_c\\*/", lambda row: "GET" in row[3]),
        ("/(?i)RESET|timed/", lambda row: "reset" in row[3] or "timed" in row[3]),
        ("level:error", lambda row: row[1] == 4),
        ("level:>=warn", lambda row: row[1] >= 3),
        ("service:svc1", lambda row: row[2] == "svc1"),
        ("service:svc?", lambda row: True),
        ("host:h1", lambda row: row[5]["host"] == "h1"),
        ("-status:>=500", lambda row: not ("status" in row[4] and int(row[4]["status"]) >= 500)),
        ("status:[495 TO 499]", lambda row: 495 <= int(row[4].get("status", 0)) <= 499),
        ('"a/b~c":x', lambda row: "a/b~c" in row[4]),
        ("missing:*", lambda row: False),
        ("-missing:x", lambda row: True),
        ("istanbul", lambda row: row[3].startswith("İ")),
    ],
)
def test_queries_find_what_they_say(rig, text, fits):
    store, wait = rig
    page = wait(store.logs.search(LogQuestion(ALWAYS, parse(text)), limit=1000))
    wanted = [n for n, row in enumerate(ROWS, 1) if fits(row)]
    assert ids(page.records) == wanted[::-1]
    assert ids(wait(store.logs.after(LogQuestion(ALWAYS, parse(text)), "0", 1000))) == wanted


def test_pages_follow_one_another_without_loss_or_repeat_in_both_orders(rig):
    store, wait = rig
    for newest_first in (True, False):
        seen, cursor = [], None
        while True:
            asked = store.logs.search(LogQuestion(ALWAYS), limit=7, newest_first=newest_first, cursor=cursor)
            page = wait(asked)
            seen += ids(page.records)
            cursor = page.cursor
            if cursor is None:
                break
        assert seen == (list(range(40, 0, -1)) if newest_first else list(range(1, 41)))


def test_filters_histogram_and_counts_agree(rig):
    store, wait = rig
    question = LogQuestion(Window(T0, T0 + 280 * S), levels=(LogLevel.ERROR, LogLevel.INFO), labels={"host": "h0"})
    found = wait(store.logs.search(question, limit=1000)).records
    counts = wait(store.logs.aggregations(question))
    histogram = wait(store.logs.histogram(question, 60 * S))
    assert sum(counts.levels.values()) == sum(counts.services.values()) == len(found) > 0
    assert sum(sum(bucket.counts.values()) for bucket in histogram.buckets) == len(found)
    assert len(histogram.buckets) == 5


def test_context_stays_in_the_service_and_unknown_ids_are_not_found(rig):
    store, wait = rig
    context = wait(store.logs.context("10", 2, 2))
    assert (ids(context.before), ids([context.record]), ids(context.after)) == ([4, 7], [10], [13, 16])
    for unknown in ("999999", "x", "-1", "9" * 40):
        with pytest.raises(NotFound):
            wait(store.logs.context(unknown, 1, 1))


def test_a_wrong_expression_is_shown_in_its_place_and_a_strange_cursor_refused(rig):
    store, wait = rig
    with pytest.raises(QueryInvalid) as found:
        wait(store.logs.search(LogQuestion(ALWAYS, parse("a /b(/")), limit=1))
    assert (found.value.details[0].start, found.value.details[0].end) == (2, 6)
    with pytest.raises(InvalidRequest):
        wait(store.logs.search(LogQuestion(ALWAYS), limit=1, cursor="drop table"))


def test_fields_offer_names_and_their_most_frequent_values(rig):
    store, wait = rig
    fields = wait(store.logs.fields(ALWAYS, 2))
    assert set(fields) == {"service", "level", "status", "host", "a/b~c"}
    assert fields["host"] == ["h1", "h0"] or fields["host"] == ["h0", "h1"]


words = st.sampled_from(["reset", "GET", "i", "K", "İ", "é", "timed out", "", "%", '"hi"', "h1", "none", "495"])
leaves = st.builds(Term, words, st.sampled_from([None, "message", "service", "host", "status", "source"])) | st.builds(
    Term, st.sampled_from(["error", "INFO"]), st.just("level")
)
nodes = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Not, inner) | st.builds(And, st.tuples(inner, inner)) | st.builds(Or, st.tuples(inner, inner))
    ),
    max_leaves=6,
)


@given(nodes)
@settings(max_examples=120, deadline=None)
def test_the_ring_and_the_database_give_the_same_answer(rig, node):
    store, wait = rig
    question = LogQuestion(ALWAYS, node)
    searched = wait(store.logs.search(question, limit=1000, newest_first=False)).records
    followed = wait(store.logs.after(question, "0", 1000))
    assert list(followed) == list(searched)


def test_plain_questions_are_decided_in_memory():
    assert predicate(LogQuestion(ALWAYS, parse("level:error reset -peer host:h1")))
    assert predicate(LogQuestion(ALWAYS, parse("/x/"))) is None
