"""A live tail over HTTP resumes without loss or repeat, and says what it leaves out."""

import asyncio
import json
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from api_client.contract.logs import DroppedSpan, LogRecord
from backend.clock import SystemClock
from backend.logs.port import LogQuestion
from backend.logs.tail import BATCH, MAX_BEHIND, Tail
from backend.window import Window
from tests.fakes.process import platform

PATH = "/api/v1/logs/stream/sse"


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    with platform(tmp_path_factory.mktemp("tail") / "data", "--no-host") as found:
        yield found


def events(response):
    """Yield id, event and data of each event of a stream."""
    current = {}
    for line in response.iter_lines():
        if not line and "data" in current:
            yield current.get("id", ""), current.get("event", ""), json.loads(current["data"])
        if not line:
            current = {}
            continue
        name, _, value = line.partition(": ")
        current[name] = value


def send(http, count, service, start=0, **more):
    logs = [{"message": f"line {number}", "service": service, **more} for number in range(start, start + count)]
    assert http.post("/api/v1/logs/batch", json={"logs": logs}).status_code == 202


def test_a_tail_that_is_cut_again_and_again_loses_and_repeats_nothing(process):
    wanted, got, last = 5000, [], ""
    started = threading.Event()

    def ingest():
        started.wait(10)
        with process.http(timeout=30) as http:
            for start in range(0, wanted, 250):
                send(http, 250, "steady", start)
                time.sleep(0.02)

    sender = threading.Thread(target=ingest)
    sender.start()
    cuts, end = 0, time.monotonic() + 25
    with process.http(timeout=15) as http:
        while len(got) < wanted and time.monotonic() < end:
            headers = {"Last-Event-ID": last} if last else {}
            with http.stream("GET", PATH, params={"service": "steady"}, headers=headers) as response:
                assert response.status_code == 200
                before = len(got)
                for last, event, body in events(response):
                    assert event == "batch"
                    assert body["cursor"] == last
                    got += [record["message"] for record in body["logs"]]
                    started.set()
                    if len(got) - before >= 700 or len(got) >= wanted:
                        cuts += 1
                        break
    sender.join(10)
    assert got == [f"line {number}" for number in range(wanted)]
    assert cuts > 4


def test_only_what_fits_the_question_comes(process):
    asked = {"q": "boom -quiet", "level": "ERROR", "service": "chosen"}
    with process.http(timeout=15) as http, http.stream("GET", PATH, params=asked) as response:
        incoming = events(response)
        assert next(incoming)[2]["logs"] == []
        with process.http(timeout=15) as other:
            for level, message, service in (
                ("INFO", "boom", "chosen"),
                ("ERROR", "boom", "another"),
                ("ERROR", "calm", "chosen"),
                ("ERROR", "boom but quiet", "chosen"),
                ("ERROR", "boom at last", "chosen"),
            ):
                other.post("/api/v1/logs", json={"message": message, "level": level, "service": service})
        found = next(body["logs"] for _, _, body in incoming if body["logs"])
    assert [record["message"] for record in found] == ["boom at last"]


@pytest.mark.parametrize("last", ["abc", "-1", "1.5", "1 2", "9" * 40, "0x10"])
def test_an_id_that_was_never_given_is_refused(process, last):
    with process.http(timeout=10) as http:
        response = http.get(PATH, headers={"Last-Event-ID": last})
    assert response.status_code == 400
    assert "Last-Event-ID" in response.json()["error"]["message"]


def test_a_wrong_query_is_refused_before_the_stream_begins(process):
    with process.http(timeout=10) as http:
        response = http.get(PATH, params={"q": "(unclosed"})
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "SEARCH_QUERY_ERROR"


def test_an_id_of_a_store_that_is_no_more_means_now(process):
    with (
        process.http(timeout=15) as http,
        http.stream("GET", PATH, params={"service": "anew"}, headers={"Last-Event-ID": "9" * 18}) as response,
    ):
        incoming = events(response)
        assert int(next(incoming)[0]) < int("9" * 18)
        with process.http(timeout=15) as other:
            send(other, 1, "anew")
        assert next(body["logs"] for _, _, body in incoming if body["logs"])[0]["message"] == "line 0"


BEGIN = datetime(2026, 1, 15, 12, tzinfo=UTC)


class Shelf:
    """A log engine and its arrivals: record n was written n milliseconds after the beginning."""

    def __init__(self, newest):
        self.newest = newest

    async def newest_id(self):
        return str(self.newest)

    async def wait_newer(self, seq, timeout):
        if self.newest > seq:
            return True
        await asyncio.sleep(min(timeout, 0.01))
        return self.newest > seq

    async def after(self, question, record_id, limit):
        first = int(record_id) + 1
        return [
            LogRecord(id=str(n), timestamp=BEGIN + timedelta(milliseconds=n), message=f"line {n}", service="s")
            for n in range(first, min(self.newest, first + limit - 1) + 1)
        ]


def tailed(shelf, resume):
    return Tail(shelf, shelf, SystemClock()).follow(LogQuestion(Window(0, 1)), resume)


async def test_a_reader_too_far_behind_is_told_which_ids_and_times_it_misses():
    shelf = Shelf(MAX_BEHIND + 5000)
    stream = tailed(shelf, "100")
    assert (await anext(stream)).id == "100"
    dropped = await anext(stream)
    assert dropped.event == "dropped"
    assert isinstance(dropped.data, DroppedSpan)
    skipped_to = shelf.newest - BATCH
    assert (dropped.data.first_id, dropped.data.last_id, dropped.id) == ("101", str(skipped_to), str(skipped_to))
    assert dropped.data.count == skipped_to - 100
    assert dropped.data.start == BEGIN + timedelta(milliseconds=101)
    assert abs(dropped.data.end - (BEGIN + timedelta(milliseconds=skipped_to))) <= timedelta(milliseconds=1)
    batch = await anext(stream)
    assert [record.id for record in batch.data.logs] == [str(n) for n in range(skipped_to + 1, shelf.newest + 1)]


async def test_a_reader_just_within_the_bound_gets_everything():
    shelf = Shelf(MAX_BEHIND)
    stream = tailed(shelf, "0")
    await anext(stream)
    seen = []
    while len(seen) < 5 * BATCH:
        event = await anext(stream)
        assert event.event == "batch"
        seen += [int(record.id) for record in event.data.logs]
    assert seen == list(range(1, 5 * BATCH + 1))


async def test_nothing_new_is_a_sign_of_life():
    shelf = Shelf(7)
    stream = tailed(shelf, None)
    assert (await anext(stream)).id == "7"
    alive = await anext(stream)
    assert alive.data is None
    assert alive.encode().startswith(b":")
