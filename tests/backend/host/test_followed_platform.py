"""Files that a real platform follows are found by search, also over a kill and a restart."""

import pytest

from tests.fakes.process import eventually, platform


def found(process, **asked):
    with process.http(timeout=10) as http:
        body = http.get("/api/v1/logs/search", params={"size": 1000, "sort": "timestamp:asc", **asked}).json()
    return [record for record in body["data"]["logs"] if record["source"] == "file"]


def write(path, *lines):
    with path.open("a") as file:
        file.writelines(f"{line}\n" for line in lines)


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    folder = tmp_path_factory.mktemp("follow")
    (folder / "logs").mkdir()
    return folder


@pytest.fixture(scope="module")
def process(ground):
    logs = ground / "logs"
    (logs / "broken.log").write_bytes(b"\x7fELF\x00\x01\x02\n")
    with platform(ground / "data", "--no-host", "--follow", str(logs / "*.log")) as started:
        write(
            logs / "shop.log",
            '{"level":"error","msg":"card declined","user":"ada","service":"pay","trace_id":"' + "ab" * 16 + '"}',
            'level=warn msg="slow answer" route=/cart took=2s',
            "ERROR plain words",
        )
        eventually(lambda: len(found(started)) >= 3)
        yield started


def test_json_is_recognised(process):
    (record,) = found(process, service="pay")
    assert (record["message"], record["level"], record["trace_id"]) == ("card declined", "ERROR", "ab" * 16)
    assert record["labels"]["user"] == "ada"
    assert record["labels"]["log.file.path"].endswith("shop.log")
    assert record["source"] == "file"


def test_logfmt_is_recognised(process):
    (record,) = found(process, q="slow")
    assert (record["message"], record["level"], record["service"]) == ("slow answer", "WARN", "shop")
    assert record["labels"]["route"] == "/cart"
    assert record["labels"]["took"] == "2s"


def test_plain_text_has_the_level_it_names(process):
    (record,) = found(process, q="plain")
    assert record["level"] == "ERROR"


def test_a_file_that_cannot_be_read_is_a_failing_source(process):
    with process.http(timeout=10) as http:
        sources = http.get("/api/v1/sources").json()["data"]
    by_name = {source["name"]: source for source in sources}
    assert by_name["files"]["state"] == "ok"
    failing = next(source for name, source in by_name.items() if name.endswith("broken.log"))
    assert (failing["state"], failing["last_error"]) == ("failing", "not a text file")


def test_after_a_kill_and_a_restart_nothing_is_missing(tmp_path):
    logs, data = tmp_path / "logs", tmp_path / "data"
    logs.mkdir()
    log = logs / "steady.log"
    follow = ("--no-host", "--follow", str(logs / "*.log"))
    with platform(data, *follow) as first:
        for start in range(0, 500, 100):
            write(log, *(f"line {number}" for number in range(start, start + 100)))
        eventually(lambda: found(first))
        first.process.kill()
        first.process.wait(10)
    write(log, *(f"line {number}" for number in range(500, 600)))
    log.rename(logs / "steady.log.1")
    write(log, *(f"line {number}" for number in range(600, 700)))
    with platform(data, *follow) as second:
        wanted = {f"line {number}" for number in range(700)}
        eventually(lambda: {record["message"] for record in found(second)} >= wanted)
        messages = [record["message"] for record in found(second)]
    assert len(messages) <= 700 + 500  # what was stored but not yet written down may come twice, nothing else
    assert len([message for message in messages if int(message[5:]) >= 500]) == 200
