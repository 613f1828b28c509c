"""The syntax tree of PromQL that the evaluator walks: plain values, times in milliseconds."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from backend.metrics.port import Matcher

At: TypeAlias = int | Literal["start", "end"] | None
"""The @ modifier: Unix milliseconds, or one end of the query."""

Cardinality = Literal["one-to-one", "many-to-one", "one-to-many", "many-to-many"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """A string."""

    value: str


@dataclass(frozen=True, slots=True)
class Selector:
    """An instant vector selector."""

    matchers: tuple[Matcher, ...]
    offset_ms: int = 0
    at: At = None


@dataclass(frozen=True, slots=True)
class RangeSelector:
    """A range vector selector."""

    selector: Selector
    range_ms: int


@dataclass(frozen=True, slots=True)
class Subquery:
    """An instant query evaluated over a range; a step of None is the default one."""

    expr: "Expr"
    range_ms: int
    step_ms: int | None
    offset_ms: int = 0
    at: At = None


@dataclass(frozen=True, slots=True)
class Call:
    """A function call."""

    name: str
    args: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregation; `without` tells how `labels` group."""

    op: str
    expr: "Expr"
    param: "Expr | None"
    labels: tuple[str, ...] = ()
    without: bool = False


@dataclass(frozen=True, slots=True)
class Matching:
    """How the vectors of a binary operation find each other."""

    cardinality: Cardinality = "one-to-one"
    on: bool = False
    labels: tuple[str, ...] = ()
    include: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Binary:
    """A binary operation."""

    op: str
    lhs: "Expr"
    rhs: "Expr"
    matching: Matching = Matching()
    return_bool: bool = False


@dataclass(frozen=True, slots=True)
class Negation:
    """A unary minus."""

    expr: "Expr"


Expr: TypeAlias = Number | Text | Selector | RangeSelector | Subquery | Call | Aggregate | Binary | Negation
