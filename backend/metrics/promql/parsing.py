"""PromQL text as a tree; the grammar is that of promql-parser."""

import re
from datetime import timedelta
from typing import Any

import promql_parser

from backend.errors import NotSupported, QueryInvalid
from backend.metrics.port import Matcher
from backend.metrics.promql.tree import (
    Aggregate,
    At,
    Binary,
    Call,
    Cardinality,
    Expr,
    Matching,
    Negation,
    Number,
    RangeSelector,
    Selector,
    Subquery,
    Text,
)  # fmt: skip

MAX_DEPTH = 100
MAX_OPERATORS = 400
"""Operator signs and words; a chain of them is as deep as it is long."""
_QUOTED = re.compile(r"'([^']*)'|for (\S+)$")
_STRINGS = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`|#[^\n]*", re.DOTALL)
_OPERATOR = re.compile(r"[-+*/%^<>=!]|\b(?:and|or|unless|atan2)\b", re.IGNORECASE)
_OPERATORS = {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}
_MILLISECOND = timedelta(milliseconds=1)


def parse(expr: str) -> Expr:
    """Return the tree of an expression; raise `QueryInvalid` with the best known place of the fault."""
    _check_depth(expr)
    try:
        parsed = promql_parser.parse(expr)
    except ValueError as error:
        start, end = _place(expr, str(error))
        raise QueryInvalid(f"PromQL: {error}", start=start, end=end) from None
    try:
        return _convert(parsed)
    except RecursionError:
        raise QueryInvalid("PromQL: the expression is nested too deep", end=len(expr)) from None


def _check_depth(expr: str) -> None:
    """Refuse what would exhaust the stack of the parser."""
    depth = 0
    bare = _STRINGS.sub(lambda found: " " * len(found[0]), expr)
    operators = len(_OPERATOR.findall(bare))
    if operators > MAX_OPERATORS:
        raise QueryInvalid(f"PromQL: {operators} operators are more than {MAX_OPERATORS}", start=0, end=len(expr))
    for at, character in enumerate(bare):
        depth += (character in "([{") - (character in ")]}")
        if depth > MAX_DEPTH:
            raise QueryInvalid(f"PromQL: nested deeper than {MAX_DEPTH}", start=at, end=at + 1)


def _place(expr: str, error: str) -> tuple[int, int]:
    """Return where the fault lies: at the text the parser quotes, at an open parenthesis, or after what was good."""
    quoted = _QUOTED.search(error)
    named = next((group for group in quoted.groups() if group), "") if quoted else ""
    if named and (at := expr.find(named)) >= 0:
        return at, at + len(named)
    if "unclosed" in error or "unterminated" in error:
        opened = [at for at, character in enumerate(expr) if character in "([{\"'"]
        return (opened[-1], opened[-1] + 1) if opened else (0, len(expr))
    good = next((at for at in _ends(expr) if _parses(expr[:at])), 0)
    return good + len(expr[good:]) - len(expr[good:].lstrip()), len(expr)


def _ends(expr: str) -> list[int]:
    """Return where words and signs end, the last first; what follows the longest good beginning is at fault."""
    return [found.end() for found in re.finditer(r"\w+|[^\w\s]", expr)][:-1][::-1][:200]


def _parses(expr: str) -> bool:
    try:
        promql_parser.parse(expr)
    except ValueError:
        return False
    return True


def _convert(node: Any) -> Expr:
    match type(node).__name__:
        case "NumberLiteral":
            return Number(node.val)
        case "StringLiteral":
            return Text(node.val)
        case "ParenExpr":
            return _convert(node.expr)
        case "UnaryExpr":
            return Negation(_convert(node.expr))
        case "VectorSelector":
            return _selector(node)
        case "MatrixSelector":
            return RangeSelector(_selector(node.vector_selector), _ms(node.range))
        case "SubqueryExpr":
            step_ms = None if node.step is None else _ms(node.step)
            return Subquery(_convert(node.expr), _ms(node.range), step_ms, _ms(node.offset), _at(node.at))
        case "Call":
            return Call(node.func.name, tuple(map(_convert, node.args)))
        case "AggregateExpr":
            return _aggregate(node)
        case "BinaryExpr":
            return _binary(node)
        case unknown:
            raise NotSupported(f"PromQL: {unknown} is not supported by the embedded engine")


def _selector(node: Any) -> Selector:
    if node.matchers.or_matchers:
        raise NotSupported("PromQL: `or` between matchers is not supported by the embedded engine")
    found = [
        Matcher(matcher.name, _OPERATORS[str(matcher.op).rpartition(".")[2]], matcher.value)
        for matcher in node.matchers.matchers
    ]
    if node.name:
        found.insert(0, Matcher("__name__", "=", node.name))
    return Selector(tuple(found), _ms(node.offset), _at(node.at))


def _at(modifier: Any) -> At:
    if modifier is None:
        return None
    kinds = promql_parser.AtModifierType
    if modifier.type == kinds.Start:
        return "start"
    if modifier.type == kinds.End:
        return "end"
    return round(modifier.at.timestamp() * 1000)


def _aggregate(node: Any) -> Aggregate:
    labels: tuple[str, ...] = ()
    without = False
    if node.modifier is not None:
        labels = tuple(node.modifier.labels)
        without = node.modifier.type == promql_parser.AggModifierType.Without
    param = None if node.param is None else _convert(node.param)
    return Aggregate(str(node.op), _convert(node.expr), param, labels, without)


def _binary(node: Any) -> Binary:
    matching, return_bool = Matching(), False
    if node.modifier is not None:
        return_bool = bool(node.modifier.return_bool)
        matching = _matching(node.modifier)
    return Binary(str(node.op), _convert(node.lhs), _convert(node.rhs), matching, return_bool)


def _matching(modifier: Any) -> Matching:
    fill = modifier.fill_values
    if fill is not None and (fill.lhs is not None or fill.rhs is not None):
        raise NotSupported("PromQL: fill values of a binary operation are not supported by the embedded engine")
    kinds = promql_parser.VectorMatchCardinality
    cardinalities: tuple[tuple[Any, Cardinality], ...] = (
        (kinds.OneToOne, "one-to-one"), (kinds.ManyToOne, "many-to-one"),
        (kinds.OneToMany, "one-to-many"), (kinds.ManyToMany, "many-to-many"),
    )  # fmt: skip
    cardinality = next(name for kind, name in cardinalities if kind == modifier.card)
    labels = modifier.matching
    return Matching(
        cardinality,
        on=labels is not None and labels.type == promql_parser.LabelModifierType.Include,
        labels=() if labels is None else tuple(labels.labels),
        include=tuple(modifier.group_labels or ()),
    )


def _ms(duration: timedelta | None) -> int:
    return 0 if duration is None else duration // _MILLISECOND
