import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backend.clock import SystemClock
from backend.engines.embedded import retention, series_index
from backend.engines.embedded.directory_lock import DirectoryInUse
from backend.engines.embedded.retention import Retention
from backend.engines.embedded.store import EmbeddedStore
from backend.errors import Overloaded, Unavailable
from backend.ingest.columns import LogColumns
from backend.ingest.sample_builder import SampleBuilder
from backend.logs.port import LogQuestion
from backend.logs.query import parse
from backend.window import Window

ALWAYS = Window(0, 2**62)


def lines(count, *, first=0, ts_ns=None, width=0):
    start = time.time_ns() - 10**10 if ts_ns is None else ts_ns
    return LogColumns(
        ts_ns=[start + n for n in range(count)],
        observed_ns=[start] * count,
        level=[2] * count,
        service=["api"] * count,
        body=[f"line {first + n} " + os.urandom(width // 2).hex() for n in range(count)],
        trace_id=[""] * count,
        span_id=[""] * count,
        attributes=["{}"] * count,
        resource=["{}"] * count,
        source=["test"] * count,
    )


async def test_what_was_acknowledged_is_there_after_a_restart_and_ids_go_on(tmp_path):
    store = EmbeddedStore.open(tmp_path, clock=SystemClock())
    await store.intake.logs(lines(3))
    await store.close()
    store = EmbeddedStore.open(tmp_path, clock=SystemClock())
    await store.intake.logs(lines(2, first=3))
    found = await store.logs.after(LogQuestion(ALWAYS), "0", 10)
    assert [record.id for record in found] == ["1", "2", "3", "4", "5"]
    assert store.stats().logs.rows == 5
    await store.close()


async def test_ids_are_not_given_twice_after_retention_took_the_newest(tmp_path):
    store = EmbeddedStore.open(tmp_path, clock=SystemClock(), retention=Retention(max_age_s=3600))
    await store.intake.logs(lines(5, ts_ns=time.time_ns() - 7200 * 10**9))
    await store.close()
    store = EmbeddedStore.open(tmp_path, clock=SystemClock(), retention=Retention(max_age_s=3600))
    for _ in range(40):
        if store.stats().logs.rows == 0:
            break
        await asyncio.sleep(0.1)
    assert store.stats().logs.rows == 0
    await store.close()
    store = EmbeddedStore.open(tmp_path, clock=SystemClock())
    assert await store.logs.newest_id() == "5"
    await store.close()


async def test_a_second_opening_of_the_directory_is_refused_by_name_and_pid(tmp_path):
    store = EmbeddedStore.open(tmp_path, clock=SystemClock())
    with pytest.raises(DirectoryInUse, match=str(os.getpid())) as refused:
        EmbeddedStore.open(tmp_path, clock=SystemClock())
    assert str(tmp_path) in str(refused.value)
    other = (
        "import sys; from pathlib import Path; from backend.clock import SystemClock; "
        "from backend.engines.embedded.store import EmbeddedStore; EmbeddedStore.open(Path(sys.argv[1]), clock=SystemClock())"
    )
    run = subprocess.run([sys.executable, "-c", other, str(tmp_path)], capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "DirectoryInUse" in run.stderr
    await store.close()


async def test_a_full_queue_refuses_and_says_when_to_come_back(tmp_path):
    store = EmbeddedStore.open(tmp_path, clock=SystemClock(), queue_rows=1000)
    outcomes = await asyncio.gather(*(store.intake.logs(lines(500)) for _ in range(50)), return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Overloaded)]
    assert refused
    assert refused[0].retry_after_s >= 1
    assert store.stats().logs.rows == 500 * (50 - len(refused))
    await store.close()


async def test_a_closed_store_refuses_new_rows_and_closing_twice_is_fine(tmp_path):
    store = EmbeddedStore.open(tmp_path, clock=SystemClock())
    await store.close()
    await store.close()
    with pytest.raises(Unavailable):
        await store.intake.logs(lines(1))


async def test_one_bad_parcel_does_not_spoil_the_others_of_its_group(tmp_path):
    store = EmbeddedStore.open(tmp_path, clock=SystemClock())
    bad = lines(1)
    bad.level[0] = 4711
    outcomes = await asyncio.gather(
        store.intake.logs(lines(2)), store.intake.logs(bad), store.intake.logs(lines(2)), return_exceptions=True
    )
    assert outcomes[0] is None
    assert isinstance(outcomes[1], Unavailable)
    assert outcomes[2] is None
    assert [record.id for record in await store.logs.after(LogQuestion(ALWAYS), "0", 10)] == ["1", "2", "3", "4"]
    assert store.stats().last_error
    await store.close()


async def test_a_follower_is_woken_by_the_next_record_and_not_before(tmp_path):
    store = EmbeddedStore.open(tmp_path, clock=SystemClock())
    assert not await store.log_arrivals.wait_newer(0, 0.05)
    waiting = asyncio.create_task(store.log_arrivals.wait_newer(0, 5))
    await asyncio.sleep(0.02)
    await store.intake.logs(lines(1))
    assert await asyncio.wait_for(waiting, 1)
    await store.close()


async def test_a_cancelled_read_stops_the_query_itself(tmp_path):
    store = EmbeddedStore.open(tmp_path, clock=SystemClock())
    began = time.monotonic()
    slow = asyncio.create_task(
        store._readers.run(lambda db: db.execute("SELECT count(*) FROM range(100000000000) a").fetchall())
    )
    await asyncio.sleep(0.2)
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow
    await store.close()
    assert time.monotonic() - began < 5


async def test_a_read_that_passes_its_deadline_is_unavailable(tmp_path):
    store = EmbeddedStore.open(tmp_path, clock=SystemClock())
    endless = "SELECT count(*) FROM range(100000000000) a"
    with pytest.raises(Unavailable, match="did not answer"):
        await store._readers.run(lambda db: db.execute(endless).fetchall(), deadline_s=0.2)
    await store.close()


async def test_queries_cannot_reach_other_files(tmp_path):
    store = EmbeddedStore.open(tmp_path, clock=SystemClock())
    with pytest.raises(Unavailable):
        await store._readers.run(lambda db: db.execute("SELECT * FROM read_text('/etc/hostname')").fetchall())
    await store.close()


async def test_retention_by_size_keeps_the_newest_and_the_file_stops_growing(tmp_path, monkeypatch):
    monkeypatch.setattr(retention, "EAGER_S", 0.0)
    monkeypatch.setattr(retention, "PERIOD_S", 0.0)
    store = EmbeddedStore.open(tmp_path, clock=SystemClock(), retention=Retention(max_bytes=24 * 2**20))
    sizes = []
    for batch in range(75):
        await store.intake.logs(lines(15_000, first=batch * 15_000, width=48))
        sizes.append(store.stats().bytes_on_disk)
    stats = store.stats()
    assert stats.last_error is None
    assert stats.logs.rows < 1_125_000
    assert max(sizes) < 2 * 24 * 2**20, "blocks that were freed are used again"
    assert max(sizes[50:]) < 1.25 * max(sizes[25:50]), "the file has stopped growing"
    page = await store.logs.search(LogQuestion(ALWAYS, parse("1124999")), limit=1)
    assert page.records[0].message.startswith("line 1124999")
    assert not await store.logs.after(LogQuestion(ALWAYS, parse('"line 0 "')), "0", 1)
    await store.close()


CHILD = """
import asyncio, sys, time
from pathlib import Path
from backend.clock import SystemClock
from backend.engines.embedded.store import EmbeddedStore
from tests_lines import lines

async def main():
    store = EmbeddedStore.open(Path(sys.argv[1]), clock=SystemClock())
    async def sender(number):
        at = 0
        while True:
            await store.intake.logs(lines(200, first=number * 10_000_000 + at))
            at += 200
            print(number * 10_000_000 + at, flush=True)
    await asyncio.gather(*(sender(n) for n in range(4)))

asyncio.run(main())
"""


@pytest.mark.parametrize("after_s", [0.4, 1.1])
async def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path, after_s):
    here = Path(__file__)
    (tmp_path / "tests_lines.py").write_text(
        "import importlib.util\n"
        f"spec = importlib.util.spec_from_file_location('store_lines', {str(here)!r})\n"
        "module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)\nlines = module.lines\n"
    )
    data = tmp_path / "data"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(here.parents[4])])}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(data)], stdout=subprocess.PIPE, text=True, env=environment
    )
    first = child.stdout.readline()
    assert first, "the child must have begun to write"
    await asyncio.sleep(after_s)
    child.send_signal(signal.SIGKILL)
    acknowledged = dict.fromkeys(range(4), 0)
    for word in [first, *child.stdout.read().splitlines()]:
        number, at = divmod(int(word), 10_000_000)
        acknowledged[number] = max(acknowledged[number], at)
    child.wait()
    assert sum(acknowledged.values()) > 1000
    store = EmbeddedStore.open(data, clock=SystemClock())
    rows = await store._readers.run(lambda db: db.execute("SELECT seq, body FROM logs ORDER BY seq").fetchall())
    stored = {int(body.split()[1]) for _, body in rows}
    assert len({seq for seq, _ in rows}) == len(rows)
    for number, at in acknowledged.items():
        wanted = set(range(number * 10_000_000, number * 10_000_000 + at))
        assert wanted <= stored
    await store.intake.logs(lines(1))
    await store.close()


