"""Numbers for label sets, so that a sample is three numbers on disk."""

import duckdb
import numpy as np
import orjson
from numpy.typing import NDArray

from backend.engines.embedded.inserts import insert
from backend.errors import Overloaded
from backend.ingest.columns import MetricInfo, SampleColumns

MAX_SERIES = 300_000
"""Label sets held in memory, about 100 MB; retention makes room again."""


class SeriesIndex:
    """Maps canonical label sets to ids and remembers metadata; belongs to the writer thread alone.

    What a transaction adds counts only after `confirm`; `forget` undoes it when the transaction fails.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        rows = connection.execute("SELECT labels, id FROM series").fetchall()
        self._ids: dict[str, int] = dict(rows)
        self._next = max(self._ids.values(), default=0) + 1
        self._new: list[str] = []
        self._metadata: dict[str, MetricInfo] = {
            name: MetricInfo(kind, unit, text)
            for name, kind, unit, text in connection.execute(
                "SELECT name, type, unit, help FROM metric_metadata"
            ).fetchall()
        }
        self._new_metadata: dict[str, MetricInfo] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def ids_of(self, columns: SampleColumns) -> NDArray[np.int32]:
        """Return the series id of every sample, numbering label sets seen for the first time."""
        ids = np.fromiter(map(self._id_of, columns.series), np.int32, len(columns.series))
        return ids[columns.series_index]

    def note(self, metadata: dict[str, MetricInfo]) -> None:
        """Remember what a sender says of its metrics."""
        for name, info in metadata.items():
            if self._metadata.get(name) != info:
                self._new_metadata[name] = info

    def store_new(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Write new label sets and changed metadata within the running transaction."""
        if self._new:
            names = [orjson.loads(labels).get("__name__", "") for labels in self._new]
            ids = [self._ids[labels] for labels in self._new]
            columns = {
                "id": np.array(ids, np.int32),
                "name": np.array(names, object),
                "labels": np.array(self._new, object),
            }
            insert(connection, "series", columns)
        for name, info in self._new_metadata.items():
            connection.execute("DELETE FROM metric_metadata WHERE name = ?", [name])
            connection.execute(
                "INSERT INTO metric_metadata VALUES (?, ?, ?, ?)", [name, info.type, info.unit, info.help]
            )

    def confirm(self) -> None:
        """Keep what the committed transaction added."""
        self._new.clear()
        self._metadata.update(self._new_metadata)
        self._new_metadata.clear()

    def forget(self) -> None:
        """Drop what the failed transaction would have added; its numbers are not used again."""
        for labels in self._new:
            del self._ids[labels]
        self._new.clear()
        self._new_metadata.clear()

    def reload(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Read the label sets again after retention has deleted some."""
        self._ids = dict(connection.execute("SELECT labels, id FROM series").fetchall())

    def _id_of(self, labels: str) -> int:
        known = self._ids.get(labels)
        if known is not None:
            return known
        if len(self._ids) >= MAX_SERIES:
            raise Overloaded(f"The store holds {MAX_SERIES:,} series, and takes no new ones.", retry_after_s=60)
        self._ids[labels] = number = self._next
        self._next += 1
        self._new.append(labels)
        return number
