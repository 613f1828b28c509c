"""Starts the console: the composition root of this process."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from typing import Any

from console.backend_process import LocalPlatform
from console.link import PlatformLink
from console.places import config_file, data_dir, socket_path, theme_dir
from console.settings import Settings, SettingsInvalid, load

EXIT_USAGE = 2
_GARBAGE = (3_000, 2, 1_000)
"""When garbage is looked for, by age. Strips and their caches die young and in circles; log records die old and not in
circles, so that looking at them all, which stops the console for 150 ms, is worth it only once in a long while."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the options of the console itself."""
    found = argparse.ArgumentParser(
        prog="airis",
        description="The operations console of the engineer on call; without a command it starts.",
        epilog="Commands: serve demo logs metrics traces alerts sources doctor themes completion",
    )
    found.add_argument("--gateway", metavar="ADDRESS", help="unix:PATH, http://… or https://… of a platform")
    found.add_argument("--token-file", metavar="FILE", help="a file with the token of that platform")
    found.add_argument("--theme", help="a theme of airis themes")
    found.add_argument("--read-only", action="store_true", help="refuse everything that changes something")
    found.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    found.add_argument("--utc", action="store_true", help="show times in UTC")
    found.add_argument("--range", metavar="TIME", help="range of time at start, such as 15m or 10:00..10:30")
    found.add_argument("--plain-display", action="store_true", help="write to the terminal without the display layer")
    found.add_argument("--version", action="store_true", help="print the version")
    return found


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Return the user's settings, with what the command line says over them."""
    from dataclasses import replace

    settings = load(config_file())
    said: dict[str, Any] = {
        "gateway": arguments.gateway,
        "token_file": arguments.token_file,
        "theme": arguments.theme,
        "range": arguments.range,
        "read_only": arguments.read_only or None,
        "utc": arguments.utc or None,
        "mouse": False if arguments.no_mouse else None,
        "display_layer": False if arguments.plain_display else None,
    }
    return replace(settings, **{name: value for name, value in said.items() if value is not None})


def local_platform(settings: Settings) -> LocalPlatform:
    """Return the platform of this user on this machine."""
    follow = [part for pattern in settings.follow for part in ("--follow", pattern)]
    return LocalPlatform(socket_path(), data_dir(), tuple(follow))


def link_of(settings: Settings) -> PlatformLink:
    """Return the way to the platform that the settings name, or to the one on this machine."""
    if settings.gateway:
        return PlatformLink(settings.gateway, token_file=settings.token_file)
    return PlatformLink(local=local_platform(settings))


def start(words: Sequence[str]) -> int:
    """Start the console; return the exit status."""
    arguments = parser().parse_args(words)
    if arguments.version:
        from importlib.metadata import version

        print("airis", version("airis-console"))
        return 0
    try:
        settings = settings_of(arguments)
    except SettingsInvalid as error:
        print(f"airis: {error}", file=sys.stderr)
        return EXIT_USAGE
    return run_console(settings, link_of(settings))


def _collect_garbage() -> None:
    """Take what is loaded out of collections, and collect from now on."""
    gc.freeze()
    gc.set_threshold(*_GARBAGE)
    gc.enable()


def _no_terminal() -> str | None:
    """Return why the console cannot be drawn here, or None."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return "the console needs a terminal; for scripts there are commands: airis --help"
    if os.environ.get("TERM", "") in {"", "dumb"}:
        return "TERM does not name a terminal that can be drawn on; set it, for example to xterm-256color"
    return None


def run_console(settings: Settings, link: PlatformLink) -> int:
    """Run the console until its user leaves."""
    if reason := _no_terminal():
        print(f"airis: {reason}", file=sys.stderr)
        return EXIT_USAGE
    gc.disable()  # what is made until the first frame stays
    from console.app import ConsoleApp
    from console.screens.base import Desk
    from console.time_context import TimeUnclear

    try:
        app = ConsoleApp(Desk(link), settings, user_themes=theme_dir(), on_first_frame=_collect_garbage)
    except TimeUnclear as error:
        print(f"airis: range: {error}", file=sys.stderr)
        return EXIT_USAGE
    app.run(mouse=settings.mouse)
    return app.return_code or 0
