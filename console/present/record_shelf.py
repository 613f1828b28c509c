"""The records behind the lines on the screen: as many as the list holds, the oldest go first."""

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api_client.contract.logs import LogRecord

KEPT = 20_000


class RecordShelf:
    """Records by id."""

    def __init__(self) -> None:
        self._records: dict[str, LogRecord] = {}

    def add(self, records: "Iterable[LogRecord]") -> None:
        """Keep newer records."""
        self._records.update((record.id, record) for record in records)
        for oldest in list(islice(self._records, max(0, len(self._records) - KEPT))):
            del self._records[oldest]

    def prepend(self, records: "Iterable[LogRecord]") -> None:
        """Keep older records, which go first again."""
        self._records = {**{record.id: record for record in records}, **self._records}

    def replace(self, records: "Iterable[LogRecord]") -> None:
        """Keep these records only."""
        self._records.clear()
        self.add(records)

    def get(self, record_id: str) -> "LogRecord | None":
        """Return a record, if it is still kept."""
        return self._records.get(record_id)
