"""From key to paint on the real log screen, while the platform takes in 10,000 lines a second over OTLP/HTTP."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from bench.figure import Figure, report
from bench.link import SLOW, Latency, measure
from bench.private_platform import AIRIS, PrivatePlatform, private_platform

LINES_PER_S = 10_000
KEYS = 120
_LOAD_S = 75
_LINES = r"\d{2}:\d{2}:\d{2}\.\d{3}.*answered in"
_PAUSE = " "
_PAUSED = r"\+[\d,]+ new"
_FOLLOWS = rf"(?s)\A(?!.*{_PAUSED})"


@dataclass(frozen=True, slots=True)
class Aim:
    """Which link, and how late an answer may come over it, in milliseconds."""

    name: str
    link: dict[str, float]
    p50_ms: float
    p99_ms: float

    @property
    def words(self) -> str:
        """Return the aim for people."""
        return f"p50 ≤ {self.p50_ms:,.0f} ms, p99 ≤ {self.p99_ms:,.0f} ms"


AIMS = (Aim("local", {}, 50, 50), Aim("64 KiB/s, 80 ms", SLOW, 300, 1500))


@contextlib.contextmanager
def _load(port: int) -> Iterator[None]:
    """Let a process send log lines meanwhile; it ends by itself even where nobody ends it."""
    words = [sys.executable, "-m", "bench.log_load", str(port), str(LINES_PER_S), str(_LOAD_S)]
    sender = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    try:
        yield
        if sender.poll() is not None:
            raise SystemExit(f"the sender ended before the measurement, with status {sender.returncode}")
    finally:
        sender.terminate()
        sender.wait()


def _expected(press: int) -> str:
    return _PAUSED if press % 2 else _FOLLOWS


def _latency(platform: PrivatePlatform, link: dict[str, float], keys: int) -> Latency:
    """Hold the tail and let it go in turn: each press changes the badge of the pane."""
    return measure(
        AIRIS, ready="Overview", first="4", then=_LINES, key=_PAUSE, expect=_expected,
        count=keys, env=platform.env, on_screen=True, columns=120, rows=40, **link,
    )  # fmt: skip


def figures(keys: int = KEYS) -> list[Figure]:
    """Measure on this machine's terminal, then behind the slow link."""
    found = []
    for aim in AIMS:
        with private_platform() as platform:
            port = platform.start()
            with _load(port):
                late = _latency(platform, aim.link, keys)
        p50, p99 = late.quantile(0.5), late.quantile(0.99)
        holds = p50 <= aim.p50_ms and p99 <= aim.p99_ms and not late.lost
        found.append(Figure(f"key to paint, tail of {LINES_PER_S:,} lines/s, {aim.name}", aim.words, str(late), holds))
    return found


def main() -> int:
    """Measure and print."""
    return report("tail", figures())


if __name__ == "__main__":
    raise SystemExit(main())
