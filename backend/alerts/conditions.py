"""What a rule's condition finds right now, as labelled values."""

import hashlib
import math
import re
from dataclasses import dataclass
from typing import Protocol, assert_never

import promql_parser

from api_client.contract.alerts import CompositeCondition, Condition, LogCondition, MetricCondition, PromqlCondition
from api_client.contract.base import Labels
from api_client.contract.logs import LogAggregations
from api_client.contract.problems import ErrorCode
from backend.clock import Clock
from backend.errors import InvalidRequest, QueryInvalid
from backend.logs.port import LogQuestion
from backend.logs.query import parse
from backend.metrics.port import Evaluation
from backend.metrics.selectors import selector_text
from backend.window import Window

_OPERATORS = {"gt": ">", "lt": "<", "eq": "==", "ne": "!=", "gte": ">=", "lte": "<="}
_DURATION = re.compile(r"(\d+)(ms|s|m|h|d|w)")
_UNIT_NS = {"ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9, "d": 86_400 * 10**9, "w": 604_800 * 10**9}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a condition finds true: its labels and the value that made it so."""

    labels: Labels
    value: float


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule watches, for its chart: a query, and the value at which it fires, where there is one."""

    query: str
    threshold: float | None


def span_ns(duration: str) -> int:
    """Return the nanoseconds of a duration such as `1h30m`."""
    return sum(int(number) * _UNIT_NS[unit] for number, unit in _DURATION.findall(duration))


def fingerprint(labels: Labels) -> str:
    """Return the identity of an alert: a digest of its labels."""
    text = "\xff".join(f"{name}\xfe{labels[name]}" for name in sorted(labels))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def hold_ns(condition: Condition) -> int:
    """Return how long a condition must be true before its alert fires; a log condition counts over its time instead."""
    if isinstance(condition, LogCondition):
        return 0
    if isinstance(condition, CompositeCondition):
        return max(hold_ns(part) for part in condition.conditions)
    return span_ns(condition.duration)


def subject(condition: Condition) -> Subject:
    """Return what to draw for a condition; the first part of a composite one."""
    match condition:
        case MetricCondition():
            return Subject(selector_text(condition.metric, condition.labels), condition.threshold)
        case LogCondition():
            return Subject(condition.query, float(condition.count))
        case PromqlCondition():
            return _promql_subject(condition.expr)
        case CompositeCondition():
            return subject(condition.conditions[0])
        case _:
            assert_never(condition)


def check(condition: Condition) -> None:
    """Refuse a condition whose query cannot be parsed, with the position of the mistake."""
    try:
        match condition:
            case LogCondition():
                parse(condition.query)
            case PromqlCondition():
                promql_parser.parse(condition.expr)
            case CompositeCondition():
                for part in condition.conditions:
                    check(part)
            case MetricCondition():
                if not math.isfinite(condition.threshold):
                    raise InvalidRequest("threshold: a finite number is needed", code=ErrorCode.INVALID_ALERT_RULE)
            case _:
                assert_never(condition)
    except ValueError as error:
        raise QueryInvalid(f"conditions: {error}", code=ErrorCode.INVALID_ALERT_RULE) from error


class Metrics(Protocol):
    """What rules ask of metrics: a part of the metric engine's port."""

    async def evaluate_at(self, expr: str, at_ms: int) -> Evaluation:
        """Evaluate at one instant."""
        ...


class Logs(Protocol):
    """What rules ask of logs: a part of the log engine's port."""

    async def aggregations(self, question: LogQuestion) -> LogAggregations:
        """Count the whole match by level and by service."""
        ...


class ConditionReader:
    """Asks the metric and log engines whether conditions are true."""

    def __init__(self, metrics: Metrics, logs: Logs, clock: Clock) -> None:
        self._metrics = metrics
        self._logs = logs
        self._clock = clock

    async def findings(self, condition: Condition) -> list[Finding]:
        """Return everything for which a condition is true now."""
        match condition:
            case MetricCondition():
                selector = selector_text(condition.metric, condition.labels)
                return await self._promql(f"{selector} {_OPERATORS[condition.operator]} {condition.threshold!r}")
            case PromqlCondition():
                return await self._promql(condition.expr)
            case LogCondition():
                return await self._logged(condition)
            case CompositeCondition():
                return await self._joined(condition)
            case _:
                assert_never(condition)

    async def _promql(self, expr: str) -> list[Finding]:
        evaluation = await self._metrics.evaluate_at(expr, self._clock.time_ns() // 10**6)
        return [Finding(item.labels, float(item.values[-1])) for item in evaluation.series]

    async def _logged(self, condition: LogCondition) -> list[Finding]:
        now = self._clock.time_ns()
        question = LogQuestion(
            Window(now - span_ns(condition.duration), now), parse(condition.query), text=condition.query
        )
        counts = await self._logs.aggregations(question)
        return [
            Finding({"service": service}, float(count))
            for service, count in counts.services.items()
            if count >= condition.count
        ]

    async def _joined(self, condition: CompositeCondition) -> list[Finding]:
        parts = [await self.findings(part) for part in condition.conditions]
        if condition.logic == "AND":
            return parts[0] if all(parts) else []
        return [finding for part in parts for finding in part]


def _promql_subject(expr: str) -> Subject:
    try:
        parsed = promql_parser.parse(expr)
    except ValueError:
        return Subject(expr, None)
    if isinstance(parsed, promql_parser.BinaryExpr) and isinstance(parsed.rhs, promql_parser.NumberLiteral):
        comparison = str(parsed.op) in {">", "<", ">=", "<=", "==", "!="}
        if comparison:
            return Subject(str(parsed.lhs), float(parsed.rhs.val))
    return Subject(expr, None)
