"""The one thread that writes: many parcels, one transaction, one flush to disk."""

import threading
import time
from collections.abc import Callable

import duckdb
import numpy as np

from backend.engines.embedded.arrivals import LogArrivals
from backend.engines.embedded.inserts import insert, log_arrays, span_arrays
from backend.engines.embedded.intake import IntakeQueue, Parcel
from backend.engines.embedded.ring import LogRing
from backend.engines.embedded.sequences import Sequences
from backend.engines.embedded.series_index import SeriesIndex
from backend.engines.embedded.tally import Tally
from backend.errors import PlatformError, Unavailable
from backend.ingest.columns import LogColumns, SampleColumns, SpanColumns
from backend.ingest.sample_builder import STALE_BITS

IDLE_S = 1.0


class Writer(threading.Thread):
    """Takes groups from the queue, writes each in a transaction and resolves its futures after the commit."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        queue: IntakeQueue,
        sequences: Sequences,
        arrivals: LogArrivals,
        ring: LogRing,
        tally: Tally,
        upkeep: Callable[[duckdb.DuckDBPyConnection, Sequences, SeriesIndex], None],
    ) -> None:
        super().__init__(name="airis-write", daemon=True)
        self._connection = connection
        self._queue = queue
        self._sequences = sequences
        self._arrivals = arrivals
        self._ring = ring
        self._tally = tally
        self._upkeep = upkeep
        self._series = SeriesIndex(connection)

    def run(self) -> None:
        """Write until the queue is closed and drained; upkeep runs between groups."""
        while (group := self._queue.take(IDLE_S)) is not None:
            if group:
                self._write(group)
            try:
                self._upkeep(self._connection, self._sequences, self._series)
            except Exception as error:  # whatever fails there, writing goes on
                self._undo()
                self._tally.fail(f"retention: {error}")
        self._connection.close()

    def _write(self, group: list[Parcel]) -> None:
        """Write a group; when it fails, each parcel alone, so that one bad parcel does not spoil the others."""
        try:
            self._commit(group)
        except Exception as error:
            self._undo()
            if len(group) > 1:
                for parcel in group:
                    self._write([parcel])
                return
            self._tally.fail(str(error))
            told = error if isinstance(error, PlatformError) else Unavailable(f"The store could not write: {error}")
            group[0].written.set_exception(told)

    def _commit(self, group: list[Parcel]) -> None:
        logs = [parcel.columns for parcel in group if isinstance(parcel.columns, LogColumns)]
        spans = [parcel.columns for parcel in group if isinstance(parcel.columns, SpanColumns)]
        samples = [parcel.columns for parcel in group if isinstance(parcel.columns, SampleColumns)]
        first_log, first_span = self._sequences.log + 1, self._sequences.span + 1
        self._connection.execute("BEGIN")
        if logs:
            insert(self._connection, "logs", log_arrays(logs, first_log))
        if spans:
            insert(self._connection, "spans", span_arrays(spans, first_span))
        if samples:
            self._insert_samples(samples)
        self._connection.execute("COMMIT")  # returns after the write-ahead log is flushed to disk
        self._series.confirm()
        self._sequences.span += sum(batch.rows for batch in spans)
        for batch in logs:
            self._ring.append(self._sequences.log + 1, batch)
            self._sequences.log += batch.rows
        if logs:
            self._arrivals.announce(self._sequences.log)
        self._tally.add(logs, spans, samples, time.monotonic())
        for parcel in group:
            parcel.written.set_result(None)

    def _insert_samples(self, batches: list[SampleColumns]) -> None:
        ids = np.concatenate([self._series.ids_of(batch) for batch in batches])
        for batch in batches:
            self._series.note(batch.metadata)
        self._series.store_new(self._connection)
        value = np.concatenate([batch.value for batch in batches])
        columns = {
            "series_id": ids,
            "ts_ms": np.concatenate([batch.ts_ms for batch in batches]),
            "value": value,  # not-a-number becomes NULL on the way in, so stale markers get a column
            "stale": value.view(np.int64) == STALE_BITS,
        }
        insert(self._connection, "samples", columns)

    def _undo(self) -> None:
        self._series.forget()
        try:
            self._connection.execute("ROLLBACK")
        except duckdb.Error:
            return  # the failure had ended the transaction already
