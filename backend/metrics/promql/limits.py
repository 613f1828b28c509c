"""How much one PromQL query may ask for."""

from backend.errors import QueryInvalid

MAX_SERIES = 20_000
MAX_SAMPLES = 20_000_000
MAX_POINTS = 11_000
MAX_CELLS = 10_000_000
"""Series times steps of any intermediate result: 90 MB."""
MAX_WINDOWED = 500_000_000
"""Samples in all windows together that one range function may visit."""


def check(count: int, limit: int, what: str) -> None:
    """Raise `QueryInvalid` when a count exceeds its limit."""
    if count > limit:
        raise QueryInvalid(f"PromQL: the query touches {count:,} {what}; at most {limit:,} are allowed. Narrow it.")
