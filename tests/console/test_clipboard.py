"""OSC 52 reaches the terminal through tmux and screen; what is too large goes to a file."""

import base64
import re

import pytest

from console import clipboard
from console.clipboard import LIMIT, copy_text, sequence

PLAIN = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def payload(text):
    return base64.b64decode(PLAIN.fullmatch(text)[1])


@pytest.mark.parametrize("raw", [b"", b"hello", "zoë €".encode(), b"\x1b]52;c;?\x07" * 3, bytes(range(256)) * 200])
def test_plain(raw):
    assert payload(sequence(raw, {})) == raw


def test_through_tmux_as_its_own_and_passed_on():
    both = sequence(b"hello", {"TMUX": "/tmp/x,1,0"})
    own, _, passed = both.partition("\x1bPtmux;")
    assert payload(own) == b"hello"
    assert passed.endswith("\x1b\\")
    assert payload(passed[:-2].replace("\x1b\x1b", "\x1b")) == b"hello"
    assert "\x1b" not in passed[:-2].replace("\x1b\x1b", "")


def test_through_screen_in_pieces_it_accepts():
    raw = b"x" * 5000
    text = sequence(raw, {"STY": "1.pts"})
    pieces = text.split("\x1bP")[1:]
    assert all(piece.endswith("\x1b\\") and len(piece) < 512 for piece in pieces)
    assert payload("".join(piece[:-2] for piece in pieces)) == raw


async def test_what_is_copied_is_said():
    written = []
    assert await copy_text(written.append, "hello", "trace id") == "Copied trace id"
    assert payload("".join(written)) == b"hello"


async def test_text_that_utf8_cannot_hold_is_copied_all_the_same():
    written = []
    await copy_text(written.append, "a\ud800b", "line")
    assert payload("".join(written)) == b"a?b"


async def test_the_largest_still_goes_and_one_more_goes_to_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(clipboard, "state_dir", lambda: tmp_path / "state")
    written = []
    assert await copy_text(written.append, "x" * LIMIT, "lines") == "Copied lines"
    assert len(written) == 1
    said = await copy_text(written.append, "é" * LIMIT, "lines")
    assert len(written) == 1
    file = tmp_path / "state" / "clipboard.txt"
    assert str(file) in said
    assert "148,000 bytes" in said
    assert file.read_text("utf-8") == "é" * LIMIT
    assert file.stat().st_mode & 0o077 == 0
