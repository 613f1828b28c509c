"""The commands of `airis` and how they are called."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from typing import Any

from console.cli.output import FORMATS
from console.cli.session import OK, STATUSES, Work, run_with_client

Commands = Any
"""What argparse gives for sub-commands; its class is private."""


def run(words: Sequence[str]) -> int:
    """Run one command; return the exit status."""
    if words[0] == "serve":
        return _serve(words[1:])
    if words[0] == "demo":
        from console.cli.demo import demo

        return demo(words[1:])
    arguments = parser().parse_args(words)
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        return _left()
    return status


def _left() -> int:
    """End well when whoever read has read enough; what is still buffered goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return OK


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands that this process runs itself."""
    found = argparse.ArgumentParser(prog="airis", epilog=STATUSES,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    commands = found.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("serve", help="run the platform: gateway and services", add_help=False)
    commands.add_parser("demo", help="the console on a simulated shop with incidents", add_help=False)
    _logs(commands)
    _metrics(commands)
    _traces(commands)
    _alerts(commands)
    _add(commands, "sources", "list every source with health, lag and last error", "sources")
    _doctor(commands)
    _words(commands)
    return found


def _serve(words: Sequence[str]) -> int:
    """Become the platform process, with this user's places where none are named."""
    from console.places import data_dir, socket_path

    given = [word.partition("=")[0] for word in words]
    extra = []
    if not {"-h", "--help"} & set(words):
        if "--data" not in given:
            only = words[given.index("--only") + 1] if "--only" in given[:-1] else ""
            extra += ["--data", str(data_dir() / only if only else data_dir())]
        if "--listen" not in given and "--only" not in given:
            extra += ["--listen", f"unix:{socket_path()}"]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "backend", *extra, *words])


def _add(commands: Commands, name: str, text: str, work: str) -> argparse.ArgumentParser:
    found: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=text, epilog=STATUSES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    found.add_argument("-o", "--output", choices=FORMATS, default="table", help="form of the output (table)")
    _common(found)
    found.set_defaults(run=lambda arguments: run_with_client(arguments, _work(work)))
    return found


def _common(found: argparse.ArgumentParser) -> None:
    found.add_argument("--gateway", metavar="ADDRESS", help="unix:PATH, http://… or https://… of a platform")
    found.add_argument("--token-file", metavar="FILE", help="a file with the token of that platform")
    found.add_argument("--range", metavar="TIME", help="15m, now-6h, 10:00..10:30, 2026-11-21 10:00 (1h)")
    found.set_defaults(theme=None, read_only=None, utc=None, no_mouse=False, plain_display=False)


def _work(name: str) -> Work:
    from console.cli import signals

    work: Work = getattr(signals, name)
    return work


def _group(commands: Commands, name: str, text: str) -> Commands:
    found = commands.add_parser(name, help=text, description=text)
    inner: Commands = found.add_subparsers(required=True, metavar="WHAT")
    return inner


def _logs(commands: Commands) -> None:
    inner = _group(commands, "logs", "search or follow log lines")
    for name, text in (("search", "print matching lines, oldest first"), ("tail", "print lines as they arrive")):
        found = _add(inner, name, text, f"logs_{name}")
        found.add_argument("query", nargs="*", default=[], help='level:error "timed out" -healthz /conn.*reset/')
        found.add_argument("--service", help="lines of this service only")
        if name == "search":
            found.add_argument("--limit", type=int, default=200, help="at most so many lines (200)")


def _metrics(commands: Commands) -> None:
    inner = _group(commands, "metrics", "evaluate PromQL, list metrics")
    found = _add(inner, "query", "evaluate PromQL now, or over --range", "metrics_query")
    found.add_argument("query", nargs="+", help="a PromQL expression")
    found.add_argument("--step", type=float, metavar="SECONDS", help="distance of the points of a range")
    _add(inner, "names", "list metric names in use", "metrics_names")


def _traces(commands: Commands) -> None:
    inner = _group(commands, "traces", "search traces, show one")
    found = _add(inner, "search", "print matching traces, newest first", "traces_search")
    found.add_argument("query", nargs="*", default=[], help="error:true duration:>100ms http.route:/cart words")
    found.add_argument("--service", help="traces with a span of this service")
    found.add_argument("--limit", type=int, default=50, help="at most so many traces (50)")
    shown = _add(inner, "show", "print one trace as a tree", "traces_show")
    shown.add_argument("trace_id", help="the id of the trace")


def _alerts(commands: Commands) -> None:
    inner = _group(commands, "alerts", "list alerts, take them, give them back")
    found = _add(inner, "list", "print alerts", "alerts_list")
    found.add_argument("--status", action="append", choices=("firing", "pending", "resolved"), help="may be repeated")
    acked = _add(inner, "ack", "take alerts", "alerts_ack")
    acked.add_argument("ids", nargs="+", metavar="ID", help="ids as the list prints them")
    acked.add_argument("--comment", default="", help="why, for the timeline")
    given = _add(inner, "unack", "give alerts back", "alerts_unack")
    given.add_argument("ids", nargs="+", metavar="ID", help="ids as the list prints them")


def _doctor(commands: Commands) -> None:
    text = "look at configuration, terminal, platform and sources, and say what is wrong"
    found = _add(commands, "doctor", text, "sources")

    def run_doctor(arguments: argparse.Namespace) -> int:
        from console.cli.doctor import doctor

        return asyncio.run(doctor(arguments))

    found.set_defaults(run=run_doctor)


def _words(commands: Commands) -> None:
    themes = commands.add_parser("themes", help="list the themes")
    themes.set_defaults(run=lambda _: _print_themes())
    completion = commands.add_parser("completion", help="print completions for a shell")
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"))
    completion.set_defaults(run=_print_completion)


def _print_themes() -> int:
    from console.places import theme_dir
    from themes.loader import available

    print("\n".join(sorted(available(theme_dir()))))
    return 0


def _print_completion(arguments: argparse.Namespace) -> int:
    import shtab

    print(shtab.complete(parser(), shell=arguments.shell))
    return 0
