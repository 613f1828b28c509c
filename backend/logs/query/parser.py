"""Parses the log query language, in Lucene's habits: terms side by side must all match.

query   = or ;  or = and { OR and } ;  and = not { [AND] not } ;  not = [ NOT | - ] not | atom
atom    = ( or ) | [ field : ] value
value   = word | "phrase" | /regex/ | [low TO high] | >number
"""

import re

from backend.errors import QueryInvalid
from backend.logs.query.lexer import Token, TokenKind, invalid, tokens
from backend.logs.query.nodes import And, Compare, CompareOp, Node, Not, Or, Range, Regex, Span, Term, Wildcard

MAX_LENGTH = 4096
MAX_DEPTH = 32
MAX_NODES = 200

LEVELS = {"debug": 1, "trace": 1, "info": 2, "warn": 3, "warning": 3, "error": 4, "err": 4, "fatal": 5, "critical": 5}
"""Words for levels, and the level's place in their order."""

_COMPARE = re.compile(r"(>=|<=|>|<)(.*)", re.DOTALL)
_BOUNDS = re.compile(r"\s*(\S+)\s+TO\s+(\S+)\s*", re.IGNORECASE)


def parse(text: str) -> Node | None:
    """Return the tree of a query, None for an empty one; raise `QueryInvalid` with the place of the fault."""
    if len(text) > MAX_LENGTH:
        raise invalid(f"the query is longer than {MAX_LENGTH} characters", MAX_LENGTH, len(text))
    if "\0" in text:
        place = text.index("\0")
        raise invalid("the query holds a NUL character", place, place + 1)
    parser = _Parser(tokens(text))
    if parser.peek.kind is TokenKind.END:
        return None
    node = parser.disjunction(0)
    left = parser.peek
    if left.kind is not TokenKind.END:
        raise invalid("this ) closes nothing", left.start, left.end)
    return node


class _Parser:
    """Walks the tokens once, from left to right."""

    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0
        self._nodes = 0

    @property
    def peek(self) -> Token:
        """Return the next token without taking it."""
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def disjunction(self, depth: int) -> Node:
        """Parse alternatives."""
        nodes = [self._conjunction(depth)]
        while self.peek.kind is TokenKind.OR:
            self._take()
            nodes.append(self._conjunction(depth))
        return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))

    def _conjunction(self, depth: int) -> Node:
        nodes = [self._negation(depth)]
        while self.peek.kind not in {TokenKind.END, TokenKind.CLOSE, TokenKind.OR}:
            if self.peek.kind is TokenKind.AND:
                self._take()
            nodes.append(self._negation(depth))
        return nodes[0] if len(nodes) == 1 else And(tuple(nodes))

    def _negation(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise invalid(f"the query nests deeper than {MAX_DEPTH}", self.peek.start, self.peek.end)
        if self.peek.kind is TokenKind.NOT:
            self._take()
            return Not(self._negation(depth + 1))
        return self._atom(depth)

    def _atom(self, depth: int) -> Node:
        token = self._take()
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise invalid(f"the query has more than {MAX_NODES} parts", token.start, token.end)
        match token.kind:
            case TokenKind.OPEN:
                return self._group(token, depth)
            case TokenKind.FIELD:
                return self._field(token, depth)
            case TokenKind.WORD | TokenKind.PHRASE | TokenKind.REGEX:
                return _value(token, None, token.start)
            case _:
                raise invalid("a word, a phrase or a field is missing here", token.start, token.end)

    def _group(self, opening: Token, depth: int) -> Node:
        if self.peek.kind is TokenKind.CLOSE:
            raise invalid("these parentheses are empty", opening.start, self.peek.end)
        node = self.disjunction(depth + 1)
        if self._take().kind is not TokenKind.CLOSE:
            raise invalid("this ( is not closed", opening.start, opening.end)
        return node

    def _field(self, name: Token, depth: int) -> Node:
        if not name.text:
            raise invalid("a field name is missing before the colon", name.start, name.end)
        if self.peek.start != name.end or self.peek.kind in {TokenKind.END, TokenKind.CLOSE}:
            raise invalid(f"a value is missing after {name.text}:", name.start, name.end)
        if self.peek.kind is TokenKind.OPEN:
            return self._field_group(name, depth)
        return _value(self._take(), name.text, name.start)

    def _field_group(self, name: Token, depth: int) -> Node:
        """Parse field:(a b OR c): the field stands before each value."""
        opening = self._take()
        inside = _with_field(self._group(opening, depth), name.text)
        if inside is None:
            raise invalid("inside field:( … ) values stand without a field of their own", name.start, opening.end)
        return inside


def _with_field(node: Node, field: str) -> Node | None:
    match node:
        case Term(text, None, span):
            return _checked(Term(text, field, span))
        case Wildcard(parts, None, span):
            return Wildcard(parts, field, span)
        case Regex(pattern, None, span):
            return Regex(pattern, field, span)
        case Not(inner):
            named = _with_field(inner, field)
            return None if named is None else Not(named)
        case And(nodes) | Or(nodes):
            named_nodes = tuple(_with_field(each, field) for each in nodes)
            complete = tuple(each for each in named_nodes if each is not None)
            return type(node)(complete) if len(complete) == len(nodes) else None
        case _:
            return None


def _value(token: Token, field: str | None, start: int) -> Node:
    span = Span(start, token.end)
    match token.kind:
        case TokenKind.REGEX:
            return Regex(token.text, field, span)
        case TokenKind.RANGE if field:
            return _range(token, field, span)
        case TokenKind.PHRASE:
            return _checked(Term(token.text, field, span))
        case TokenKind.WORD:
            return _word(token, field, span)
        case _:
            raise invalid("a value is missing here", token.start, token.end)


def _word(token: Token, field: str | None, span: Span) -> Node:
    comparison = _COMPARE.fullmatch(token.text) if field else None
    if comparison and field:
        return _comparison(comparison, token, field, span)
    if any(is_wild for is_wild, _ in token.parts):
        return Wildcard(token.parts, field, span)
    return _checked(Term(token.text, field, span))


def _checked(term: Term) -> Term:
    if term.field == "level" and term.text.lower() not in LEVELS:
        raise invalid(f"there is no level {term.text}", term.span.start, term.span.end)
    return term


def _comparison(found: re.Match[str], token: Token, field: str, span: Span) -> Node:
    op, number = found.groups()
    if field == "level":
        number = str(LEVELS.get(number.lower(), number))
    try:
        return Compare(field, _op(op), float(number), span)
    except ValueError:
        raise invalid(f"{number or 'nothing'} is no number to compare with", token.start, token.end) from None


def _op(text: str) -> CompareOp:
    match text:
        case ">" | ">=" | "<" | "<=":
            return text
        case _:
            raise QueryInvalid(f"unknown comparison {text}")


def _range(token: Token, field: str, span: Span) -> Node:
    bounds = _BOUNDS.fullmatch(token.text)
    if not bounds:
        raise invalid("a range is written [low TO high]", token.start, token.end)
    low, high = (None if bound == "*" else bound for bound in bounds.groups())
    if field == "level":
        unknown = [bound for bound in (low, high) if bound is not None and bound.lower() not in LEVELS]
        if unknown:
            raise invalid(f"there is no level {unknown[0]}", token.start, token.end)
    return Range(field, low, high, span)
