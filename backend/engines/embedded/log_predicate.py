"""Log questions decided in memory, for the part of the language where Python and the database agree exactly."""

from collections.abc import Callable
from typing import TypeAlias

import orjson

from backend.engines.embedded.log_sql import level_number
from backend.ingest.columns import LogColumns
from backend.logs.port import LogQuestion
from backend.logs.query import LEVELS, And, Node, Not, Or, Term

Predicate: TypeAlias = Callable[[LogColumns, int], bool]


def predicate(question: LogQuestion) -> Predicate | None:
    """Return a test of one record (its batch and index), or None where only the database may decide."""
    tests: list[Predicate | None] = [] if question.query is None else [_of_node(question.query)]
    if question.levels:
        tests.append(_level_in(frozenset(map(level_number, question.levels))))
    if question.service is not None:
        tests.append(_column_is("service", question.service))
    if question.trace_id is not None:
        tests.append(_column_is("trace_id", question.trace_id.lower()))
    if question.span_id is not None:
        tests.append(_column_is("span_id", question.span_id.lower()))
    tests.extend(_label_is(name, value) for name, value in question.labels.items())
    return _all(tests)


def _of_node(node: Node) -> Predicate | None:
    match node:
        case And(nodes):
            return _all([_of_node(each) for each in nodes])
        case Or(nodes):
            return _any([_of_node(each) for each in nodes])
        case Not(inner):
            test = _of_node(inner)
            return None if test is None else lambda batch, index: not test(batch, index)
        case Term(text, None | "message"):
            return _body_contains(text)
        case Term(text, "level"):
            return _level_in(frozenset({LEVELS[text.lower()]}))
        case Term(text, "trace_id" | "span_id" as name):
            return _column_is(name, text.lower())
        case Term(text, "service" | "source" as name):
            return _column_is(name, text)
        case Term(text, str(name)):
            return _label_is(name, text)
        case _:
            return None


def _all(tests: list[Predicate | None]) -> Predicate | None:
    known = [test for test in tests if test is not None]
    return (lambda batch, index: all(test(batch, index) for test in known)) if len(known) == len(tests) else None


def _any(tests: list[Predicate | None]) -> Predicate | None:
    known = [test for test in tests if test is not None]
    return (lambda batch, index: any(test(batch, index) for test in known)) if len(known) == len(tests) else None


def _body_contains(text: str) -> Predicate | None:
    if not text.isascii():
        return None
    wanted = text.lower()
    # The database lowers the dotted capital I to one letter, Python to two.
    return lambda batch, index: wanted in batch.body[index].replace("\u0130", "i").lower()


def _level_in(numbers: frozenset[int]) -> Predicate:
    return lambda batch, index: batch.level[index] in numbers


def _column_is(name: str, wanted: str) -> Predicate:
    def test(batch: LogColumns, index: int) -> bool:
        column: list[str] = getattr(batch, name)
        return column[index] == wanted

    return test


def _label_is(name: str, wanted: str) -> Predicate:
    def test(batch: LogColumns, index: int) -> bool:
        own: str | None = orjson.loads(batch.attributes[index]).get(name)
        held: str | None = orjson.loads(batch.resource[index]).get(name) if own is None else own
        return held == wanted

    return test
