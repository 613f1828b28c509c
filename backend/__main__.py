"""Runs a platform process: `python -m backend`, which is what `airis serve` becomes."""

import argparse
import asyncio
import contextlib
import logging
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from backend.settings import DEFAULT_PORTS, OTLP_PORT, SERVICES, Address, ServeSettings, SettingsInvalid

if TYPE_CHECKING:
    from backend.wiring import Platform

EXIT_USAGE = 2
EXIT_IN_USE = 3
EXIT_ADDRESS = 4


def parser() -> argparse.ArgumentParser:
    """Return the parser of `airis serve`."""
    found = argparse.ArgumentParser(prog="airis serve", description="Run the AIRIS EPM platform in this process.")
    found.add_argument("--listen", metavar="ADDRESS", help="unix:PATH or HOST:PORT of the API")
    found.add_argument("--otlp", metavar="ADDRESS",
                       help=f"HOST:PORT of OTLP/HTTP, or none (127.0.0.1:{OTLP_PORT})")  # fmt: skip
    found.add_argument(
        "--data", metavar="DIR", type=Path, required=True, help="where telemetry and alert state are kept"
    )
    found.add_argument("--no-host", action="store_true", help="do not watch this host's metrics and logs")
    found.add_argument(
        "--follow", metavar="GLOB", action="append", default=[], help="follow log files; may be repeated"
    )
    found.add_argument("--only", metavar="SERVICE", action="append", choices=SERVICES, default=[],
                       help=f"run only this service ({', '.join(SERVICES)}); may be repeated")  # fmt: skip
    found.add_argument("--peer", metavar="SERVICE=URL", action="append", default=[],
                       help="where a service runs that this process does not run")  # fmt: skip
    found.add_argument("--token-file", metavar="FILE", type=Path, help="a file with the token of TCP callers")
    found.add_argument("--no-auth", action="store_true", help="no token on a loopback TCP address")
    found.add_argument("--retention-days", type=float, default=7.0, help="age at which telemetry is deleted (7)")
    found.add_argument("--retention-gib", type=float, default=2.0, help="size at which the oldest is deleted (2)")
    found.add_argument("--linger", metavar="SECONDS", type=float, help="stop after this long without a request")
    found.add_argument("--database", metavar="URL", help="SQLAlchemy URL of the alert state")
    found.add_argument("--log-level", default="INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR"))
    return found


def settings_of(arguments: argparse.Namespace) -> ServeSettings:
    """Return the settings that a command line means; raise `SettingsInvalid` where they cannot work."""
    only = frozenset(arguments.only) or frozenset(SERVICES)
    port = DEFAULT_PORTS[arguments.only[0] if arguments.only else "gateway"]
    otlp = arguments.otlp or ("none" if arguments.only else f"127.0.0.1:{OTLP_PORT}")
    peers = dict(_peer(text) for text in arguments.peer)
    settings = ServeSettings(
        listen=Address.parse(arguments.listen or f"127.0.0.1:{port}", port),
        otlp=None if otlp == "none" else Address.parse(otlp, OTLP_PORT),
        data=arguments.data.expanduser(),
        host=not arguments.no_host,
        only=only,
        peers=peers,
        token_file=arguments.token_file,
        no_auth=arguments.no_auth,
        follow=tuple(arguments.follow),
        retention_days=arguments.retention_days,
        retention_gib=arguments.retention_gib,
        linger_s=arguments.linger,
        database=arguments.database,
    )
    settings.check()
    return settings


def _peer(text: str) -> tuple[str, str]:
    name, equals, address = text.partition("=")
    if name not in SERVICES or not equals or not address.startswith(("http://", "https://")):
        raise SettingsInvalid(f"--peer {text}: write SERVICE=URL, such as logs=http://127.0.0.1:8002")
    return name, address


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop; return the exit status."""
    parsed = parser().parse_args(arguments)
    logging.basicConfig(level=parsed.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for noisy in ("httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    try:
        settings = settings_of(parsed)
    except SettingsInvalid as error:
        print(f"airis serve: {error}", file=sys.stderr)
        return EXIT_USAGE
    import uvloop

    return uvloop.run(_serve(settings))


async def _serve(settings: ServeSettings) -> int:
    from backend.clock import SystemClock
    from backend.engines.embedded.directory_lock import DirectoryInUse
    from backend.gateway.identity import TokenFileInvalid
    from backend.wiring import build

    try:
        listening = settings.listen.bind()
    except SettingsInvalid as error:
        print(f"airis serve: {error}", file=sys.stderr)
        return EXIT_ADDRESS
    otlp, fault = _bind_otlp(settings)
    guarded = _guarded(settings, listening, otlp)
    try:
        platform = build(settings, SystemClock(), guarded)
    except (DirectoryInUse, TokenFileInvalid, SettingsInvalid) as error:
        print(f"airis serve: {error}", file=sys.stderr)
        _unlink(settings.listen)
        return EXIT_IN_USE if isinstance(error, DirectoryInUse) else EXIT_USAGE
    if platform.otlp_feed and fault:
        platform.otlp_feed.fault = fault
        logging.getLogger("airis").warning("OTLP is not received: %s", fault)
    try:
        await _run(settings, platform, [listening, *([otlp] if otlp else [])])
    finally:
        await platform.close()
        _unlink(settings.listen)
    return 0


class _Server(uvicorn.Server):
    """A server that leaves signals to us: uvicorn would raise them again before the store is closed."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Catch nothing."""
        yield

    def stop(self) -> None:
        """Stop gracefully; a second call stops at once."""
        self.force_exit = self.should_exit
        self.should_exit = True


async def _run(settings: ServeSettings, platform: "Platform", sockets: list[socket.socket]) -> None:
    config = uvicorn.Config(
        platform.app, lifespan="off", log_config=None, access_log=False, server_header=False,
        timeout_graceful_shutdown=2, timeout_keep_alive=30, limit_concurrency=1024,
    )  # fmt: skip
    server = _Server(config)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    tasks = [asyncio.create_task(work) for work in platform.tasks]
    if settings.linger_s is not None:
        tasks.append(asyncio.create_task(_linger(platform, server, settings.linger_s)))
    logging.getLogger("airis").info("listening on %s, data in %s", settings.listen, settings.data)
    try:
        await server.serve(sockets=sockets)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _linger(platform: "Platform", server: uvicorn.Server, linger_s: float) -> None:
    while platform.activity.idle_s() < linger_s:
        await asyncio.sleep(min(5.0, max(0.2, linger_s / 4)))
    logging.getLogger("airis").info("nobody has asked for %.0f s; stopping", linger_s)
    server.should_exit = True


def _bind_otlp(settings: ServeSettings) -> tuple[socket.socket | None, str | None]:
    """Open the OTLP address; one in use leaves the rest of the platform running, and says so."""
    if settings.otlp is None or not settings.only & {"metrics", "logs", "traces"}:
        return None, None
    try:
        return settings.otlp.bind(), None
    except SettingsInvalid as error:
        return None, str(error)


def _guarded(settings: ServeSettings, listening: socket.socket, otlp: socket.socket | None) -> frozenset[int]:
    """Return the ports that demand the token."""
    ports = set()
    if settings.listen.path is None and settings.token_file:
        ports.add(listening.getsockname()[1])
    if otlp and settings.otlp and not settings.otlp.is_loopback:
        ports.add(otlp.getsockname()[1])
    return frozenset(ports)


def _unlink(address: Address) -> None:
    if address.path is not None:
        with contextlib.suppress(OSError):
            address.path.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
