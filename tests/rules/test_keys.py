"""Keys: no clash, no destructive reflex key, the page in the docs is fresh."""

from pathlib import Path

import pytest

from console.commands.cheatsheet import sheet
from console.commands.keymap import checked, clashes
from console.commands.registry import ALL, BY_SCREEN

ROOT = Path(__file__).parents[2]
REFLEXES = {"ctrl+d", "ctrl+k", "ctrl+a", "ctrl+w", "ctrl+x", "ctrl+u", "ctrl+z", "ctrl+b"}


@pytest.mark.parametrize("screen", BY_SCREEN)
def test_no_two_commands_share_a_key(screen):
    assert not clashes(screen, {})


def test_keys_that_hands_press_by_reflex_do_nothing_of_ours():
    assert not {key for command in ALL for key in command.key.split(",")} & REFLEXES


def test_ids_are_unique():
    assert len({command.id for command in ALL}) == len(ALL)


def test_the_page_of_keys_is_fresh():
    assert (ROOT / "docs" / "keys.md").read_text("utf-8") == sheet(), "run: make docs"


def test_a_clash_made_by_the_user_is_named():
    keymap, complaints = checked({"alerts.ack": "space", "unknown.thing": "x"})
    assert keymap == {"alerts.ack": "space"}
    assert any("alerts.ack" in text and "alerts.mark" in text for text in complaints)
    assert any("unknown.thing" in text for text in complaints)
