"""Log questions as SQL conditions; every value is a parameter, never part of the text."""

from dataclasses import dataclass
from typing import Any, assert_never

import orjson

from api_client.contract.logs import LogLevel
from backend.errors import NotSupported
from backend.logs.port import LogQuestion
from backend.logs.query import LEVELS, And, Compare, Node, Not, Or, Range, Regex, Term, Wildcard

LEVEL_NAMES: tuple[LogLevel, ...] = (
    LogLevel.DEBUG,
    LogLevel.INFO,
    LogLevel.WARN,
    LogLevel.ERROR,
    LogLevel.FATAL,
)

_COLUMNS = {"message": "body", "service": "service", "trace_id": "trace_id", "span_id": "span_id", "source": "source"}
_LABEL = "coalesce(json_extract_string(attributes, ?), json_extract_string(resource, ?))"


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL that is true or false for a row, never NULL, and the values of its question marks."""

    sql: str
    values: tuple[Any, ...] = ()


def where(question: LogQuestion) -> Condition:
    """Return the condition of a question, without its window."""
    conditions = [] if question.query is None else [of_node(question.query)]
    if question.levels:
        numbers = tuple(level_number(level) for level in question.levels)
        conditions.append(Condition(f"level IN ({', '.join('?' * len(numbers))})", numbers))
    for column, wanted in (
        ("service", question.service),
        ("trace_id", question.trace_id and question.trace_id.lower()),
        ("span_id", question.span_id and question.span_id.lower()),
    ):
        if wanted is not None:
            conditions.append(Condition(f"{column} = ?", (wanted,)))
    conditions.extend(label_equals(name, wanted) for name, wanted in question.labels.items())
    return _joined(conditions, "AND") if conditions else Condition("true")


def level_number(level: LogLevel) -> int:
    """Return the stored number of a level."""
    return LEVEL_NAMES.index(level) + 1


def of_node(node: Node) -> Condition:
    """Return the condition of one part of a query."""
    match node:
        case And(nodes):
            return _joined([of_node(each) for each in nodes], "AND")
        case Or(nodes):
            return _joined([of_node(each) for each in nodes], "OR")
        case Not(inner):
            negated = of_node(inner)
            return Condition(f"NOT ({negated.sql})", negated.values)
        case Term(text, field):
            return _term(text, field)
        case Wildcard(parts, field):
            return _wildcard(parts, field)
        case Regex(pattern, field):
            return _on(field or "message", "regexp_matches({}, ?)", pattern)
        case Compare(field, op, value):
            return _compare(field, op, value)
        case Range(field, low, high):
            return _range(field, low, high)
        case _:
            assert_never(node)


def _joined(conditions: list[Condition], word: str) -> Condition:
    sql = f" {word} ".join(f"({each.sql})" for each in conditions)
    return Condition(sql, tuple(value for each in conditions for value in each.values))


def _on(field: str, test: str, *values: Any) -> Condition:
    """Apply a test, with {} for the field's expression, to a column or a label."""
    if field == "level":
        raise NotSupported("a level is compared by its name, not by a pattern")
    if field in _COLUMNS:
        return Condition(test.format(_COLUMNS[field]), values)
    pointer = _pointer(field)
    return Condition(f"coalesce({test.format(_LABEL)}, false)", (pointer, pointer, *values))


def _pointer(label: str) -> str:
    """Return the JSON pointer (RFC 6901) of a label."""
    return "/" + label.replace("~", "~0").replace("/", "~1")


def _term(text: str, field: str | None) -> Condition:
    match field:
        case None | "message":
            return Condition("contains(lower(body), lower(?))", (text,)) if text else Condition("true")
        case "level":
            return Condition("level = ?", (LEVELS[text.lower()],))
        case "trace_id" | "span_id":
            return Condition(f"{field} = ?", (text.lower(),))
        case _ if field in _COLUMNS:
            return Condition(f"{_COLUMNS[field]} = ?", (text,))
        case _:
            return label_equals(field, text)


def label_equals(label: str, value: str) -> Condition:
    """Compare a label; the text search before it spares most rows the parsing of JSON."""
    member = f"{orjson.dumps(label).decode()}:{orjson.dumps(value).decode()}"
    exact = _on(label, "{} = ?", value)
    if label in _COLUMNS or label == "level":
        pointer = _pointer(label)
        exact = Condition(f"coalesce({_LABEL} = ?, false)", (pointer, pointer, value))
    sql = f"(contains(attributes, ?) OR contains(resource, ?)) AND {exact.sql}"
    return Condition(sql, (member, member, *exact.values))


def _wildcard(parts: tuple[tuple[bool, str], ...], field: str | None) -> Condition:
    pattern = "".join({"*": "%", "?": "_"}[text] if is_wild else _literal(text) for is_wild, text in parts)
    if field in {None, "message"}:
        return Condition("body ILIKE ? ESCAPE '\\'", (f"%{pattern}%",))
    if field == "level" and pattern == "%":
        return Condition("level > 0")
    return _on(field or "message", "{} LIKE ? ESCAPE '\\'", pattern)


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _compare(field: str, op: str, value: float) -> Condition:
    if field == "level":
        return Condition(f"level > 0 AND level {op} ?", (value,))
    return _on(field, f"coalesce(TRY_CAST({{}} AS DOUBLE) {op} ?, false)", value)


def _range(field: str, low: str | None, high: str | None) -> Condition:
    bounds = [(op, bound) for op, bound in ((">=", low), ("<=", high)) if bound is not None]
    if field == "level":
        tests = [Condition("level > 0"), *(Condition(f"level {op} ?", (LEVELS[b.lower()],)) for op, b in bounds)]
        return _joined(tests, "AND")
    if not bounds:
        return _on(field, "{} IS NOT NULL")
    numbers = [_number(bound) for _, bound in bounds]
    if all(number is not None for number in numbers):
        return _joined([_compare(field, op, float(bound)) for op, bound in bounds], "AND")
    return _joined([_on(field, f"{{}} {op} ?", bound) for op, bound in bounds], "AND")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
