"""The engine that works with nothing installed: telemetry in DuckDB, in one process."""
