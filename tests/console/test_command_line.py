"""The command line against a real platform: what it prints, and what its exit status says."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from tests.fakes.process import ROOT, eventually, platform

HOSTILE = "\x1b]52;c;aGk=\x07 \x1b[2Jboom \u202e \x9b31m end"
TRACE = "5b8efff798038103d269b633813fc60c"
NS = 10**9


def span(number, parent, name, error=False):
    now = time.time_ns() - 60 * NS
    return {
        "traceId": TRACE, "spanId": f"{number:016x}", "parentSpanId": parent, "name": name, "kind": 2,
        "startTimeUnixNano": str(now), "endTimeUnixNano": str(now + 250_000_000),
        "status": {"code": 2, "message": "it \x1b[31mbroke"} if error else {},
    }  # fmt: skip


def fill(http):
    logs = [
        {"message": "the first line", "service": "cli", "level": "INFO"},
        {"message": "the second line timed out", "service": "cli", "level": "ERROR"},
        {"message": HOSTILE, "service": "evil\x1b[31m", "level": "WARN"},
    ]
    assert http.post("/api/v1/logs/batch", json={"logs": logs}).status_code == 202
    spans = [span(1, "", "GET /cart"), span(2, f"{1:016x}", "SELECT \x1b[2J", error=True)]
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]}
    body = {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]}
    assert http.post("/v1/traces", json=body).status_code == 200
    rule = {
        "name": "CliAlert",
        "severity": "high",
        "conditions": {"type": "promql", "expr": "vector(1) > 0", "duration": "0s"},
        "annotations": {"summary": "always \x1b[31mtrue"},
    }
    assert http.post("/api/v1/alerts/rules", json=rule).status_code == 201
    assert http.post("/api/v1/metrics", json={"name": "cli_total", "value": 3}).status_code == 202


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    with platform(folder / "data", "--no-host", listen=f"unix:{folder}/s/g.sock") as process:
        with process.http(timeout=10) as http:
            fill(http)
        environment = {
            **os.environ,
            "AIRIS_CONFIG": str(folder / "config.toml"),
            "AIRIS_SOCKET": str(folder / "own" / "g.sock"),
            "AIRIS_DATA": str(folder / "own"),
            "TERM": "xterm",
            "PYTHONPATH": str(ROOT),
        }
        yield SimpleNamespace(url=process.url, process=process, env=environment, folder=folder)


@pytest.fixture(scope="module")
def airis(ground):
    def run(*words, gateway=True, timeout=30, **environment):
        address = ["--gateway", ground.url] if gateway is True else ["--gateway", gateway] if gateway else []
        return subprocess.run(
            [sys.executable, "-m", "console", *words, *address],
            capture_output=True, text=True, timeout=timeout, check=False, cwd=ROOT, env={**ground.env, **environment},
        )  # fmt: skip

    return run


def rows(result):
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def is_clean(text):
    return not any(character in text for character in "\x1b\x07\x9b\u202e\x00")


def test_log_lines_are_found_oldest_first(airis):
    found = rows(airis("logs", "search", "--service", "cli", "-o", "json"))
    assert [row["message"] for row in found] == ["the first line", "the second line timed out"]
    asked = airis("logs", "search", "level:error", '"timed out"', "-o", "ndjson")
    (line,) = asked.stdout.splitlines()
    assert json.loads(line)["level"] == "ERROR"


def test_a_limit_says_that_there_is_more(airis):
    result = airis("logs", "search", "--service", "cli", "--limit", "1")
    assert result.returncode == 0
    assert "the second line" in result.stdout
    assert "the first line" not in result.stdout
    assert "raise --limit" in result.stderr


def test_hostile_text_reaches_no_terminal(airis):
    for words in (
        ("logs", "search", "boom"),
        ("traces", "search"),
        ("traces", "show", TRACE),
        ("alerts", "list", "--status", "firing", "--status", "pending", "--status", "resolved"),
    ):
        result = airis(*words)
        assert is_clean(result.stdout), result.stdout
        assert is_clean(result.stderr), result.stderr
    assert "boom" in airis("logs", "search", "boom").stdout


def test_json_keeps_hostile_text_as_it_is(airis):
    result = airis("logs", "search", "boom", "-o", "json")
    assert rows(result)[0]["message"] == HOSTILE
    assert "\x1b" not in result.stdout


def test_nothing_found_is_five(airis):
    for words in (
        ("logs", "search", "nowhere-to-be-found"),
        ("metrics", "query", "no_such_metric"),
        ("traces", "search", "--service", "nobody"),
        ("traces", "show", "0" * 32),
        ("alerts", "ack", "no-such-alert"),
    ):
        assert airis(*words).returncode == 5, words
    assert json.loads(airis("logs", "search", "nowhere-to-be-found", "-o", "json").stdout) == []


def test_a_wrong_query_is_pointed_at(airis):
    for words, query, wrong in (
        (("logs", "search", "level:error (unclosed"), "level:error (unclosed", "("),
        (("metrics", "query", "sum(up"), "sum(up", ""),
        (("metrics", "query", "1 + + * 2"), "1 + + * 2", "+"),
    ):
        result = airis(*words)
        assert result.returncode == 2, result
        shown, marks = result.stderr.rstrip("\n").split("\n")[-2:]
        assert shown.strip() == query
        assert "^" in marks
        if wrong:
            assert shown[marks.index("^") :].startswith(wrong), result.stderr
    assert airis("traces", "search", "duration:>soon").returncode == 2


def test_wrong_usage_is_two(airis):
    assert airis("logs", gateway=None).returncode == 2
    assert airis("nonsense", gateway=None).returncode == 2
    assert airis("logs", "search", "-o", "xml").returncode == 2
    wrong = airis("logs", "search", "--range", "soon")
    assert wrong.returncode == 2
    assert "write 15m" in wrong.stderr


def test_no_platform_is_three(airis, ground):
    result = airis("logs", "search", gateway=f"unix:{ground.folder}/nobody.sock")
    assert result.returncode == 3
    assert "Traceback" not in result.stderr
    assert airis("sources", gateway="http://127.0.0.1:9").returncode == 3


def test_a_token_file_that_is_not_there_is_four(airis):
    result = airis("logs", "search", "--token-file", "/nonexistent/token")
    assert result.returncode == 4
    assert "/nonexistent/token" in result.stderr


def test_metrics_at_an_instant_and_over_a_range(airis):
    (one,) = rows(airis("metrics", "query", "vector(1)", "+", "1", "-o", "json"))
    assert one["value"] == 2
    points = rows(airis("metrics", "query", "vector(7)", "--range", "10m", "--step", "60", "-o", "json"))
    assert len(points) == 11
    assert {row["value"] for row in points} == {7}
    assert "cli_total" in airis("metrics", "names").stdout


def test_traces_are_found_and_shown_as_a_tree(airis):
    (trace,) = rows(airis("traces", "search", "--service", "shop", "-o", "json"))
    assert (trace["trace_id"], trace["span_count"]) == (TRACE, 2)
    shown = airis("traces", "show", TRACE).stdout.splitlines()
    assert TRACE in shown[0]
    assert "GET /cart" in shown[1]
    assert "✗" in shown[2]
    assert shown[2].index("shop:") > shown[1].index("shop:")
    assert len(rows(airis("traces", "show", TRACE, "-o", "json"))) == 2


def test_an_alert_is_taken_and_given_back(airis):
    def firing():
        result = airis("alerts", "list", "--status", "firing", "-o", "json")
        return [row for row in json.loads(result.stdout) if row["rule_name"] == "CliAlert"]

    (event,) = eventually(firing, timeout_s=20, pause_s=0.5)
    (acked,) = rows(airis("alerts", "ack", event["id"], "--comment", "mine", "-o", "json"))
    assert acked["ack"]["comment"] == "mine"
    (listed,) = firing()
    assert listed["who"] == acked["ack"]["by"]
    table = airis("alerts", "list").stdout
    assert "CliAlert" in table
    assert is_clean(table)
    (given,) = rows(airis("alerts", "unack", event["id"], "-o", "json"))
    assert not given.get("ack")


def test_sources_and_doctor_tell_how_it_is(airis, ground):
    assert {row["name"] for row in rows(airis("sources", "-o", "json"))}
    doctor = airis("doctor", "-o", "json")
    states = {row["check"]: row["state"] for row in rows(doctor)}
    assert states["configuration"] == states["terminal"] == states["platform"] == "ok"


def test_doctor_names_what_is_wrong(airis, ground):
    config = ground.folder / "wrong.toml"
    config.write_text('range = "soon"\ntheme = "no-such"\n[keys]\nnonsense = "f1"\n')
    result = airis("doctor", "-o", "json", AIRIS_CONFIG=str(config), TERM="dumb")
    wrong = {row["check"] for row in json.loads(result.stdout) if row["state"] == "wrong"}
    assert result.returncode == 1
    assert {"keys", "theme", "range", "terminal"} <= wrong
    nobody = airis("doctor", "-o", "json", gateway=f"unix:{ground.folder}/nobody.sock")
    assert {row["check"] for row in json.loads(nobody.stdout) if row["state"] == "wrong"} == {"platform"}


def test_a_configuration_that_cannot_be_read_is_a_finding(airis, ground):
    config = ground.folder / "broken.toml"
    config.write_text("mouse = 5\n")
    result = airis("doctor", "-o", "json", AIRIS_CONFIG=str(config))
    assert result.returncode == 1, result.stderr
    found = {row["check"]: row for row in json.loads(result.stdout)}
    assert "mouse" in found["configuration"]["detail"]
    assert "Traceback" not in result.stderr
    search = airis("logs", "search", AIRIS_CONFIG=str(config))
    assert search.returncode == 2
    assert "mouse" in search.stderr


def test_words_that_need_no_platform(airis):
    themes = airis("themes", gateway=None)
    assert themes.returncode == 0
    assert "airis-dark" in themes.stdout.splitlines()
    completion = airis("completion", "bash", gateway=None)
    assert completion.returncode == 0
    checked = subprocess.run(["bash", "-n"], input=completion.stdout, text=True, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr


def shell(ground, command):
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        capture_output=True, text=True, timeout=20, check=False, cwd=ROOT,
        env={**ground.env, "PY": sys.executable, "GATEWAY": ground.url},
    )  # fmt: skip


@pytest.mark.parametrize("words", ["themes", "completion bash", 'logs search --gateway "$GATEWAY"'])
def test_a_reader_that_leaves_at_once_is_no_fault(ground, words):
    result = shell(ground, f'"$PY" -m console {words} | true')
    assert result.stderr == ""
    assert result.returncode == 0


def test_a_tail_ends_with_its_reader(ground):
    def feed():
        time.sleep(1.5)
        with ground.process.http(timeout=10) as http:
            for number in range(12):
                http.post("/api/v1/logs", json={"message": f"tick {number}", "service": "tick\x1b"})
                time.sleep(0.15)

    with ThreadPoolExecutor(1) as pool:
        feeding = pool.submit(feed)
        result = shell(ground, '"$PY" -m console logs tail tick --gateway "$GATEWAY" | head -1')
        feeding.result()
    assert "tick" in result.stdout
    assert len(result.stdout.splitlines()) == 1
    assert is_clean(result.stdout)
    assert result.stderr == ""
    assert result.returncode == 0


def test_a_tail_prints_one_object_a_line_until_interrupted(ground):
    command = [
        sys.executable,
        "-m",
        "console",
        "logs",
        "tail",
        "-o",
        "ndjson",
        "--service",
        "live",
        "--gateway",
        ground.url,
    ]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=ground.env,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a suite run in the background ignores it
    ) as tail:
        told = threading.Event()

        def tell() -> None:
            with ground.process.http(timeout=10) as http:
                while not told.wait(0.5):
                    http.post("/api/v1/logs", json={"message": "now\nand here", "service": "live"})

        threading.Thread(target=tell, daemon=True).start()
        assert json.loads(tail.stdout.readline())["message"] == "now\nand here"
        told.set()
        tail.send_signal(signal.SIGINT)
        assert tail.wait(10) == 130
        assert "Traceback" not in tail.stderr.read()
