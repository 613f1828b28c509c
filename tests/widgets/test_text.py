import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from widgets.text import clean, clean_lines, content, plain

HOSTILE = (
    "\x1b[31mred\x1b[0m",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\x1bP1$r0m\x1b\\",
    "\x1b]0;title\x07",
    "\x9b31mred",
    "\x9d52;c;AAAA\x9c",
    "over\rwrite\b\b\f\v\x00end",
    "admin\u202egnp.exe",
    "zero\u200bwidth\u2060\ufeff",
    "a\u2028b\u2029c\x85d",
    "[@click=app.quit]click[/] [/nothing]",
    "\udcff\ud800 lone",
    "e\u0301\u0301\u0301\u0301\u0301\u0301",
)


def harmful(text: str) -> list[str]:
    return [c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Cn"} or ord(c) == 0x1B]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_loses_its_power_and_stays_visible(text):
    shown = clean(text)
    assert not harmful(shown)
    assert shown
    assert clean(shown) == shown


@given(st.text(st.characters(exclude_categories=())), st.integers(2, 60))
def test_any_text_becomes_harmless_bounded_and_stable(text, limit):
    shown = clean(text, limit)
    assert not harmful(shown)
    assert len(shown) <= limit
    assert clean(shown, limit) == shown
    assert cell_len(shown) >= 0
    shown.encode()


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200))
def test_printable_ascii_is_left_alone(text):
    assert clean(text) == text


def test_controls_are_shown_as_pictures():
    assert clean("\x1b[2J\x00\x7f\r") == "␛[2J␀␡␍"
    assert clean("a\tb\nc") == "a    b⏎c"
    assert clean("admin\u202etxt") == "admin·txt"
    assert clean("⚠\ufe0f disk") == "⚠ disk"


def test_a_cut_is_told():
    assert clean("x" * 10, 5) == "xxxx…"


def test_a_line_of_a_million_characters_costs_little():
    line = "\x1b[1m日本" * 200_000
    clean(line)
    started = time.perf_counter()
    clean(line)
    assert time.perf_counter() - started < 0.005


def test_lines_are_kept_and_bounded():
    assert clean_lines("a\r\nb\x1b\nc") == ("a", "b␛", "c")
    assert clean_lines("\n".join("abcdef"), most=3) == ("a", "b", "c", "…")


def test_markup_is_never_read():
    assert plain("[red]x[/]").plain == "[red]x[/]"
    assert content("[red]x[/]").plain == "[red]x[/]"
    assert content("[red]x[/]", "bold").plain == "[red]x[/]"
