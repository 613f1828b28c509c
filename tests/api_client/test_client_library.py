"""The client as a library: errors, retries, deadlines, bounds, breaker and streams, against a scripted server."""

import asyncio
import json

import pytest
import stamina

from api_client.breaker import Breaker
from api_client.client import AirisClient
from api_client.contract.alerts import AckRequest
from api_client.contract.sources import BreakerState
from api_client.errors import (
    CircuitOpen,
    Malformed,
    Missing,
    Overloaded,
    Refused,
    Rejected,
    ServerFailed,
    TimedOut,
    Unreachable,
)
from api_client.resources.logs import LogQuery
from api_client.stream import Connection, ConnectionChanged, events


class Script:
    """A server that answers each request with the next line of its script: (status, body, headers) or a coroutine."""

    def __init__(self, *answers) -> None:
        self.answers, self.seen = list(answers), []
        self.at_once = self.most_at_once = 0

    async def __call__(self, reader, writer) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    (
                        int(line.split(b":")[1])
                        for line in head.lower().split(b"\r\n")
                        if line.startswith(b"content-length")
                    ),
                    0,
                )
                body = await reader.readexactly(length)
                self.seen.append((head.decode(), body))
                self.at_once += 1
                self.most_at_once = max(self.most_at_once, self.at_once)
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                if callable(answer):
                    await answer(writer)
                else:
                    await self.send(writer, *answer)
                self.at_once -= 1
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def send(self, writer, status, data, headers="") -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        writer.write(
            f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(text.encode())}\r\n{headers}\r\n{text}".encode()
        )
        await writer.drain()


def ok(data):
    return 200, {"success": True, "data": data, "timestamp": "2026-01-15T12:00:00Z", "request_id": "r"}


def bad(status, code, **more):
    return status, {
        "success": False,
        "error": {"code": code, "message": f"because {code}", **more},
        "timestamp": "2026-01-15T12:00:00Z",
        "request_id": "r7",
    }


@pytest.fixture
async def scripted(tmp_path):
    servers, clients = [], []

    async def start(*answers):
        script = Script(*answers)
        path = tmp_path / f"s{len(servers)}.sock"
        servers.append(await asyncio.start_unix_server(script, str(path)))
        clients.append(AirisClient(f"unix:{path}"))
        return clients[-1], script

    yield start
    for client in clients:
        await client.close()
    for server in servers:
        server.close()


HEALTH = {"status": "live", "service": "gateway", "version": "1", "uptime_s": 1.0}


async def test_an_answer_becomes_a_value_and_new_fields_are_ignored(scripted):
    client, _ = await scripted(ok({**HEALTH, "added_later": 1}))
    assert (await client.system.health()).service == "gateway"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (bad(401, "INVALID_TOKEN"), Refused), (bad(403, "INSUFFICIENT_PERMISSIONS"), Refused), (bad(404, "RESOURCE_NOT_FOUND"), Missing),
        (bad(400, "QUERY_ERROR"), Rejected), (bad(409, "CONFLICT"), Rejected), (bad(500, "INTERNAL_SERVER_ERROR"), ServerFailed),
        ((200, "<html>"), Malformed), ((200, {"success": True}), Malformed), ((404, "<html>nginx"), Malformed),
    ],
)  # fmt: skip
async def test_each_refusal_is_an_error_of_its_own(scripted, answer, error):
    client, _ = await scripted(answer)
    with pytest.raises(error) as raised:
        await client.system.health()
    assert raised.value.advice


async def test_details_of_a_wrong_query_arrive(scripted):
    client, _ = await scripted(
        bad(400, "SEARCH_QUERY_ERROR", details=[{"field": "query", "message": "m", "start": 3, "end": 4}])
    )
    with pytest.raises(Rejected) as raised:
        await client.logs.search(LogQuery("abc("))
    assert (raised.value.details[0].start, raised.value.request_id) == (3, "r7")


async def test_reads_are_retried_and_writes_without_a_key_are_not(scripted):
    client, script = await scripted(bad(503, "SOURCE_UNAVAILABLE"), ok(HEALTH))
    assert await client.system.health()
    assert len(script.seen) == 2
    client, script = await scripted(bad(503, "SOURCE_UNAVAILABLE"))
    with pytest.raises(Overloaded):
        await client.metrics.write([])
    assert len(script.seen) == 1


