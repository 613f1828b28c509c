"""How one platform process is set up: typed, and complete before anything starts."""

import ipaddress
import os
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

SERVICES = ("gateway", "metrics", "logs", "traces", "alerts")
DEFAULT_PORTS = {"gateway": 4000, "metrics": 8001, "logs": 8002, "traces": 8003, "alerts": 8004}
OTLP_PORT = 4318


class SettingsInvalid(Exception):
    """The settings cannot work together; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen: a Unix socket path, or a host and port."""

    path: Path | None = None
    host: str = ""
    port: int = 0

    @classmethod
    def parse(cls, text: str, default_port: int) -> Self:
        """Parse `unix:PATH`, `HOST:PORT`, `[V6]:PORT`, `:PORT` or `HOST`."""
        if text.startswith("unix:"):
            if not text[5:]:
                raise SettingsInvalid("unix: needs the path of the socket after it")
            return cls(path=Path(text[5:]).expanduser())
        host, colon, port = text.rpartition(":")
        if not colon or text.endswith("]"):
            host, port = text, str(default_port)
        if not port.isdigit() or not 0 <= int(port) <= 65_535:
            raise SettingsInvalid(f"“{text}” is not an address: write unix:PATH or HOST:PORT")
        return cls(host=host.strip("[]") or "127.0.0.1", port=int(port))

    @property
    def is_loopback(self) -> bool:
        """Tell whether only this machine can reach it."""
        if self.path is not None or self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        """Return the address as its user writes it."""
        if self.path is not None:
            return f"unix:{self.path}"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def bind(self) -> socket.socket:
        """Open the listening socket; a Unix one is readable by its owner only."""
        return _bind_unix(self.path) if self.path is not None else _bind_tcp(self.host, self.port)


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """Everything that `airis serve` can be told."""

    listen: Address
    data: Path
    otlp: Address | None = None
    host: bool = True
    only: frozenset[str] = frozenset(SERVICES)
    peers: dict[str, str] = field(default_factory=dict)
    """Addresses of services that run elsewhere, by name."""
    token_file: Path | None = None
    no_auth: bool = False
    follow: tuple[str, ...] = ()
    retention_days: float = 7.0
    retention_gib: float = 2.0
    linger_s: float | None = None
    """Stop after this long without a request; None runs until told to stop."""
    database: str | None = None
    """SQLAlchemy URL of the alert state; a file in the data directory where absent."""

    def check(self) -> None:
        """Refuse settings that would listen without protection or lack a part."""
        for address in filter(None, (self.listen, self.otlp if not self._otlp_is_local else None)):
            if address.path is None and not self.token_file:
                self._check_unprotected(address)
        if self.token_file and self.no_auth:
            raise SettingsInvalid("--token-file and --no-auth exclude each other")
        if unknown := self.only - set(SERVICES):
            raise SettingsInvalid(f"--only {', '.join(sorted(unknown))}: the services are {', '.join(SERVICES)}")
        for needed in ("metrics", "logs") if "alerts" in self.only else ():
            if needed not in self.only and needed not in self.peers:
                raise SettingsInvalid(f"the alert service asks the {needed} service: add --peer {needed}=URL")

    @property
    def _otlp_is_local(self) -> bool:
        return self.otlp is None or self.otlp.is_loopback

    def _check_unprotected(self, address: Address) -> None:
        if not self.no_auth:
            raise SettingsInvalid(
                f"{address} can be reached over the network: name a token with --token-file, "
                "or on a loopback address say --no-auth"
            )
        if not address.is_loopback:
            raise SettingsInvalid(f"--no-auth is refused for {address}: it is not a loopback address")


def _bind_unix(path: Path) -> socket.socket:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.parent.stat().st_uid not in {os.getuid(), 0}:
        raise SettingsInvalid(f"unix:{path}: the folder belongs to somebody else, who could take the socket's place")
    if path.exists():
        _remove_stale(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        before = os.umask(0o177)
        try:
            listening.bind(str(path))
        finally:
            os.umask(before)
        listening.listen(512)
    except OSError as error:
        listening.close()
        raise SettingsInvalid(f"unix:{path}: {error.strerror or error}") from error
    return listening


def _remove_stale(path: Path) -> None:
    """Remove a socket file that nobody listens on; refuse where somebody does."""
    if not path.is_socket():
        raise SettingsInvalid(f"unix:{path}: something that is not a socket is there")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except OSError:
            path.unlink(missing_ok=True)
            return
    raise SettingsInvalid(f"unix:{path}: another process answers there already")


def _bind_tcp(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(target)
        listening.listen(512)
    except OSError as error:
        raise SettingsInvalid(f"{host}:{port}: {error.strerror or error}") from error
    return listening
