"""PromQL: parsed by promql-parser, planned, fetched once and evaluated in whole columns."""

from backend.metrics.promql.query import Fetch, evaluate_at, evaluate_range

__all__ = ["Fetch", "evaluate_at", "evaluate_range"]
