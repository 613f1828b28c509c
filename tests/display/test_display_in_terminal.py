"""A real application in a real pseudo-terminal shows the same with the layer and without."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from bench.latency_terminal import LinkedTerminal, Screen

PROGRAM = Path(__file__).with_name("small_console.py")
ROOT = Path(__file__).parents[2]
QUIET_S = 0.15


class Session:
    """A person at the terminal."""

    def __init__(self, *, layer, columns=100, rows=30, **link):
        env = {"AIRIS_PLAIN_DISPLAY": "0" if layer else "1", "PYTHONPATH": str(ROOT), "TEXTUAL_ANIMATIONS": "none"}
        self.terminal = LinkedTerminal([sys.executable, str(PROGRAM)], columns=columns, rows=rows, env=env, **link)
        self.shown = Screen(columns, rows)
        self.wait_for("ready")

    def wait_for(self, text, patience=15.0):
        end = time.perf_counter() + patience
        while text not in self.shown.text():
            assert time.perf_counter() < end, f"{text!r} never came:\n{self.shown.text()}"
            self.shown.feed(self.terminal.pump())
        self.settle()

    def settle(self):
        end = time.perf_counter() + QUIET_S
        while time.perf_counter() < end:
            if arrived := self.terminal.pump(0.02):
                self.shown.feed(arrived)
                end = time.perf_counter() + QUIET_S

    def do(self, step):
        if isinstance(step, tuple):
            self.shown.screen.resize(lines=step[1], columns=step[0])
            self.terminal.resize(*step)
        else:
            self.terminal.press(step)
        self.settle()

    def cells(self):
        screen = self.shown.screen
        return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]

    def close(self):
        self.terminal.close()


def difference(one, other):
    pairs = zip(one.cells(), other.cells(), strict=True)
    return [
        (y, x, a, b)
        for y, (mine, theirs) in enumerate(pairs)
        for x, (a, b) in enumerate(zip(mine, theirs, strict=True))
        if a != b
    ][:1]


@pytest.fixture
def session():
    opened = []

    def start(**options):
        opened.append(Session(**options))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


UP, DOWN, END, PAGE_UP = "\x1b[A", "\x1b[B", "\x1b[F", "\x1b[5~"
STEPS = [
    "a",
    "a",
    UP,
    UP,
    PAGE_UP,
    PAGE_UP,
    END,
    "m",
    "\x1b",
    "t",
    (90, 24),
    "a",
    PAGE_UP,
    "m",
    (110, 32),
    "\x1b",
    "c",
    "r",
]


def test_every_step_ends_with_the_same_screen(session):
    plain, layered = session(layer=False), session(layer=True)
    for number, step in enumerate(["", *STEPS]):
        plain.do(step)
        layered.do(step)
        end = time.perf_counter() + 5
        while layered.cells() != plain.cells() and time.perf_counter() < end:
            plain.settle()
            layered.settle()
        assert layered.shown.text() == plain.shown.text(), f"after step {number}: {step!r}"
        assert difference(layered, plain) == [], f"after step {number}: {step!r}"
    assert layered.terminal.received < plain.terminal.received


def test_a_redraw_repairs_a_screen_that_another_program_wrote_over(session):
    layered = session(layer=True)
    before = layered.cells()
    layered.shown.feed(b"\x1b[H\x1b[0;41mrubbish\x1b[10;20Hrubbish\x1b[m")
    assert layered.cells() != before
    layered.do("r")
    assert layered.cells() == before


def test_a_program_started_in_between_leaves_nothing_behind(session):
    layered = session(layer=True)
    before = layered.cells()
    layered.do("s")
    layered.wait_for("back")
    layered.do("x")
    assert "rubbish" not in layered.shown.text()
    assert layered.cells() == before


def test_a_console_that_comes_back_from_the_background_is_drawn_anew(session):
    layered = session(layer=True)
    before = layered.cells()
    os.kill(layered.terminal.pid, signal.SIGTSTP)
    layered.settle()
    layered.shown.feed(b"\x1b[m\x1b[2J")
    os.kill(layered.terminal.pid, signal.SIGCONT)
    end = time.perf_counter() + 5
    while layered.cells() != before and time.perf_counter() < end:
        layered.settle()
    assert layered.cells() == before
    layered.do("t")
    assert "noted" in layered.shown.text()


def test_a_flood_on_a_slow_link_leaves_keys_alive(session):
    layered = session(layer=True, rate=64 * 1024, rtt=0.08)
    layered.terminal.press("f")
    layered.shown.feed(layered.terminal.pump_for(2.0))
    began = time.perf_counter()
    layered.terminal.press("t")
    while "noted" not in layered.shown.text():
        layered.shown.feed(layered.terminal.pump(0.02))
        assert time.perf_counter() - began < 3.0


@pytest.mark.parametrize("layer", [True, False])
def test_a_terminal_that_answers_nothing_is_served_all_the_same(session, layer):
    silent = session(layer=layer, answers=False)
    silent.do("a")
    silent.do("t")
    assert "noted" in silent.shown.text()


def test_a_terminal_that_stops_answering_does_not_freeze_the_screen(session):
    layered = session(layer=True)
    layered.terminal.answers = False
    layered.terminal.press("f")
    layered.shown.feed(layered.terminal.pump_for(1.0))
    layered.terminal.press("t")
    began = time.perf_counter()
    while "noted" not in layered.shown.text():
        layered.shown.feed(layered.terminal.pump(0.05))
        assert time.perf_counter() - began < 8.0


def test_what_happens_while_frames_are_held_back_is_not_lost(session):
    plain = session(layer=False)
    layered = session(layer=True, rate=32 * 1024, rtt=0.2)
    for one in (plain, layered):
        one.terminal.press("b")
        for step in ("m", (80, 20), "\x1b", "c", (100, 30), "t", "m"):
            one.shown.feed(one.terminal.pump_for(0.15))
            if isinstance(step, tuple):
                one.shown.screen.resize(lines=step[1], columns=step[0])
                one.terminal.resize(*step)
            else:
                one.terminal.press(step)
        one.settle()
    end = time.perf_counter() + 8
    while difference(plain, layered) and time.perf_counter() < end:
        plain.settle()
        layered.settle()
    assert layered.shown.text() == plain.shown.text()
    assert difference(plain, layered) == []
