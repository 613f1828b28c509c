"""Matchers on series as SQL; every value is a parameter, never part of the text."""

from collections.abc import Sequence

from backend.engines.embedded.log_sql import Condition
from backend.metrics.port import Matcher

SAMPLES = """
SELECT series_id, ts_ms, value, stale FROM samples
WHERE series_id IN (SELECT unnest(?::INTEGER[])) AND ts_ms >= ? AND ts_ms <= ?
LIMIT ?
"""

LABEL_SETS = """
SELECT labels FROM series
WHERE ({condition}) AND id IN (SELECT DISTINCT series_id FROM samples WHERE ts_ms >= ? AND ts_ms <= ?)
ORDER BY labels LIMIT ?
"""

DELETE = """
DELETE FROM samples
WHERE series_id IN (SELECT id FROM series WHERE name = ?) AND ts_ms >= ? AND ts_ms < ?
"""

_TESTS = {
    "=": "{} = ?",
    "!=": "{} <> ?",
    "=~": "regexp_full_match({}, ?, 's')",
    "!~": "NOT regexp_full_match({}, ?, 's')",
}


def where(matchers: Sequence[Matcher]) -> Condition:
    """Return the condition of series that fit all matchers; a label that is not there counts as empty."""
    tests = [_test(matcher) for matcher in matchers] or [Condition("true")]
    return Condition(" AND ".join(test.sql for test in tests), tuple(value for test in tests for value in test.values))


def _test(matcher: Matcher) -> Condition:
    test = _TESTS[matcher.op]
    if matcher.label == "__name__":
        return Condition(test.format("name"), (matcher.value,))
    pointer = "/" + matcher.label.replace("~", "~0").replace("/", "~1")
    return Condition(test.format("coalesce(json_extract_string(labels, ?), '')"), (pointer, matcher.value))
