import asyncio

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.clock import SystemClock
from backend.engines.embedded import ring
from backend.engines.embedded.store import EmbeddedStore
from backend.ingest.columns import LogColumns
from backend.logs.port import LogQuestion
from backend.window import Window

ALWAYS = Window(0, 2**62)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
rows = st.tuples(st.integers(0, 2**60), st.integers(0, 5), texts, texts, st.dictionaries(texts, texts, max_size=3))


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    loop = asyncio.new_event_loop()
    store = EmbeddedStore.open(tmp_path_factory.mktemp("trip"), clock=SystemClock())
    store._keeper._due = float("inf")
    yield store, loop.run_until_complete
    loop.run_until_complete(store.close())
    loop.close()


def columns(found):
    out = LogColumns()
    for ts_ns, level, service, body, attributes in found:
        for column, value in zip(
            (out.ts_ns, out.observed_ns, out.level, out.service, out.body, out.trace_id, out.span_id, out.attributes,
             out.resource, out.source),
            (ts_ns, ts_ns, level, service, body, "", "", orjson.dumps(attributes).decode(), "{}", "t"),
            strict=True,
        ):  # fmt: skip
            column.append(value)
    return out


@given(st.lists(rows, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_what_comes_in_comes_out_from_memory_and_from_disk(rig, found):
    store, wait = rig
    before = wait(store.logs.newest_id())
    wait(store.intake.logs(columns(found)))
    recent = wait(store.logs.after(LogQuestion(ALWAYS), before, 10))
    held, store.logs._ring = store.logs._ring, ring.LogRing()
    stored = wait(store.logs.after(LogQuestion(ALWAYS), before, 10))
    store.logs._ring = held
    assert list(recent) == list(stored)
    assert [(r.service, r.message, r.labels) for r in stored] == [(row[2], row[3], row[4]) for row in found]


def test_a_ring_without_room_leaves_the_answer_to_the_database(monkeypatch):
    monkeypatch.setattr(ring, "MAX_ROWS", 2)
    small = ring.LogRing()
    small.append(1, columns([(1, 1, "a", "x", {})] * 3))
    assert small.after(0) is None
    small.append(4, columns([(1, 1, "a", "y", {})]))
    assert small.after(2) is None
    assert [seq for seq, _, _ in small.after(3)] == [4]
