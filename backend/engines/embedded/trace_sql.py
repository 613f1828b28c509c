"""Trace questions as SQL; every value is a parameter, never part of the text."""

from backend.engines.embedded.log_sql import Condition, label_equals
from backend.traces.port import TraceQuestion

ENTRY = "(kind IN (2, 5) OR parent_id = '')"
"""Entry spans of a service: server, consumer and roots."""

_IN_WINDOW = "start_ns >= ? AND start_ns < ?"
_FIGURES = (
    "count(*), count(*) FILTER (status = 2), "
    "approx_quantile(duration_ns, 0.5), approx_quantile(duration_ns, 0.95), approx_quantile(duration_ns, 0.99)"
)

MATCHING = (
    f"SELECT trace_id FROM spans WHERE {_IN_WINDOW} AND ({{condition}}) "
    "GROUP BY trace_id ORDER BY max(start_ns) DESC, trace_id LIMIT ?"
)

SUMMARIES = """
WITH found AS (
    SELECT DISTINCT ON (trace_id, span_id) trace_id, parent_id, service, operation, start_ns, duration_ns, status
    FROM spans WHERE trace_id IN (SELECT unnest(?))
)
SELECT trace_id,
       arg_min(service, (parent_id <> '', start_ns)), arg_min(operation, (parent_id <> '', start_ns)),
       min(start_ns) AS began, max(start_ns + duration_ns), count(*), count(*) FILTER (status = 2),
       list_sort(list_distinct(list(service)))
FROM found GROUP BY trace_id ORDER BY began DESC, trace_id
"""

SERVICES = f"SELECT service, {_FIGURES} FROM spans WHERE {_IN_WINDOW} AND {ENTRY} GROUP BY service ORDER BY service"
RATES = (
    "SELECT service, (start_ns - ?) // ? AS bucket, count(*) FROM spans "
    f"WHERE {_IN_WINDOW} AND {ENTRY} GROUP BY service, bucket"
)
OPERATIONS = (
    f"SELECT operation, {_FIGURES} FROM spans WHERE {_IN_WINDOW} AND service = ? AND {ENTRY} "
    "GROUP BY operation ORDER BY count(*) DESC, operation"
)

NODES = (
    "SELECT service, count(DISTINCT operation), count(*), count(*) FILTER (status = 2), avg(duration_ns) "
    f"FROM spans WHERE {_IN_WINDOW} GROUP BY service ORDER BY service"
)
EDGES = f"""
SELECT parent.service, child.service, count(*), count(*) FILTER (child.status = 2), avg(child.duration_ns)
FROM (SELECT * FROM spans WHERE {_IN_WINDOW}) AS child
JOIN (SELECT DISTINCT trace_id, span_id, service FROM spans WHERE {_IN_WINDOW}) AS parent
  ON child.trace_id = parent.trace_id AND child.parent_id = parent.span_id
WHERE child.service <> parent.service
GROUP BY ALL ORDER BY ALL
"""


def where(question: TraceQuestion) -> Condition:
    """Return the condition that one span of a matching trace fulfils, without the window."""
    tests: list[Condition] = []
    if question.service is not None:
        tests.append(Condition("service = ?", (question.service,)))
    if question.operation is not None:
        tests.append(Condition("operation = ?", (question.operation,)))
    if question.min_duration_ns is not None:
        tests.append(Condition("duration_ns >= ?", (question.min_duration_ns,)))
    if question.max_duration_ns is not None:
        tests.append(Condition("duration_ns <= ?", (question.max_duration_ns,)))
    if question.error is not None:
        tests.append(Condition("status = 2" if question.error else "status <> 2"))
    if question.text:
        sought = f"({' OR '.join(f'contains(lower({column}), lower(?))' for column in _TEXTS)})"
        tests.append(Condition(sought, (question.text,) * len(_TEXTS)))
    tests.extend(label_equals(name, value) for name, value in question.tags.items())
    sql = " AND ".join(f"({test.sql})" for test in tests) or "true"
    return Condition(sql, tuple(value for test in tests for value in test.values))


_TEXTS = ("operation", "service", "attributes")
