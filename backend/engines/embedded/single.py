"""Reads that answer with one row."""

from collections.abc import Sequence
from typing import Any

import duckdb


def single(connection: duckdb.DuckDBPyConnection, statement: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """Return the first row, or None; the result is read to its end.

    A result left half read keeps its transaction open, and no checkpoint can then free what was deleted.
    """
    rows = connection.execute(statement, list(values)).fetchall()
    return rows[0] if rows else None
