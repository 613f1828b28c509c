"""A walker that presses keys at random: whatever it does, the console stays whole."""

import random

import pytest

from console.screens.base import ConsoleScreen
from tests.fakes.console import Console, at_the_console, settle
from widgets.data_list import KeyedList

KEYS = (
    *"123456", "t", "S", "question_mark", "slash", "escape", "escape", "q", "enter", "tab", "shift+tab", "j", "k", "g", "G",
    "down", "up", "left", "right", "shift+left", "pagedown", "pageup", "plus", "minus", "0", "left_square_bracket",
    "right_square_bracket", "a", "A", "space", "o", "e", "E", "n", "N", "w", "v", "O", "I", "L", "T", "C", "s", "z", "l", "x",
    "f", "y", "r", "Z", "f8", "alt+left", "alt+right", "ctrl+l", "u", "h", "ctrl+d", "ctrl+u", "colon", "backspace",
)  # fmt: skip


def check(me: Console) -> None:
    """Never an empty screen, one focus at most, every cursor inside its list, a screen of ours at the bottom."""
    screen = me.app.screen
    assert me.text.strip(), "the screen is empty"
    assert isinstance(me.app.screen_stack[0], ConsoleScreen) or me.app.screen_stack[0].id == "_default"
    assert len([widget for widget in screen.walk_children() if widget.has_focus]) <= 1
    for found in screen.query(KeyedList):
        assert found.cursor_index < max(1, len(found.rows))
    assert "\x1b" not in me.text
    assert me.app.time.span_s >= 10


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("size", [(80, 24), (160, 50)], ids=["narrow", "wide"])
async def test_random_keys_never_break_it(seed, size):
    rng = random.Random(seed)
    async with at_the_console(size=size) as me:
        for _ in range(50):
            key = rng.choice(KEYS)
            await me.pilot.press(key)
            await me.pilot.pause()
            if not me.app.is_running:
                break
            if rng.random() < 0.3:
                await settle(me.pilot)
                check(me)
            if rng.random() < 0.05:
                await me.pilot.resize_terminal(*rng.choice([(80, 24), (200, 50), (120, 40), (250, 70)]))
