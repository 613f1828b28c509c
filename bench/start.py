"""From exec to first paint: `airis` with no platform running, against the smallest Textual application."""

import contextlib
import os
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.figure import Figure, report
from bench.latency_terminal import LinkedTerminal, Stream
from bench.private_platform import AIRIS, private_platform

PAIRS = 9
MOST_RATIO = 1.6
_HELLO = [sys.executable, str(Path(__file__).with_name("hello.py"))]
_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from exec to first paint, by the clock and of the processor."""

    wall_s: float
    cpu_s: float


def _cpu_s(pid: int) -> float:
    """Return the processor time of a process's threads; man 5 proc, schedstat: nanoseconds first."""
    spent_ns = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            spent_ns += int((thread / "schedstat").read_text().split()[0])
    return spent_ns / 1e9


def start_once(argv: Sequence[str], env: Mapping[str, str] | None = None) -> Start:
    """Start a program and wait for the word `Overview`."""
    began, shown = time.perf_counter(), Stream()
    terminal = LinkedTerminal(list(argv), env=dict(env or {}), columns=120, rows=40)
    try:
        while time.perf_counter() < began + _PATIENCE_S:
            shown.feed(terminal.pump(0.01))
            if "Overview" in shown.text():
                return Start(time.perf_counter() - began, _cpu_s(terminal.pid))
        raise TimeoutError(f"{argv[0]} painted nothing")
    finally:
        terminal.close()


def _pair() -> tuple[Start, Start]:
    with private_platform() as platform:
        return start_once(AIRIS, platform.env), start_once(_HELLO)


def figures(pairs: int = PAIRS) -> list[Figure]:
    """Measure with byte code kept, as Python does unless told not to; the first pair fills that cache, uncounted."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    measured = [_pair() for _ in range(pairs + 1)][1:]
    found = []
    for name, spent in (("wall", lambda start: start.wall_s), ("CPU", lambda start: start.cpu_s)):
        airis, hello = (statistics.median(spent(pair[which]) for pair in measured) for which in (0, 1))
        ratio = airis / hello
        text = f"{airis * 1000:.0f} ms / {hello * 1000:.0f} ms = {ratio:.2f}"
        found.append(Figure(f"first paint, {name}, against hello world", f"≤ {MOST_RATIO}", text, ratio <= MOST_RATIO))
    return found


def main() -> int:
    """Measure and print."""
    return report("start", figures())


if __name__ == "__main__":
    raise SystemExit(main())
