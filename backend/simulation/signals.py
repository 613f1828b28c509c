"""What the shop tells of itself before it is put into the words of OTLP: spans, log lines and served requests."""

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from backend.simulation.calls import Endpoint, Severity
from backend.simulation.shop import Instance

Value: TypeAlias = str | int | float | bool
Attributes: TypeAlias = tuple[tuple[str, Value], ...]


class Kind(IntEnum):
    """Kinds of span, by their numbers in OTLP."""

    INTERNAL = 1
    SERVER = 2
    CLIENT = 3


@dataclass(frozen=True, slots=True)
class Process:
    """A running process: an instance, and the version that it runs."""

    instance: Instance
    version: str


@dataclass(frozen=True, slots=True)
class Fault:
    """An exception: its type, message and stack trace."""

    type: str
    message: str
    stack: str


@dataclass(frozen=True, slots=True)
class Span:
    """A finished span; `error` is the description of its status, empty where all went well."""

    process: Process
    trace_id: bytes
    span_id: bytes
    parent_id: bytes
    name: str
    kind: Kind
    start_ns: int
    end_ns: int
    attributes: Attributes
    error: str = ""
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """A log record; the ids are empty where no request caused it."""

    process: Process
    at_ns: int
    severity: Severity
    body: str
    attributes: Attributes = ()
    trace_id: bytes = b""
    span_id: bytes = b""


@dataclass(frozen=True, slots=True)
class Served:
    """A request that a process answered, as its metrics count it."""

    process: Process
    endpoint: Endpoint
    status: int
    duration_ns: int
    work_ns: int


@dataclass(frozen=True, slots=True)
class Story:
    """All that one request of a visitor left behind; it stands for `weight` requests like it."""

    weight: int
    facts: dict[str, str]
    ended_ns: int
    status: int
    spans: tuple[Span, ...]
    lines: tuple[LogLine, ...]
    served: tuple[Served, ...]
