"""The log query language: one small language that every log engine translates to its own."""

from backend.logs.query.nodes import And, Compare, Node, Not, Or, Range, Regex, Span, Term, Wildcard
from backend.logs.query.parser import LEVELS, parse

__all__ = [
    "LEVELS",
    "And",
    "Compare",
    "Node",
    "Not",
    "Or",
    "Range",
    "Regex",
    "Span",
    "Term",
    "Wildcard",
    "parse",
]
