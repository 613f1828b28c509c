"""The embedded store as a trace engine."""

from backend.engines.embedded.readers import Readers


class EmbeddedTraces:
    """Implements `TraceEngine` on DuckDB."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
