"""The embedded store as a metric engine."""

from collections.abc import Sequence

import duckdb
import orjson

from api_client.contract.base import Labels
from api_client.contract.metrics import Metadata
from backend.engines.embedded import series_sql
from backend.engines.embedded.readers import Readers
from backend.engines.embedded.samples import columns_of
from backend.engines.embedded.single import single
from backend.engines.embedded.tally import Tally
from backend.errors import QueryInvalid
from backend.metrics.port import Evaluation, Matcher, SeriesColumns
from backend.metrics.promql import evaluate_at, evaluate_range
from backend.metrics.promql.limits import MAX_SAMPLES, MAX_SERIES, check
from backend.window import Window

_MS = 1_000_000


class EmbeddedMetrics:
    """Implements `MetricEngine` on DuckDB and the evaluator of PromQL."""

    def __init__(self, readers: Readers, tally: Tally) -> None:
        self._readers = readers
        self._tally = tally

    async def evaluate_range(self, expr: str, window: Window, step_ms: int) -> Evaluation:
        """Evaluate at start, start + step … up to and including the end of the window."""
        return await evaluate_range(expr, window.start_ns // _MS, window.end_ns // _MS, step_ms, self._fetch)

    async def evaluate_at(self, expr: str, at_ms: int) -> Evaluation:
        """Evaluate at one instant; each series then has one point."""
        return await evaluate_at(expr, at_ms, self._fetch)

    async def label_names(self, selectors: Sequence[Sequence[Matcher]], window: Window) -> list[str]:
        """Return label names in use, sorted."""
        found = await self._label_sets(selectors, window, None)
        return sorted({name for labels in found for name in labels})

    async def label_values(self, name: str, selectors: Sequence[Sequence[Matcher]], window: Window) -> list[str]:
        """Return the values of one label, sorted; `__name__` gives the metric names."""
        found = await self._label_sets(selectors, window, None)
        return sorted({labels[name] for labels in found if name in labels})

    async def series(self, selectors: Sequence[Sequence[Matcher]], window: Window, limit: int) -> list[Labels]:
        """Return label sets of matching series, at most `limit`."""
        return await self._label_sets(selectors, window, limit)

    async def metadata(self, name: str | None, limit: int) -> list[Metadata]:
        """Return what is known of one or all metrics."""
        statement = (
            "SELECT name, type, help, unit FROM metric_metadata WHERE ? IS NULL OR name = ? ORDER BY name LIMIT ?"
        )
        rows = await self._readers.run(lambda database: database.execute(statement, [name, name, limit]).fetchall())
        return [Metadata(name=row[0], type=row[1], help=row[2], unit=row[3]) for row in rows]

    async def delete(self, name: str, window: Window) -> int:
        """Delete the samples of a metric in a window; return how many."""
        values = [name, window.start_ns // _MS, -(-window.end_ns // _MS)]

        def write(database: duckdb.DuckDBPyConnection) -> int:
            row = single(database, series_sql.DELETE, values)
            return int(row[0]) if row else 0

        deleted = await self._readers.run(write)
        self._tally.remove("samples", deleted)
        return deleted

    async def _fetch(self, matchers: tuple[Matcher, ...], start_ms: int, end_ms: int) -> list[SeriesColumns]:
        condition = series_sql.where(matchers)

        def read(database: duckdb.DuckDBPyConnection) -> list[SeriesColumns]:
            statement = f"SELECT id, labels FROM series WHERE {condition.sql} LIMIT ?"
            try:
                rows = database.execute(statement, [*condition.values, MAX_SERIES + 1]).fetchall()
            except duckdb.InvalidInputException as error:
                raise QueryInvalid(f"PromQL: a matcher's regular expression is wrong: {error}") from None
            check(len(rows), MAX_SERIES, "series")
            if not rows:
                return []
            labels = {number: orjson.loads(text) for number, text in rows}
            values = [list(labels), start_ms, end_ms, MAX_SAMPLES + 1]
            return columns_of(labels, database.execute(series_sql.SAMPLES, values).fetchnumpy())

        return await self._readers.run(read)

    async def _label_sets(
        self, selectors: Sequence[Sequence[Matcher]], window: Window, limit: int | None
    ) -> list[Labels]:
        conditions = [series_sql.where(matchers) for matchers in selectors]
        either = " OR ".join(f"({condition.sql})" for condition in conditions) or "true"
        values = [value for condition in conditions for value in condition.values]

        def read(database: duckdb.DuckDBPyConnection) -> list[Labels]:
            statement = series_sql.LABEL_SETS.format(condition=either)
            bounds = [window.start_ns // _MS, -(-window.end_ns // _MS)]
            try:
                rows = database.execute(statement, [*values, *bounds, limit or MAX_SERIES]).fetchall()
            except duckdb.InvalidInputException as error:
                raise QueryInvalid(f"A matcher's regular expression is wrong: {error}") from None
            return [orjson.loads(row[0]) for row in rows]

        return await self._readers.run(read)
