"""Bad input gets a clear error that says what and where; nothing breaks, nothing is lost."""

import gzip
import json

import pytest

from tests.fakes.process import eventually, platform

HOSTILE = "\x1b]52;c;aGk=\x07 [@click=app.quit] [link=x]y[/] \u202e \x00 \x9b31m"


@pytest.fixture(scope="module")
def http(tmp_path_factory):
    with (
        platform(tmp_path_factory.mktemp("hostile") / "data", "--no-host") as process,
        process.http(timeout=30) as client,
    ):
        yield client


def problem(response, status, code):
    body = response.json()
    assert response.status_code == status, body
    assert body["success"] is False
    assert body["error"]["code"] == code
    assert body["request_id"] == response.headers["x-request-id"]
    return body["error"]


def test_a_field_that_does_not_exist_is_named(http):
    error = problem(
        http.post("/api/v1/metrics", json={"name": "a", "value": 1, "colour": "red"}), 400, "VALIDATION_ERROR"
    )
    assert "colour" in json.dumps(error)


def test_a_body_that_is_not_json(http):
    problem(
        http.post("/api/v1/logs", content=b"{nope", headers={"content-type": "application/json"}),
        400,
        "VALIDATION_ERROR",
    )


def test_a_wrong_query_names_its_position(http):
    error = problem(http.get("/api/v1/logs/search", params={"q": "level:ERROR (unclosed"}), 400, "SEARCH_QUERY_ERROR")
    assert error["details"][0]["start"] is not None
    result = http.post(
        "/api/v1/metrics/promql", json={"queries": [{"id": "a", "expr": "sum(("}, {"id": "b", "expr": "vector(1)"}]}
    ).json()["data"]
    assert result[0]["error"]["code"] == "QUERY_ERROR"
    assert result[1]["series"][0]["values"] == [1.0]


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_absurd_times_are_refused_one_by_one(http, time):
    good = {"message": "fine", "service": "absurd"}
    body = http.post("/api/v1/logs/batch", json={"logs": [good, {"message": "odd", "timestamp": time}, good]}).json()[
        "data"
    ]
    assert (body["accepted"], body["rejected"]) == (2, 1)
    assert body["errors"][0]["index"] == 1
    assert body["errors"][0]["code"] == "INVALID_TIMESTAMP"


def test_times_out_of_order_and_out_of_range(http):
    problem(
        http.get("/api/v1/logs/search", params={"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}),
        400,
        "INVALID_TIMESTAMP",
    )
    problem(http.get("/api/v1/traces/search", params={"from": "1800-01-01T00:00:00Z"}), 400, "INVALID_TIMESTAMP")


def test_hostile_text_comes_back_as_it_went_in(http):
    assert http.post("/api/v1/logs", json={"message": HOSTILE, "service": "hostile"}).status_code == 202

    def found():
        return http.get("/api/v1/logs/search", params={"service": "hostile"}).json()["data"]["logs"]

    assert eventually(found)[0]["message"].replace("\x00", "") == HOSTILE.replace("\x00", "")


def test_a_line_of_a_megabyte_is_kept_or_cut_and_says_so(http):
    assert http.post("/api/v1/logs", json={"message": "x" * 1_000_000, "service": "monster"}).status_code == 202
    record = eventually(lambda: http.get("/api/v1/logs/search", params={"service": "monster"}).json()["data"]["logs"])[
        0
    ]
    assert record["truncated"] is True
    assert 0 < len(record["message"]) < 1_000_000


def test_a_line_beyond_the_limit_is_refused(http):
    problem(http.post("/api/v1/logs", json={"message": "x" * 1_100_000}), 400, "VALIDATION_ERROR")


def test_a_gzip_bomb_is_refused_before_it_fills_memory(http):
    bomb = gzip.compress(b"\x00" * (200 * 1024 * 1024), 9)
    response = http.post(
        "/v1/logs", content=bomb, headers={"content-type": "application/x-protobuf", "content-encoding": "gzip"}
    )
    assert response.status_code == 413


@pytest.mark.parametrize("path", ["/v1/logs", "/v1/traces", "/v1/metrics"])
def test_garbage_in_otlp_is_a_bad_request_in_its_own_encoding(http, path):
    response = http.post(path, content=b"\xff\xfe garbage", headers={"content-type": "application/x-protobuf"})
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/x-protobuf"
    assert http.post(path, content=b"x", headers={"content-type": "text/html"}).status_code == 415


def test_garbage_in_remote_write_is_a_bad_request(http):
    assert http.post("/prometheus/api/v1/write", content=b"not snappy").status_code == 400


def test_a_huge_query_is_refused_with_its_limit(http):
    expr = "+".join(["vector(1)"] * 3000)
    assert http.post("/api/v1/metrics/promql", json={"queries": [{"id": "a", "expr": expr}]}).status_code == 400
    result = http.post(
        "/api/v1/metrics/promql",
        json={
            "queries": [
                {
                    "id": "a",
                    "expr": "vector(1)",
                    "from": "2020-01-01T00:00:00Z",
                    "to": "2026-01-01T00:00:00Z",
                    "step": 1,
                }
            ]
        },
    ).json()["data"][0]
    assert "11,000" in result["error"]["message"] or "11000" in result["error"]["message"]


def test_what_is_not_there_says_so(http):
    problem(http.get("/api/v1/traces/" + "0" * 32), 404, "RESOURCE_NOT_FOUND")
    problem(http.get("/api/v1/alerts/events/nope"), 404, "RESOURCE_NOT_FOUND")
    problem(http.get("/api/v1/alerts/rules/nope"), 404, "RULE_NOT_FOUND")
    problem(http.get("/api/v1/nothing/here"), 404, "RESOURCE_NOT_FOUND")
    problem(http.put("/api/v1/sources"), 405, "METHOD_NOT_ALLOWED")


def test_plain_text_lines_are_taken_and_wrong_ones_named(http):
    text = "2026-01-15 10:30:00.123 ERROR [user-api] boom\n2026-01-15 10:30:01.000 INFO [user-api] fine\n"
    body = http.post("/api/v1/logs/plain", content=text, headers={"content-type": "text/plain"}).json()["data"]
    assert body["accepted"] == 2
