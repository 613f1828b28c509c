"""Runs the simulated shop: `python -m backend.simulation --to ADDRESS`."""

import argparse
import asyncio
import contextlib
import logging
import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

from backend.clock import Clock, SystemClock
from backend.simulation.history import first_untold_ns
from backend.simulation.incidents import Schedule
from backend.simulation.pace import NANOSECOND, Pace, Plan
from backend.simulation.sender import Sender, SendingFailed, open_client
from backend.simulation.simulation import Simulation

log = logging.getLogger("airis.simulation")

EXIT_FAILED = 1
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def duration_s(text: str) -> float:
    """Return the seconds of `90`, `30m` or `1h30m`; raise `ArgumentTypeError` for anything else."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    if not re.fullmatch(r"(\d+[smhd])+", text):
        raise argparse.ArgumentTypeError(f"“{text}” is not a duration: write 90s, 30m or 6h")
    return sum(int(number) * _SECONDS[unit] for number, unit in re.findall(r"(\d+)([smhd])", text))


def positive(text: str) -> float:
    """Return a number above nought; raise `ArgumentTypeError` for anything else."""
    with contextlib.suppress(ValueError):
        if 0 < (found := float(text)) < 1_000:
            return found
    raise argparse.ArgumentTypeError(f"“{text}” is not a number between 0 and 1000")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    found = argparse.ArgumentParser(
        prog="python -m backend.simulation",
        description="Send the telemetry of a simulated shop to a platform; everything it sends is marked as made up.",
    )
    found.add_argument("--to", metavar="ADDRESS", required=True, help="unix:PATH or http(s)://HOST:PORT")
    found.add_argument("--token-file", metavar="FILE", type=Path, help="a file with the token of the platform")
    found.add_argument("--seed", type=int, default=7, help="the same seed gives the same shop (7)")
    found.add_argument("--speed", type=positive, default=1.0, help="how fast incidents unfold (1)")
    found.add_argument("--backfill", metavar="TIME", type=duration_s, default=0.0, help="history to send first (none)")
    found.add_argument("--duration", metavar="TIME", type=duration_s, help="stop after this long (never)")
    return found


def main(words: Sequence[str] | None = None) -> int:
    """Run until told to stop; return the exit status."""
    arguments = parser().parse_args(words)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        asyncio.run(_until_stopped(arguments))
    except (SendingFailed, OSError) as failed:
        log.warning("stopped: %s", failed)
        return EXIT_FAILED
    return 0


async def _until_stopped(arguments: argparse.Namespace) -> None:
    """Simulate until a signal comes."""
    running = asyncio.create_task(_simulate(arguments, SystemClock()))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def _simulate(arguments: argparse.Namespace, clock: Clock) -> None:
    live_ns = clock.time_ns() // NANOSECOND * NANOSECOND
    until_ns = None if arguments.duration is None else live_ns + int(arguments.duration * NANOSECOND)
    schedule = Schedule(live_ns, Random(arguments.seed), arguments.speed)
    async with open_client(arguments.to, arguments.token_file) as client:
        start_ns = await first_untold_ns(client, live_ns - int(arguments.backfill * NANOSECOND), live_ns)
        plan = Plan(start_ns, live_ns)
        # The start is part of the seed: a second run must not tell the trace ids of the first again.
        simulation = Simulation(Random(f"{arguments.seed} {start_ns}"), start_ns, schedule, plan.weight(start_ns))
        sender = Sender(client, clock.monotonic)
        await Pace(simulation, plan, sender, clock).run(until_ns)
        log.info("requests sent: %s", sender.sent)


if __name__ == "__main__":
    sys.exit(main())
