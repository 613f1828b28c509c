"""Pictures of the screens: sizes, themes and states that matter."""

import pytest

from api_client.errors import Unreachable
from console.link import LinkKind, LinkState
from tests.fakes.client import FakeClient
from tests.fakes.console import console, settle
from tests.fakes.link import FakeLink

SMALL, MIDDLE, LARGE = (80, 24), (120, 40), (200, 50)


def picture(snap_compare, app, size, *keys):
    async def before(pilot):
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return snap_compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE, (250, 70)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_overview(snap_compare, size):
    assert picture(snap_compare, console(), size)


@pytest.mark.parametrize("theme", ["airis-light", "high-contrast", "colour-blind", "sixteen", "nord", "gruvbox"])
def test_overview_in_each_theme(snap_compare, theme):
    assert picture(snap_compare, console(theme=theme), MIDDLE)


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("key", ["2", "3", "4", "5", "6"])
def test_each_screen(snap_compare, size, key):
    assert picture(snap_compare, console(), size, key)


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE], ids=lambda size: f"{size[0]}x{size[1]}")
def test_waterfall(snap_compare, size):
    assert picture(snap_compare, console(), size, "5", "j", "enter")


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=lambda size: f"{size[0]}x{size[1]}")
def test_details_of_a_line(snap_compare, size):
    assert picture(snap_compare, console(), size, "4", "enter")


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=lambda size: f"{size[0]}x{size[1]}")
def test_help(snap_compare, size):
    assert picture(snap_compare, console(), size, "2", "question_mark")


def test_time_picker(snap_compare):
    assert picture(snap_compare, console(), SMALL, "t")


def test_service_picker(snap_compare):
    assert picture(snap_compare, console(), MIDDLE, "S")


def test_one_chart_maximised_with_its_crosshair(snap_compare):
    assert picture(snap_compare, console(), MIDDLE, "3", "enter", "left", "left")


def test_while_the_platform_starts(snap_compare):
    link = FakeLink(state=LinkState(LinkKind.STARTING, "starting the platform on this machine"))
    assert picture(snap_compare, console(link), SMALL)


@pytest.mark.parametrize("key", ["1", "2", "4"])
def test_without_a_platform(snap_compare, key):
    link = FakeLink(state=LinkState(LinkKind.LOST, "the platform does not answer", "Check it with airis doctor"))
    assert picture(snap_compare, console(link), SMALL, key)


@pytest.mark.parametrize("key", ["1", "2", "3", "4", "5"])
def test_nothing_there(snap_compare, key):
    assert picture(snap_compare, console(FakeLink(FakeClient(empty=True))), MIDDLE, key)


def test_one_service_of_the_platform_fails(snap_compare):
    client = FakeClient()
    client.failing["traces"] = Unreachable("traces: unix:/nowhere does not answer")
    assert picture(snap_compare, console(FakeLink(client)), MIDDLE)


def test_stale_after_a_failure(snap_compare):
    client = FakeClient()

    async def before(pilot):
        await settle(pilot)
        client.failing.update(
            {name: Unreachable("the network is gone") for name in ("metrics", "logs", "traces", "gateway")}
        )
        await pilot.press("r")
        await settle(pilot)

    assert snap_compare(console(FakeLink(client)), terminal_size=MIDDLE, run_before=before)


def test_read_only(snap_compare):
    assert picture(snap_compare, console(read_only=True), SMALL, "2", "a")
