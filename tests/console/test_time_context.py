"""The range of time: what can be typed, and what stays true however it is moved."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.time_context import (
    DAY,
    HOUR,
    LONGEST,
    MINUTE,
    SHORTEST,
    TimeContext,
    TimeUnclear,
    parse_time,
    span_words,
)
from tests.fakes.moment import NOW, NOW_S

BERLIN = ZoneInfo("Europe/Berlin")


def at(text, zone=UTC):
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("", 30 * MINUTE), ("now", 30 * MINUTE), ("15m", 15 * MINUTE), ("now-6h", 6 * HOUR), ("last 2d", 2 * DAY),
        ("-90s", 90), ("1.5h", 90 * MINUTE), ("20 min", 20 * MINUTE), ("1w", 7 * DAY), ("  5m ", 5 * MINUTE),
        ("10s", SHORTEST), ("366d", LONGEST),
    ],
)  # fmt: skip
def test_spans_are_live(text, span):
    assert parse_time(text, NOW_S, UTC) == TimeContext(span)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("10:00..10:30", "2026-01-15 10:00", "2026-01-15 10:30"),
        ("9:05 to 9:15:30", "2026-01-15 09:05", "2026-01-15 09:15:30"),
        ("10:00→10:30", "2026-01-15 10:00", "2026-01-15 10:30"),
        ("23:50..23:55", "2026-01-14 23:50", "2026-01-14 23:55"),
        ("23:50..00:10", "2026-01-14 23:50", "2026-01-15 00:10"),
        ("2026-01-10 10:00 to 11:00", "2026-01-10 10:00", "2026-01-10 11:00"),
        ("2026-01-10 23:00..01:00", "2026-01-10 23:00", "2026-01-11 01:00"),
        ("2026-01-10T10:00:00Z..2026-01-11", "2026-01-10 10:00", "2026-01-11 00:00"),
    ],
)
def test_two_ends_stand_still(text, start, end):
    found = parse_time(text, NOW_S, UTC)
    assert not found.live
    assert found.window(NOW_S) == (at(start), at(end))


def test_an_open_end_follows_the_clock():
    assert parse_time("11:00..now", NOW_S, UTC) == TimeContext(HOUR)


def test_one_moment_stands_in_the_middle():
    found = parse_time("2026-01-10 10:00", NOW_S, UTC)
    start, end = found.window(NOW_S)
    assert (start + end) / 2 == at("2026-01-10 10:00")


def test_a_recent_moment_is_shown_up_to_now():
    assert parse_time("11:58", NOW_S, UTC).window(NOW_S)[1] == NOW_S


def test_times_are_those_of_the_zone():
    assert parse_time("10:00..11:00", NOW_S, BERLIN).window(NOW_S)[0] == at("2026-01-15 10:00", BERLIN)
    assert parse_time("2026-01-10 10:00+05:00..2026-01-10 12:00+05:00", NOW_S, BERLIN).end_s == at("2026-01-10 07:00")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("soon", "write 15m"), ("25:00", "write 15m"), ("10:61..10:62", "write 15m"), ("5", "write 15m"),
        ("1s", "between 10 s"), ("400d", "between 10 s"), ("9" * 400 + "d", "between 10 s"),
        ("10:00..10:00", "at least 10 s"), ("11:00..10:00", "at least 10 s"), ("10:00..10:00:05", "at least 10 s"),
        ("1..2..3", "more than two"), ("0001-01-01..now", "at most 366 days"), ("2020-01-01..2026-01-01", "at most 366"),
        ("10:00..", "write 15m"), ("..10:00", "write 15m"), ("2026-13-01", "write 15m"), ("\x1b[31m", "write 15m"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_said_with_what_can(text, words):
    with pytest.raises(TimeUnclear, match=words):
        parse_time(text, NOW_S, UTC)


@given(st.text(max_size=30))
def test_any_text_is_a_range_or_an_error_for_people(text):
    try:
        found = parse_time(text, NOW_S, BERLIN)
    except TimeUnclear:
        return
    start, end = found.window(NOW_S)
    assert SHORTEST <= round(end - start, 3) <= LONGEST
    assert found.words(BERLIN)


CONTEXTS = st.builds(
    TimeContext,
    st.floats(SHORTEST, LONGEST),
    st.none() | st.floats(NOW_S - LONGEST, NOW_S),
)


@given(CONTEXTS, st.floats(0.01, 100), st.none() | st.floats(0, 1))
def test_zooming_keeps_its_bounds_and_its_centre(context, factor, share):
    start, end = context.window(NOW_S)
    around = None if share is None else start + share * (end - start)
    zoomed = context.zoomed(factor, NOW_S, around)
    first, last = zoomed.window(NOW_S)
    assert SHORTEST <= zoomed.span_s <= LONGEST
    assert last <= NOW_S
    assert zoomed.live == (context.live and share is None)
    if around is not None and last < NOW_S:
        assert (around - first) / zoomed.span_s == pytest.approx(share, abs=0.01)


@given(CONTEXTS, st.floats(-3, 3))
def test_panning_keeps_the_length_and_never_passes_now(context, share):
    moved = context.panned(share, NOW_S)
    assert moved.span_s == context.span_s
    assert moved.window(NOW_S)[1] <= NOW_S
    if share > 0 and context.live:
        assert moved.live


@given(CONTEXTS, st.floats(0, 1000))
def test_held_stands_still_and_resumed_follows(context, later_s):
    held = context.held(NOW_S)
    assert held.window(NOW_S + later_s) == held.window(NOW_S) == context.window(NOW_S)
    assert held.resumed().live
    assert held.resumed().window(NOW_S + later_s)[1] == NOW_S + later_s


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (45, "45s"),
        (60, "1m"),
        (90, "1.5m"),
        (1800, "30m"),
        (3600, "1h"),
        (5400, "90m"),
        (86_400, "1d"),
        (7 * DAY, "7d"),
    ],
)
def test_lengths_in_words(seconds, words):
    assert span_words(seconds) == words


def test_ranges_in_words_name_the_day_when_it_is_another():
    assert TimeContext(HOUR).words(UTC) == "last 1h"
    end = (NOW - timedelta(days=3)).timestamp()
    assert TimeContext(HOUR, end).words(UTC) == "01-12 11:00–12:00 (1h)"
