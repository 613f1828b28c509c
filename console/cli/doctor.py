"""Looks at everything that must be right, and says in words what is wrong and what to do."""

import argparse
import os
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli.output import print_rows
from console.cli.session import FAILED, OK
from console.places import config_file, data_dir, socket_path
from widgets.text import clean

if TYPE_CHECKING:
    from console.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, and what to do where it is not well."""

    check: str
    state: str
    detail: str
    advice: str = ""


async def doctor(arguments: argparse.Namespace) -> int:
    """Print the findings; the exit status is 1 where something is wrong."""
    found = [*_settings(arguments), *_terminal(), *[item async for item in _platform(arguments)]]
    rows = [{"check": item.check, "state": item.state, "detail": clean(item.detail, 400), "advice": item.advice}
            for item in found]  # fmt: skip
    print_rows(rows, arguments.output, {"state": "STATE", "check": "CHECK", "detail": "DETAIL", "advice": "WHAT TO DO"})
    return FAILED if any(item.state == "wrong" for item in found) else OK


def _settings(arguments: argparse.Namespace) -> Iterator[Finding]:
    from console.commands.keymap import checked
    from console.settings import SettingsInvalid
    from console.start import settings_of
    from console.time_context import TimeUnclear, parse_time
    from themes.loader import load
    from themes.model import ThemeError

    try:
        settings = settings_of(arguments)
    except SettingsInvalid as error:
        yield Finding("configuration", "wrong", str(error), "mend the named key")
        return
    there = "read" if config_file().exists() else "none; all defaults"
    yield Finding("configuration", "ok", f"{config_file()}: {there}")
    for complaint in checked(settings.keys)[1]:
        yield Finding("keys", "wrong", complaint, "docs/keys.md lists ids and keys")
    try:
        load(settings.theme, config_file().parent / "themes")
    except ThemeError as error:
        yield Finding("theme", "wrong", str(error), "airis themes lists them")
    try:
        parse_time(settings.range, 0.0, UTC)
    except TimeUnclear as error:
        yield Finding("range", "wrong", str(error), "write a range such as 30m")
    yield from _token(settings)


def _token(settings: "Settings") -> Iterator[Finding]:
    if not settings.token_file:
        return
    path = Path(settings.token_file).expanduser()
    if not path.is_file():
        yield Finding("token", "wrong", f"{path} is not there", "write the token of the platform into it")
    elif path.stat().st_mode & 0o077:
        yield Finding("token", "wrong", f"{path} can be read by others", f"chmod 600 {path}")
    else:
        yield Finding("token", "ok", str(path))


def _terminal() -> Iterator[Finding]:
    term, colours = os.environ.get("TERM", ""), os.environ.get("COLORTERM", "")
    size = os.get_terminal_size() if sys.stdout.isatty() else None
    shape = f", {size.columns}×{size.lines}" if size else ""
    multiplexer = "tmux" if os.environ.get("TMUX") else "screen" if os.environ.get("STY") else "none"
    detail = f"TERM={term} COLORTERM={colours or '-'}{shape}, multiplexer {multiplexer}"
    if term in {"", "dumb"}:
        yield Finding("terminal", "wrong", detail, "set TERM to what your terminal is, such as xterm-256color")
    else:
        yield Finding("terminal", "ok", detail)
    encoding = (sys.stdout.encoding or "").lower()
    if "utf" not in encoding:
        yield Finding("encoding", "wrong", f"output is {encoding}", "set LANG or LC_ALL to a UTF-8 locale")


async def _platform(arguments: argparse.Namespace) -> AsyncIterator[Finding]:
    from api_client.errors import ApiError
    from console.settings import SettingsInvalid
    from console.start import link_of, settings_of

    try:
        settings = settings_of(arguments)
    except SettingsInvalid:
        return  # told already; where the platform is cannot be known
    where = settings.gateway or f"unix:{socket_path()}, data in {data_dir()}"
    link = link_of(settings)
    try:
        client = await link.connect()
        health = await client.system.health()
        yield Finding("platform", "ok", f"{where}: {health.service} {health.version}, up {health.uptime_s:.0f} s")
        for source in await client.system.sources():
            bad = source.state.value == "failing"
            detail = source.last_error or source.detail
            yield Finding(f"source {source.name}", "wrong" if bad else source.state.value, detail,
                          "see its last error" if bad else "")  # fmt: skip
    except ApiError as error:
        yield Finding("platform", "wrong", f"{where}: {error.message}", error.advice)
    finally:
        await link.close()
