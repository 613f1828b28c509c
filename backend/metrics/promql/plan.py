"""Which samples an expression needs, so that each is fetched once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from backend.metrics.port import Matcher
from backend.metrics.promql.tree import (
    Aggregate,
    At,
    Binary,
    Call,
    Expr,
    Negation,
    Number,
    RangeSelector,
    Selector,
    Subquery,
    Text,
)  # fmt: skip

LOOKBACK_MS = 300_000


@dataclass(frozen=True, slots=True)
class Span:
    """Times start ≤ t ≤ end in Unix milliseconds."""

    start_ms: int
    end_ms: int

    def shifted(self, offset_ms: int, at: At, query: "Span") -> "Span":
        """Return the times an operand is evaluated at when the expression around it is evaluated at these."""
        match at:
            case None:
                moved = self
            case "start":
                moved = Span(query.start_ms, query.start_ms)
            case "end":
                moved = Span(query.end_ms, query.end_ms)
            case _:
                moved = Span(at, at)
        return Span(moved.start_ms - offset_ms, moved.end_ms - offset_ms)


def demands(expr: Expr, query: Span) -> dict[tuple[Matcher, ...], Span]:
    """Return the spans of samples to fetch; equal selectors share one."""
    found: dict[tuple[Matcher, ...], Span] = {}
    for matchers, span in _needs(expr, query, query):
        known = found.get(matchers, span)
        found[matchers] = Span(min(known.start_ms, span.start_ms), max(known.end_ms, span.end_ms))
    return found


def _needs(expr: Expr, span: Span, query: Span) -> Iterator[tuple[tuple[Matcher, ...], Span]]:
    match expr:
        case Number() | Text():
            return
        case Selector(matchers, offset_ms, at):
            yield matchers, _back(span.shifted(offset_ms, at, query), LOOKBACK_MS)
        case RangeSelector(Selector(matchers, offset_ms, at), range_ms):
            yield matchers, _back(span.shifted(offset_ms, at, query), range_ms)
        case Subquery(inner, range_ms, _, offset_ms, at):
            yield from _needs(inner, _back(span.shifted(offset_ms, at, query), range_ms), query)
        case Call(_, args):
            for argument in args:
                yield from _needs(argument, span, query)
        case Aggregate(_, inner, param):
            yield from _needs(inner, span, query)
            if param is not None:
                yield from _needs(param, span, query)
        case Binary(_, lhs, rhs):
            yield from _needs(lhs, span, query)
            yield from _needs(rhs, span, query)
        case Negation(inner):
            yield from _needs(inner, span, query)
        case _:
            assert_never(expr)


def _back(span: Span, by_ms: int) -> Span:
    """Extend a span backwards; ranges are open on the left, so its very start is not needed."""
    return Span(span.start_ms - by_ms + 1, span.end_ms)
