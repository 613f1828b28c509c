import time

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.ingest.recognise import recognise

NOW = 1_795_000_000 * 10**9


@pytest.mark.parametrize(
    ("line", "level", "service", "body"),
    [
        ('{"ts":1700000000.5,"level":"warn","msg":"hi","svc":1}', 3, None, "hi"),
        ("2024-01-15 10:30:00.123 ERROR [user-api] message", 4, "user-api", "message"),
        ("<34>Oct 11 22:14:15 mymachine su[12]: failed", 5, "su", "failed"),
        ("<165>1 2003-10-11T22:14:15.003Z host app 12 ID47 - hello", 2, "app", "hello"),
        ("2024/01/15 10:30:00 [error] 123#0: *1 open() failed", 4, None, "123#0: *1 open() failed"),
        ('time=2024-01-15T10:30:00Z level=error msg="a \\"b\\" c" x=1', 4, None, 'a "b" c'),
        ("[2024-01-15T10:30:00,123456+0200] INFO: foo", 2, None, "foo"),
        ("just text", 0, None, "just text"),
        ("2024-13-45 10:30:00 x", 0, None, "2024-13-45 10:30:00 x"),
        ('{"level":30,"msg":"pino"}', 2, None, "pino"),
    ],
)
def test_common_formats_are_read(line, level, service, body):
    found = recognise(line, now_ns=NOW)
    assert (found.level, found.service, found.body) == (level, service, body)


def test_times_are_exact_and_zones_count():
    assert recognise("2024-01-15T10:30:00.123456789Z x", now_ns=NOW).ts_ns == 1705314600123456789
    assert recognise("2024-01-15 10:30:00,5+02:00 x", now_ns=NOW).ts_ns == 1705307400500000000


def test_an_access_line_tells_client_and_status():
    line = '127.0.0.1 - bob [10/Oct/2000:13:55:36 -0700] "GET /x?a=1 HTTP/1.1" 500 23 "-" "curl"'
    found = recognise(line, now_ns=NOW)
    assert found.ts_ns == 971211336 * 10**9
    assert found.level == 4
    assert found.fields["url.path"] == "/x?a=1"


@given(st.text() | st.dictionaries(st.text(), st.text() | st.integers() | st.none()).map(
    lambda found: orjson.dumps({k: v for k, v in found.items() if not isinstance(v, int) or abs(v) < 2**63}).decode()
    if not any("\ud800" <= c <= "\udfff" for k, v in found.items() for c in k + str(v)) else "{"
))  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_any_line_is_read_without_failing(line):
    found = recognise(line, now_ns=NOW)
    assert 0 <= found.level <= 5
    assert all(isinstance(value, str) for value in found.fields.values())


def test_hostile_lines_take_no_time():
    began = time.monotonic()
    for line in (
        "a=" * 20_000,
        'a="' + "\\" * 40_001,
        "[" * 50_000,
        "{" * 50_000,
        "<1>" + "x " * 50_000,
        '{"a":' * 900 + "1" + "}" * 900,
    ):
        recognise(line, now_ns=NOW)
    assert time.monotonic() - began < 1