async def test_a_write_with_a_key_is_retried_under_the_same_key(scripted):
    event = {
        "id": "a",
        "fingerprint": "f",
        "rule_id": "r",
        "rule_name": "n",
        "severity": "low",
        "status": "firing",
        "started_at": "2026-01-15T12:00:00Z",
    }
    client, script = await scripted(bad(503, "SERVICE_UNAVAILABLE"), ok(event))
    await client.alerts.ack("a", AckRequest(), key="k1")
    assert [head.lower().count("idempotency-key: k1") for head, _ in script.seen] == [1, 1]


async def test_a_deadline_ends_a_call_that_hangs(scripted):
    async def hang(writer):
        await asyncio.sleep(30)

    client, _ = await scripted(hang)
    from api_client.contract.sources import Health
    from api_client.transport import Call

    with pytest.raises(TimedOut, match=r"0\.2 s"):
        await client._transport.call(Call("gateway", "GET", "/health", deadline_s=0.2), Health)


async def test_nobody_there_is_unreachable_and_says_where(tmp_path):
    with stamina.set_testing(True, attempts=1):
        async with AirisClient(f"unix:{tmp_path}/none.sock") as client:
            with pytest.raises(Unreachable, match=r"none\.sock"):
                await client.system.health()


async def test_calls_of_one_service_are_bounded_and_others_pass(scripted):
    async def slow(writer):
        await asyncio.sleep(0.2)
        await Script.send(None, writer, *ok([]))

    client, script = await scripted(slow)
    await asyncio.gather(*(client.metrics.labels() for _ in range(12)))
    assert script.most_at_once <= 4


async def test_the_breaker_of_one_service_opens_alone(scripted):
    client, script = await scripted(bad(500, "INTERNAL_SERVER_ERROR"))
    for _ in range(6):
        with pytest.raises(ServerFailed):
            await client.metrics.labels()
    with pytest.raises(CircuitOpen):
        await client.metrics.labels()
    assert client.breakers()["metrics"] is BreakerState.OPEN
    assert client.breakers()["alerts"] is BreakerState.CLOSED
    assert len(script.seen) == 6


def test_a_breaker_probes_once_after_its_pause_and_closes_on_success():
    now = [0.0]
    breaker = Breaker(now=lambda: now[0])
    for _ in range(6):
        breaker.record(success=False)
    assert not breaker.admits()
    now[0] = 31.0
    assert breaker.state is BreakerState.HALF_OPEN
    assert breaker.admits()
    assert not breaker.admits()
    breaker.record(success=True)
    assert breaker.state is BreakerState.CLOSED


async def test_a_breaker_stays_closed_below_half_errors():
    breaker = Breaker()
    for number in range(40):
        breaker.record(success=number % 5 != 0)
    assert breaker.state is BreakerState.CLOSED


async def test_a_stream_resumes_after_the_last_event_it_saw(scripted):
    def stream(*parts, end=True):
        async def send(writer):
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
            for part in parts:
                writer.write(part.encode())
                await writer.drain()
            if end:
                writer.close()
            else:
                await asyncio.sleep(30)

        return send

    def batch(cursor):
        return f'id: {cursor}\nevent: batch\ndata: {{"logs": [], "cursor": "{cursor}"}}\n\n'

    client, script = await scripted(stream(batch(41), ": still here\n\n", batch(42)), stream(batch(43), end=False))
    seen = []
    async for item in client.logs.follow(LogQuery()):
        seen.append(item)
        if not isinstance(item, ConnectionChanged) and item.cursor == "43":
            break
    assert [item.cursor for item in seen if not isinstance(item, ConnectionChanged)] == ["41", "42", "43"]
    states = [item.connection for item in seen if isinstance(item, ConnectionChanged)]
    assert states == [Connection.CONNECTED, Connection.LOST, Connection.CONNECTED]
    assert "last-event-id: 42" in script.seen[1][0].lower()


async def test_events_are_parsed_as_the_standard_says():
    async def lines():
        for line in ["event: a", "data: 1", "data: 2", "id: 7", "", ":comment", "data", "", "retry: 10", ""]:
            yield line

    found = [item async for item in events(lines())]
    assert (found[0].event, found[0].data, found[0].id) == ("a", "1\n2", "7")
    assert found[1] is None
    assert found[2].data == ""


def test_an_address_that_is_none_is_refused():
    with pytest.raises(ValueError, match="not an address"):
        AirisClient("localhost:4000")
