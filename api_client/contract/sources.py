"""What stands behind the platform: every source, its health, lag and last error."""

from datetime import datetime
from enum import StrEnum

from api_client.contract.base import Answer


class Signal(StrEnum):
    """The four signals of the platform."""

    METRICS = "metrics"
    LOGS = "logs"
    TRACES = "traces"
    ALERTS = "alerts"


class SourceState(StrEnum):
    """How a source does now."""

    OK = "ok"
    STARTING = "starting"
    DEGRADED = "degraded"
    FAILING = "failing"
    IDLE = "idle"


class BreakerState(StrEnum):
    """The state of the circuit breaker before a source."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Source(Answer):
    """One store or feed behind the platform."""

    name: str
    kind: str
    """What it is: `duckdb`, `host`, `journal`, `file`, `otlp`, `prometheus` …"""
    signal: Signal
    state: SourceState
    detail: str = ""
    """One line for people: path, address or counts."""
    last_seen: datetime | None = None
    """When it last delivered or answered."""
    lag_s: float | None = None
    """Age of its newest datum in seconds; None when it has none."""
    rate_per_s: float | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None
    dropped: int = 0
    breaker: BreakerState = BreakerState.CLOSED
    capabilities: tuple[str, ...] = ()


class Health(Answer):
    """Answer of `/health` and `/health/ready`."""

    status: str
    service: str
    version: str
    uptime_s: float
    simulation: bool = False
    """True while simulated telemetry is being sent; the console must say so."""
