"""The embedded store as a metric engine."""

from backend.engines.embedded.readers import Readers


class EmbeddedMetrics:
    """Implements `MetricEngine` on DuckDB."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
