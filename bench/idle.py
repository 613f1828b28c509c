"""What the console costs while nobody touches it: the overview with all its charts, on live metrics of this host."""

import time
from dataclasses import dataclass

import psutil

from bench.figure import Figure, report
from bench.latency_terminal import LinkedTerminal
from bench.private_platform import AIRIS, private_platform

COLUMNS, ROWS = 200, 60
SETTLE_S, WATCH_S = 20.0, 40.0
MOST_CPU_PERCENT, MOST_CONSOLE_MIB, MOST_PLATFORM_MIB, MOST_KIB_PER_S = 4.0, 110.0, 250.0, 4.0


@dataclass(frozen=True, slots=True)
class Idle:
    """Processor in percent of one core, resident memory in MiB, and what is written in KiB a second."""

    console_cpu: float
    platform_cpu: float
    console_mib: float
    platform_mib: float
    kib_per_s: float


def _spent_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _mib(process: psutil.Process) -> float:
    return process.memory_info().rss / 2**20


def watch(settle_s: float = SETTLE_S, watch_s: float = WATCH_S) -> Idle:
    """Start a console with a platform of its own, let both settle, and watch them."""
    with private_platform() as platform:
        platform.start()
        terminal = LinkedTerminal(AIRIS, columns=COLUMNS, rows=ROWS, env=platform.env)
        try:
            terminal.pump_for(settle_s)
            console, backend = psutil.Process(terminal.pid), platform.process()
            spent, received, began = (_spent_s(console), _spent_s(backend)), terminal.received, time.perf_counter()
            terminal.pump_for(watch_s)
            took_s = time.perf_counter() - began
            return Idle(
                (_spent_s(console) - spent[0]) / took_s * 100,
                (_spent_s(backend) - spent[1]) / took_s * 100,
                _mib(console),
                _mib(backend),
                (terminal.received - received) / 1024 / took_s,
            )
        finally:
            terminal.close()


def figures() -> list[Figure]:
    """Measure."""
    idle = watch()
    rows = (
        ("console, CPU of a core", idle.console_cpu, MOST_CPU_PERCENT, "%"),
        ("console, resident", idle.console_mib, MOST_CONSOLE_MIB, "MiB"),
        ("platform, resident", idle.platform_mib, MOST_PLATFORM_MIB, "MiB"),
        ("written to the terminal", idle.kib_per_s, MOST_KIB_PER_S, "KiB/s"),
    )
    found = [
        Figure(f"idle overview, {name}", f"≤ {most:g} {unit}", f"{value:.1f} {unit}", value <= most)
        for name, value, most, unit in rows
    ]
    return [*found, Figure("idle overview, platform, CPU of a core", "", f"{idle.platform_cpu:.1f} %")]


def main() -> int:
    """Measure and print."""
    return report("idle", figures())


if __name__ == "__main__":
    raise SystemExit(main())
