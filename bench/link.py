"""From key to paint, on this machine and over a slow link, with the display layer and without."""

import os
import random
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.figure import Figure, report
from bench.latency_terminal import LinkedTerminal, Screen, Stream

KIB = 1024
SLOW = {"rate": 64 * KIB, "rtt": 0.08}
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Latency:
    """Milliseconds from key to paint, keys without an answer, and what was sent while measuring."""

    delays_ms: tuple[float, ...]
    lost: int
    bytes_per_s: float

    def quantile(self, share: float) -> float:
        ordered = sorted(self.delays_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")

    def __str__(self) -> str:
        p50, p99 = self.quantile(0.5), self.quantile(0.99)
        keys = f"{self.lost} of {len(self.delays_ms) + self.lost} keys unanswered"
        return f"p50 {p50:,.0f} ms, p99 {p99:,.0f} ms, {keys}, {self.bytes_per_s / KIB:.0f} KiB/s"


def measure(
    argv, *, ready, key, expect, first="", then="", count=60, pause=0.15, warm=2.0, patience=10.0, env=None,
    on_screen=False, **link
) -> Latency:  # fmt: skip
    """Press a key `count` times and time its answer.

    `ready` is text to wait for at first, `first` keys to press then and `then` text to wait for after those;
    `expect(n)` is the pattern that answers press number n, from 1 on, on the screen with `on_screen`, else in the
    stream without control sequences, where unchanged cells are missing; `key` is one key or a function of n. `link`
    goes to `LinkedTerminal`.
    """
    terminal = LinkedTerminal(argv, env=env, **link)
    try:
        shown = Screen(terminal.columns, terminal.rows) if on_screen else Stream()
        _arrive(terminal, shown, ready)
        if first:
            terminal.press(first)
            _arrive(terminal, shown, then)
        shown.feed(terminal.pump_for(warm))
        before, began, delays, lost = terminal.received, time.perf_counter(), [], 0
        chance = random.Random(5)
        for n in range(1, count + 1):
            shown.begin()
            terminal.press(key(n) if callable(key) else key)
            delay = _wait(terminal, shown, expect(n), patience)
            if delay is None:
                lost += 1
            else:
                delays.append(delay * 1000)
            shown.feed(terminal.pump_for(pause * chance.uniform(0.8, 1.2)))
        rate = (terminal.received - before) / (time.perf_counter() - began)
        return Latency(tuple(delays), lost, rate)
    finally:
        terminal.close()


def _arrive(terminal, shown, text) -> None:
    if _wait(terminal, shown, text, 60.0) is None:
        raise TimeoutError(f"the program never showed {text!r}")


def _wait(terminal, shown, pattern, patience) -> float | None:
    began = time.perf_counter()
    while time.perf_counter() < began + patience:
        if arrived := terminal.pump(0.01):
            now = time.perf_counter()
            shown.feed(arrived)
            if re.search(pattern, shown.text()):
                return now - began
    return None


def stress_app():
    """Return an app with a log of 10,000 lines a second and a word that changes with every press of space."""
    from textual.app import ComposeResult
    from textual.widgets import Static

    from console.display.layer import DisplayLayer
    from themes.loader import load
    from themes.variables import fallbacks
    from widgets.log_view import LogLine, LogView

    class Stress(DisplayLayer):
        BINDINGS = [("space", "count", "Count")]
        CSS = "LogView { height: 1fr; } Static { height: 1; }"

        def __init__(self) -> None:
            super().__init__()
            self.register_theme(load())
            self.theme = "airis-dark"
            self.lines = self.presses = 0

        def get_theme_variable_defaults(self):
            return fallbacks(self.current_theme)

        def compose(self) -> ComposeResult:
            yield Static(token(0), id="count")
            yield LogView()

        def on_mount(self) -> None:
            self.set_interval(0.05, self.feed)

        def feed(self) -> None:
            numbers = range(self.lines, self.lines + 500)
            self.lines += 500
            self.query_one(LogView).extend([line(n) for n in numbers])

        def action_count(self) -> None:
            self.presses += 1
            self.query_one("#count", Static).update(token(self.presses))

    def line(n) -> LogLine:
        level = ("info", "info", "info", "warn", "error")[n % 5]
        text = f"request {n} of user {n * 7919 % 10007} took {n * 31 % 997} ms, {n * 17 % 311} rows, cache {n % 3}"
        return LogLine(str(n), f"12:00:{n % 60:02d}.{n % 1000:03d}", level, f"service-{n % 7}", text)

    return Stress()


def figures() -> list[Figure]:
    """Measure each link with the display layer and without; the slow link without it answers hardly at all."""
    stress, found = [sys.executable, "-m", "bench.link", "--stress"], []
    os.chdir(ROOT)
    for name, link in (("local", {}), ("64 KiB/s, 80 ms", SLOW)):
        for layer in ("on", "off"):
            env = {"AIRIS_PLAIN_DISPLAY": "0" if layer == "on" else "1"}
            count, patience = (60, 10.0) if layer == "on" or not link else (1, 40.0)
            late = measure(
                stress, ready="request", key=" ", expect=token, env=env, count=count, patience=patience, **link
            )
            found.append(Figure(f"key to paint, log view alone, {name}, display layer {layer}", "", str(late)))
    return found


def main() -> int:
    """Measure and print."""
    return report("link", figures())


def token(n: int) -> str:
    """Return a word of which every letter differs from those of the word before, so that all of it is written."""
    return chr(ord("a") + n % 26) * 12


if __name__ == "__main__":
    if "--stress" in sys.argv:
        stress_app().run()
        sys.exit(0)
    sys.exit(main())
