"""`airis demo`: a platform of its own, the simulated shop, and the console on both."""

import argparse
import asyncio
import signal
from collections.abc import Sequence

from console.backend_process import LocalPlatform
from console.demo import Demo
from console.link import PlatformLink
from console.places import data_dir, socket_path
from console.start import run_console, settings_of


def parser() -> argparse.ArgumentParser:
    """Return the parser of `airis demo`."""
    found = argparse.ArgumentParser(
        prog="airis demo",
        description="The console on a simulated shop, in a platform of its own: your own data stay apart.",
    )
    found.add_argument("--seed", type=int, default=7, help="the same seed gives the same incidents (7)")
    found.add_argument("--speed", type=float, default=1.0, help="how fast incidents unfold (1)")
    found.add_argument("--backfill", metavar="TIME", default="30m", help="history to send first, such as 6h (30m)")
    found.add_argument("--headless", action="store_true", help="no console: simulate until interrupted")
    found.add_argument("--theme", help="a theme of airis themes")
    found.set_defaults(gateway=None, token_file=None, range=None, read_only=None, utc=None, no_mouse=False,
                       plain_display=False)  # fmt: skip
    return found


def demo(words: Sequence[str]) -> int:
    """Run the demo; return the exit status."""
    arguments = parser().parse_args(words)
    settings = settings_of(arguments)
    local = LocalPlatform(
        socket_path().with_name("demo.sock"), data_dir().with_name("demo"), ("--no-host", "--otlp", "none")
    )
    options = ("--seed", str(arguments.seed), "--speed", str(arguments.speed), "--backfill", arguments.backfill)
    simulation = Demo(_link(local), options)
    print("starting the simulated shop …", flush=True)
    asyncio.run(_start(simulation))
    try:
        return _wait(simulation) if arguments.headless else run_console(settings, _link(local))
    finally:
        asyncio.run(simulation.stop())


def _link(local: LocalPlatform) -> PlatformLink:
    return PlatformLink(local=local, name="demo")


async def _start(simulation: Demo) -> None:
    print(await simulation.start(), flush=True)
    await simulation.release()


def _wait(simulation: Demo) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return simulation.wait()
    except KeyboardInterrupt:
        return 0
