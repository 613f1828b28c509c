"""What a person does at the console, from the page to the cause."""

import asyncio

from api_client.errors import Refused, Unreachable
from console.link import LinkKind, LinkState
from tests.fakes.client import FakeClient
from tests.fakes.console import at_the_console
from tests.fakes.link import FakeLink


async def test_the_first_screen_shows_everything_at_once():
    async with at_the_console() as me:
        me.sees("ServiceErrors", "payment", "CPU busy", "Log volume", "Sources", "journal", "1 Overview", "last 30m")


async def test_from_the_page_to_the_failed_span_in_five_keys():
    async with at_the_console() as me:
        await me.press("2", "T", "enter")
        me.sees("Trace 4bf92f3577b3", "payment")
        await me.press("e", "e")
        me.sees("✗")


async def test_alert_to_logs_carries_service_and_time_and_back_returns():
    async with at_the_console() as me:
        await me.press("2", "L")
        assert me.app.current_mode == "logs"
        assert me.app.scope.service == "payment"
        await me.press("escape")
        assert me.app.current_mode == "alerts"
        assert me.app.scope.service is None


async def test_an_ack_shows_only_when_the_platform_confirmed_it():
    client = FakeClient()
    async with at_the_console(FakeLink(client)) as me:
        await me.press("2")
        client.slow_s = 0.5
        await me.pilot.press("a")
        await me.pilot.pause(0.1)
        me.sees("acking…")
        client.slow_s = 0.0
        await asyncio.sleep(0.8)
        await me.press("r")
        me.sees("✓")
        assert [asked[1][:2] for asked in client.asked if isinstance(asked[1], tuple)] == [("ack", "a1")]


async def test_a_refused_ack_is_not_shown_as_taken():
    client = FakeClient()
    async with at_the_console(FakeLink(client)) as me:
        await me.press("2")
        client.failing["alerts"] = Refused("this role may not take alerts")
        await me.press("a")
        me.sees("✗ not deli", "this role may not take alerts")


async def test_a_lost_connection_retries_the_ack_under_the_same_key():
    client = FakeClient()
    async with at_the_console(FakeLink(client)) as me:
        await me.press("2")
        client.failing["alerts"] = Unreachable("gone")
        await me.pilot.press("a")
        await asyncio.sleep(0.7)
        del client.failing["alerts"]
        await asyncio.sleep(1.5)
        keys = {asked[1][2] for asked in client.asked if isinstance(asked[1], tuple) and asked[1][0] == "ack"}
        assert len(keys) == 1
        assert next(event for event in client.events if event.id == "a1").ack


async def test_read_only_refuses_and_says_why():
    async with at_the_console(read_only=True) as me:
        await me.press("2", "a")
        me.sees("read-only: it does not take alerts")


async def test_un_ack_without_an_ack_gives_its_reason():
    async with at_the_console() as me:
        await me.press("2", "A")
        me.sees("Nobody has taken this alert")


async def test_the_filter_narrows_and_escape_clears_it():
    async with at_the_console() as me:
        await me.press("2", "slash")
        await me.type("slow")
        await me.press("enter")
        me.sees("ServiceSlow", "hides").sees_not("HighLoad")
        await me.press("escape")
        me.sees("HighLoad")


async def test_time_is_shared_by_all_screens():
    async with at_the_console() as me:
        await me.press("minus")
        me.sees("last 1h")
        await me.press("4")
        me.sees("last 1h")
        await me.press("left_square_bracket")
        me.sees("‖")
        await me.press("0")
        me.sees("● last 1h")


async def test_a_typed_time_range_is_understood_or_explained():
    async with at_the_console() as me:
        await me.press("t", "slash")
        await me.type("nonsense")
        await me.press("enter")
        me.sees("is not a time")
        await me.press("escape", "escape")
        assert me.app.time.span_s == 1800


async def test_the_scope_picker_changes_what_all_screens_show():
    async with at_the_console() as me:
        await me.press("S", "slash")
        await me.type("pay")
        await me.press("enter")
        assert me.app.scope.service == "payment"
        me.sees("◎ payment")


async def test_a_wrong_log_query_is_underlined_and_nothing_is_lost():
    async with at_the_console() as me:
        await me.press("4", "slash")
        await me.type("level(")
        await me.press("enter")
        me.sees("a ( is not closed", "level(")


async def test_a_line_opens_its_fields_and_leads_to_its_trace():
    async with at_the_console() as me:
        await me.press("4", "g", "enter")
        me.sees("host.name", "node-3")
        await me.press("T")
        me.sees("Trace 4bf92f3577b3")


async def test_logs_of_a_trace_come_back_to_the_trace():
    async with at_the_console() as me:
        await me.press("5", "j", "enter", "L")
        assert me.app.current_mode == "logs"
        await me.press("escape")
        me.sees("Trace 4bf92f3577b3")


async def test_hostile_text_is_shown_and_does_nothing():
    async with at_the_console(size=(200, 50)) as me:
        await me.press("4")
        me.sees("[@click=app.quit]")
        assert not {"\x1b", "\u202e", "\x9b", "\x00"} & set(me.text)


async def test_a_failing_service_is_named_while_the_others_work():
    client = FakeClient()
    client.failing["traces"] = Unreachable("traces: unix:/nowhere does not answer")
    async with at_the_console(FakeLink(client)) as me:
        me.sees("traces: unix:/nowhere", "CPU busy", "ServiceErrors")


async def test_good_data_stay_with_their_age_when_a_source_fails():
    client = FakeClient()
    async with at_the_console(FakeLink(client)) as me:
        me.sees("storefront")
        client.failing["traces"] = Unreachable("gone away")
        await me.press("r")
        me.sees("storefront", "gone away", "old")


async def test_the_console_is_usable_while_the_platform_starts():
    link = FakeLink(state=LinkState(LinkKind.LOST, "the platform on this machine is not there", "Check airis doctor"))
    async with at_the_console(link) as me:
        me.sees("no platform", "not there")
        await me.press("4", "question_mark")
        me.sees("Help: logs")


async def test_an_empty_world_says_why_it_is_empty():
    async with at_the_console(FakeLink(FakeClient(empty=True))) as me:
        me.sees("Nothing fires", "No service has sent spans")
        await me.press("4")
        me.sees("No lines in this time")
        await me.press("5")
        me.sees("No traces in this time")


async def test_the_palette_runs_commands_and_typed_questions():
    async with at_the_console() as me:
        await me.press("ctrl+p")
        await me.type("logs timed out")
        await asyncio.sleep(0.4)
        me.sees("Search logs for timed out")
        await me.press("enter")
        await asyncio.sleep(0.3)
        assert me.app.current_mode == "logs"
        assert me.app.screen.query_text() == "timed out"


async def test_help_lists_reasons_and_runs_what_is_possible():
    async with at_the_console() as me:
        await me.press("4", "question_mark")
        me.sees("Not now: Nothing is searched for")
        await me.press("enter")
        me.sees("level:error")


async def test_promql_of_the_user_is_drawn_above_the_wall():
    async with at_the_console() as me:
        await me.press("3", "slash")
        await me.type("up")
        await me.press("enter")
        me.sees("up", "CPU busy")
        await me.press("enter")
        me.sees_not("CPU busy")


async def test_keys_can_be_changed_and_wrong_ones_are_reported():
    async with at_the_console(keys={"alerts.ack": "f5", "no.such": "x"}) as me:
        me.sees("no such command")
        await me.press("2", "f5")
        me.sees("✓")


async def test_themes_change_in_place():
    async with at_the_console() as me:
        before = me.app.theme
        await me.press("f8")
        assert me.app.theme != before
