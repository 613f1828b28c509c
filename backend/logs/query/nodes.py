"""The syntax tree of a log query."""

import dataclasses
from dataclasses import dataclass
from typing import Literal, TypeAlias

CompareOp = Literal[">", ">=", "<", "<="]


@dataclass(frozen=True, slots=True)
class Span:
    """Where a part stands in the query text: characters start ≤ i < end."""

    start: int = 0
    end: int = 0


_NOWHERE = Span()


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase: found anywhere in the message whatever its case, or equal to the named field."""

    text: str
    field: str | None = None
    span: Span = dataclasses.field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A pattern of `*` (any text) and `?` (one character): found in the message, or fitting the whole field.

    `parts` alternates literal text and wildcard characters, so that an escaped star stays a star.
    """

    parts: tuple[tuple[bool, str], ...]
    """Pairs (is a wildcard, text)."""
    field: str | None = None
    span: Span = dataclasses.field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Regex:
    """An RE2 expression found in the message or in the named field, case as written."""

    pattern: str
    field: str | None = None
    span: Span = dataclasses.field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """A numeric field compared with a number; records without a number there do not match."""

    field: str
    op: CompareOp
    value: float
    span: Span = dataclasses.field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    """A field between two bounds, both included; None stands for an open end."""

    field: str
    low: str | None
    high: str | None
    span: Span = dataclasses.field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Everything that `node` does not match."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """What all nodes match."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """What any node matches."""

    nodes: tuple["Node", ...]


Node: TypeAlias = Term | Wildcard | Regex | Compare | Range | Not | And | Or
