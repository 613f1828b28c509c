"""Metrics on the wire: points that come in, series that go out."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from api_client.contract.base import Answer, Labels, Request, TimeRange, Timestamp
from api_client.contract.problems import Problem

Aggregation = Literal["avg", "sum", "min", "max", "count"]
Interval = Literal["1m", "5m", "1h", "1d"]


class MetricPoint(Request):
    """One sample as a program sends it."""

    name: Annotated[str, Field(min_length=1, max_length=1024)]
    value: float
    timestamp: Timestamp | None = None
    """When it was measured; the time of arrival when absent."""
    labels: Labels = {}
    metadata: Labels = {}


class MetricBatch(Request):
    """Many samples in one call."""

    metrics: Annotated[tuple[MetricPoint, ...], Field(max_length=100_000)]


class DataPoint(Answer):
    """One bucket of an aggregated metric."""

    timestamp: datetime
    value: float
    labels: Labels = {}
    count: int | None = None


class MetricQueryResult(Answer):
    """Answer of `GET /query` and `GET /aggregate`."""

    metric_name: str
    time_range: TimeRange
    data_points: tuple[DataPoint, ...]
    aggregation: Aggregation
    total_points: int


class Metadata(Answer):
    """What is known of a metric: type as in OpenMetrics, unit in base units."""

    name: str
    type: str = "unknown"
    help: str = ""
    unit: str = ""


class PromqlQuery(Request):
    """One expression: a range (`start`, `end`, `step` in seconds) or an instant (`at`)."""

    id: Annotated[str, Field(min_length=1, max_length=128)]
    expr: Annotated[str, Field(min_length=1, max_length=10_000)]
    start: Timestamp | None = Field(default=None, alias="from")
    end: Timestamp | None = Field(default=None, alias="to")
    step: Annotated[float, Field(gt=0, le=86_400 * 366)] | None = None
    at: Timestamp | None = None

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @model_validator(mode="after")
    def _is_range_or_instant(self) -> Self:
        ranged = (self.start is not None, self.end is not None, self.step is not None)
        if any(ranged) and (not all(ranged) or self.at is not None):
            raise ValueError("give from, to and step for a range, or at for an instant")
        if self.start and self.end and self.end < self.start:
            raise ValueError("to lies before from")
        return self

    @property
    def is_range(self) -> bool:
        """Tell whether this asks for a range of time."""
        return self.step is not None


class PromqlRequest(Request):
    """The queries of a whole screen in one round trip."""

    queries: Annotated[tuple[PromqlQuery, ...], Field(max_length=200)]


class Series(Answer):
    """One series in columns: `timestamps` in Unix seconds, ascending; a missing step has no entry."""

    labels: Labels
    timestamps: tuple[float, ...]
    values: tuple[float | None, ...]
    """None stands for NaN and the infinities, which JSON cannot hold."""


ResultType = Literal["matrix", "vector", "scalar", "string"]


class PromqlResult(Answer):
    """The series of one expression, or an error of its own."""

    id: str
    result_type: ResultType = "matrix"
    series: tuple[Series, ...] = ()
    error: Problem | None = None
    warnings: tuple[str, ...] = ()
    truncated: bool = False
