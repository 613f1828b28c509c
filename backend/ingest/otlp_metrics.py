"""OTLP metrics as samples of Prometheus series."""

from collections.abc import Callable, Iterator
from typing import Any

from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from api_client.contract.problems import ErrorCode
from backend.ingest.columns import MetricInfo, Rejected, SampleColumns, time_fault
from backend.ingest.delta import DeltaTotals
from backend.ingest.otlp_histograms import Part, explicit, exponential, summary
from backend.ingest.otlp_names import prometheus_name, unit_words
from backend.ingest.otlp_values import flat_attributes
from backend.ingest.resource import UNKNOWN_SERVICE
from backend.ingest.sample_builder import STALE, SampleBuilder
from backend.ingest.series import canonical, label_name

DELTA = 1
NO_RECORDED_VALUE = 1
MAX_CACHED_SERIES = 100_000

_Labels = dict[str, str]


class MetricDecoder:
    """Decodes requests; keeps label sets met before, and the totals of series that come as increments."""

    def __init__(self) -> None:
        self._totals = DeltaTotals()
        self._series: dict[tuple[bytes, str], dict[Any, str]] = {}
        self._cached = 0

    def columns(self, request: Any, now_ns: int) -> tuple[SampleColumns, list[Rejected]]:
        """Return the points of an `OpaqueMetrics` request as columns, and those that were refused."""
        batch = _Batch(now_ns)
        for resource_metrics in request.resource_metrics:
            for scope_metrics in resource_metrics.scope_metrics:
                for metric in scope_metrics.metrics:
                    self._metric(batch, resource_metrics.resource, metric)
        return batch.builder.columns(), batch.rejected

    def _metric(self, batch: "_Batch", resource: bytes, metric: Any) -> None:
        kind = metric.WhichOneof("data")
        match kind:
            case "gauge":
                name = _name(metric, is_gauge=True)
                self._numbers(batch, resource, name, metric.gauge.data_points, is_delta=False)
            case "sum":
                name = _name(metric, is_counter=metric.sum.is_monotonic, is_gauge=not metric.sum.is_monotonic)
                is_delta = metric.sum.aggregation_temporality == DELTA
                self._numbers(batch, resource, name, metric.sum.data_points, is_delta=is_delta)
                kind = "counter" if metric.sum.is_monotonic else "gauge"
            case "histogram":
                name = _name(metric)
                self._parts(batch, resource, name, metric.histogram, explicit)
            case "exponential_histogram":
                name = _name(metric)
                self._parts(batch, resource, name, metric.exponential_histogram, exponential)
                kind = "histogram"
            case "summary":
                name = _name(metric)
                self._parts(batch, resource, name, metric.summary, summary)
            case _:
                return
        batch.builder.metadata[name] = MetricInfo(kind, "_".join(unit_words(metric.unit)), metric.description)

    def _numbers(self, batch: "_Batch", resource: bytes, name: str, points: Any, *, is_delta: bool) -> None:
        cached = self._series.setdefault((resource, name), {})
        for point in points:
            ts_ms = batch.time_ms(point)
            if ts_ms is None:
                continue
            key = tuple(point.attributes)
            series = cached.get(key) or self._new(cached, key, key, _told(resource, name))
            # Only one member of the oneof can be set, the other reads as nought.
            value: float | None = point.as_int or point.as_double
            if point.flags & NO_RECORDED_VALUE:
                value = STALE
            elif is_delta:
                value = self._totals.add(series, ts_ms, value or 0.0)
            if value is not None:
                batch.builder.add(series, ts_ms, value)

    def _parts(
        self, batch: "_Batch", resource: bytes, name: str, metric: Any, parts: Callable[[Any], Iterator[Part]]
    ) -> None:
        is_delta = parts is not summary and metric.aggregation_temporality == DELTA
        for point in metric.data_points:
            ts_ms = batch.time_ms(point)
            if ts_ms is None:
                continue
            attributes = tuple(point.attributes)
            for suffix, labels, value in parts(point):
                cached = self._series.setdefault((resource, name + suffix), {})
                key = (attributes, labels)
                series = cached.get(key)
                if series is None:
                    told = {**_told(resource, name + suffix), **dict(labels)}
                    series = self._new(cached, key, attributes, told)
                stored: float | None = value
                if point.flags & NO_RECORDED_VALUE:
                    stored = STALE
                elif is_delta:
                    stored = self._totals.add(series, ts_ms, value)
                if stored is not None:
                    batch.builder.add(series, ts_ms, stored)

    def _new(
        self,
        cached: dict[Any, str],
        key: Any,
        attributes: tuple[bytes, ...],
        told: _Labels,
    ) -> str:
        """Work out a label set met for the first time; the cache is emptied when it has grown too large."""
        self._cached += 1
        if self._cached > MAX_CACHED_SERIES:
            self._series.clear()
            self._cached = 0
        cached[key] = series = canonical({**_point_labels(attributes), **told})
        return series


class _Batch:
    """One request on its way into columns."""

    def __init__(self, now_ns: int) -> None:
        self.builder = SampleBuilder()
        self.rejected: list[Rejected] = []
        self._now_ns = now_ns
        self._seen = 0

    def time_ms(self, point: Any) -> int | None:
        """Return the time of the next point, or note why it is refused and return None."""
        index, self._seen = self._seen, self._seen + 1
        time_ns = point.time_unix_nano or self._now_ns
        fault = time_fault(time_ns, self._now_ns)
        if fault:
            self.rejected.append(Rejected(index, ErrorCode.INVALID_TIMESTAMP, fault))
            return None
        return int(time_ns // 1_000_000)


def _name(metric: Any, *, is_counter: bool = False, is_gauge: bool = False) -> str:
    return prometheus_name(metric.name, metric.unit, is_counter=is_counter, is_gauge=is_gauge)


def _point_labels(attributes: tuple[bytes, ...]) -> _Labels:
    """Return the attributes of a point as labels; names that become equal share their values, joined by `;`."""
    labels: _Labels = {}
    for name, value in sorted(flat_attributes(map(KeyValue.FromString, attributes)).items()):
        label = label_name(name)
        labels[label] = f"{labels[label]};{value}" if label in labels else value
    return labels


def _told(resource: bytes, name: str) -> _Labels:
    """Return the labels that do not come from the point: metric name, job, instance and service_name."""
    attributes = flat_attributes(Resource.FromString(resource).attributes)
    service = attributes.get("service.name") or UNKNOWN_SERVICE
    namespace = attributes.get("service.namespace")
    return {
        "__name__": name,
        "job": f"{namespace}/{service}" if namespace else service,
        "instance": attributes.get("service.instance.id") or attributes.get("host.name", ""),
        "service_name": service,
    }
