"""What a request to a service consists of: its own work, and calls to databases, caches, services and others."""

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias


class Severity(IntEnum):
    """Severity numbers of OpenTelemetry's log data model."""

    DEBUG = 5
    INFO = 9
    WARN = 13
    ERROR = 17
    FATAL = 21


@dataclass(frozen=True, slots=True)
class Line:
    """A log line as a template: `{order}` and its like are filled in, and become attributes."""

    severity: Severity
    template: str
    share: float = 1.0
    """How many of the requests write it."""


@dataclass(frozen=True, slots=True)
class Query:
    """A statement to PostgreSQL."""

    operation: str
    table: str
    text: str
    median_ms: float = 5.0


@dataclass(frozen=True, slots=True)
class Cache:
    """A command to Redis."""

    command: str
    key: str
    median_ms: float = 0.7


@dataclass(frozen=True, slots=True)
class Work:
    """Computation worth a span of its own."""

    name: str
    median_ms: float


@dataclass(frozen=True, slots=True)
class External:
    """A call over HTTP to somebody outside the shop."""

    host: str
    method: str
    path: str
    median_ms: float


@dataclass(frozen=True, slots=True)
class Remote:
    """A call to an endpoint of another service; without `needed`, its failure is survived."""

    endpoint: str
    needed: bool = True
    share: float = 1.0


Call: TypeAlias = Query | Cache | Work | External | Remote


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Something a service answers: an HTTP route, or an RPC where `rpc` names its service."""

    service: str
    method: str
    route: str
    work_ms: float
    calls: tuple[Call, ...] = ()
    lines: tuple[Line, ...] = ()
    rpc: str = ""
    parallel: bool = False
    """Whether the calls are made side by side."""
    refusal: tuple[int, float, str] | None = None
    """A status below 500 that some requests get, how many, and what the log says."""

    @property
    def key(self) -> str:
        """Return the name by which others call it."""
        return f"{self.service} {self.method}" if self.rpc else f"{self.service} {self.method} {self.route}"