async def test_samples_survive_a_restart_with_their_series(tmp_path):
    now_ms = time.time_ns() // 1_000_000
    for value in (1.0, 2.0):
        store = EmbeddedStore.open(tmp_path, clock=SystemClock())
        builder = SampleBuilder()
        builder.add('{"__name__":"up","job":"a"}', now_ms + int(value), value)
        await store.intake.samples(builder.columns())
        await store.close()
    store = EmbeddedStore.open(tmp_path, clock=SystemClock())
    found = await store.metrics.evaluate_at("count_over_time(up[1m])", now_ms + 10)
    assert [(dict(each.labels), each.values.tolist()) for each in found.series] == [({"job": "a"}, [2.0])]
    await store.close()


@pytest.mark.parametrize("damage", ["cut", "torn"])
async def test_a_write_ahead_log_that_ends_in_the_middle_is_survived(tmp_path, damage):
    data = tmp_path / "data"
    copy = tmp_path / "copy"
    store = EmbeddedStore.open(data, clock=SystemClock())
    for batch in range(5):
        await store.intake.logs(lines(10, first=batch * 10))
    copy.mkdir()
    for name in ("telemetry.duckdb", "telemetry.duckdb.wal"):
        (copy / name).write_bytes((data / name).read_bytes())
    await store.close()
    log = copy / "telemetry.duckdb.wal"
    whole = log.read_bytes()
    log.write_bytes(whole[:-40] if damage == "cut" else whole + whole[-300:-100])
    store = EmbeddedStore.open(copy, clock=SystemClock())
    assert store.stats().logs.rows == (40 if damage == "cut" else 50)
    await store.intake.logs(lines(10))
    await store.close()


async def test_more_series_than_fit_are_refused_and_the_others_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr(series_index, "MAX_SERIES", 2)
    store = EmbeddedStore.open(tmp_path, clock=SystemClock())

    async def send(*names):
        builder = SampleBuilder()
        for name in names:
            builder.add(f'{{"__name__":"{name}"}}', time.time_ns() // 1_000_000, 1.0)
        await store.intake.samples(builder.columns())

    await send("a")
    with pytest.raises(Overloaded, match="2 series"):
        await send("b", "c")
    await send("a", "b")
    assert store.stats().samples.rows == 3
    await store.close()
