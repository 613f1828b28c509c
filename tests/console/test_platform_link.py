"""A platform on this machine is started when it is needed, once, and goes when nobody needs it."""

import asyncio
from pathlib import Path

import pytest

from api_client.errors import ApiError, Refused, Unreachable
from console.backend_process import LocalPlatform
from console.link import LinkKind, PlatformLink
from tests.fakes.process import eventually


@pytest.fixture
def local(tmp_path):
    extra = ("--no-host", "--otlp", "none", "--linger", "2")
    return LocalPlatform(tmp_path / "run" / "g.sock", tmp_path / "data", extra)


async def ended(*links):
    for link in links:
        await link.close()
    children = [link._child for link in links if link._child]
    await asyncio.to_thread(eventually, lambda: all(child.poll() is not None for child in children))
    return [child.returncode for child in children]


async def test_it_is_started_and_goes_when_nobody_asks_any_more(local):
    link = PlatformLink(local=local)
    assert not local.answers()
    client = await link.connect()
    assert (await client.system.health()).service
    assert (await link.check()).kind is LinkKind.CONNECTED
    assert local.socket.stat().st_mode & 0o077 == 0
    assert local.data.stat().st_mode & 0o077 == 0
    assert await ended(link) == [0]
    assert not local.answers()


async def test_two_that_race_share_one_process(local):
    one, two = PlatformLink(local=local), PlatformLink(local=local)
    first, second = await asyncio.gather(one.connect(), two.connect())
    healths = await asyncio.gather(first.system.health(), second.system.health())
    assert {health.service for health in healths}
    children = [link._child for link in (one, two) if link._child]
    await asyncio.to_thread(eventually, lambda: sum(child.poll() is None for child in children) <= 1)
    assert sum(child.poll() is None for child in children) == 1
    await ended(one, two)


async def test_one_that_died_is_started_again(local):
    link = PlatformLink(local=local)
    await link.connect()
    before = link._child.pid
    link._child.kill()
    link._child.wait(10)
    assert (await link.check()).kind is LinkKind.CONNECTED
    assert link._child.pid != before
    await ended(link)


async def test_one_that_cannot_start_says_why(tmp_path):
    link = PlatformLink(local=LocalPlatform(tmp_path / "g.sock", tmp_path / "data", ("--nonsense",)))
    with pytest.raises(Unreachable, match=r"status 2: .*--nonsense"):
        await link.connect()
    state = await link.check()
    assert state.kind is LinkKind.LOST
    assert "--nonsense" in state.text
    await link.close()


async def test_an_address_where_nobody_is_is_lost_not_started(tmp_path):
    link = PlatformLink(f"unix:{tmp_path}/nobody.sock")
    assert (await link.check()).kind is LinkKind.LOST
    assert not list(tmp_path.iterdir())
    await link.close()


async def test_a_token_that_cannot_be_read_is_refused(tmp_path):
    link = PlatformLink("http://127.0.0.1:9", token_file=str(tmp_path / "token"))
    with pytest.raises(Refused, match="token"):
        await link.connect()
    assert issubclass(Refused, ApiError)


def test_a_context_is_named_after_its_host():
    assert PlatformLink("https://ops.example:4000/x").name == "ops.example:4000"
    assert PlatformLink(local=LocalPlatform(Path("/s"), Path("/d"))).name == "local"
