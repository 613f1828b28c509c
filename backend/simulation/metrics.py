"""The metrics of the shop: cumulative, and counted from the very requests that the spans tell of."""

from random import Random

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import (
    AGGREGATION_TEMPORALITY_CUMULATIVE,
    HistogramDataPoint,
    Metric,
    NumberDataPoint,
)

from backend.simulation.incidents import Conditions
from backend.simulation.otlp import SCOPE, key_values, resource
from backend.simulation.shop import INSTANCES, MEMORY_LIMIT_MIB, Instance
from backend.simulation.signals import Attributes, Served, Story
from backend.simulation.totals import BOUNDS_S, NANOSECOND, Distribution, Totals
from backend.simulation.troubles import LEAKING, SLOW_SERVICES, process_of

MIB = 2**20
_IDLE_BUSY = 0.006
"""Processor seconds per second of a process that does nothing."""
_SHIPPED_PER_S = 2.6
"""Shipments that the warehouse takes from the queue per second."""

_UNITS = {"shop.orders": "{order}", "shop.revenue": "{EUR}", "shop.cart.items": "{item}", "shop.payments": "{payment}"}


class Metrics:
    """Counts stories, and writes what every process would export at a moment."""

    def __init__(self, random: Random, at_ns: int) -> None:
        self._random = random
        self._totals = {instance.id: Totals(at_ns) for group in INSTANCES.values() for instance in group}
        self._scraped_ns = at_ns
        self._queued = 0.0

    def count(self, story: Story) -> None:
        """Count a story that has ended, as often as it stands for."""
        for served in story.served:
            totals = self._totals[served.process.instance.id]
            totals.serve(served, story.weight)
            self._count_business(totals, served, story)

    def restart(self, instance: Instance, at_ns: int) -> None:
        """Begin anew for a process that has been started again."""
        self._totals[instance.id] = Totals(at_ns)

    def request(self, at_ns: int, conditions: Conditions) -> ExportMetricsServiceRequest:
        """Return the metrics of every running process at a moment."""
        passed_s = (at_ns - self._scraped_ns) / NANOSECOND
        self._scraped_ns = at_ns
        slowed = 0.35 if conditions.storm_per_s or conditions.carrier_timeout_share else 1.0
        self._queued = max(0.0, self._queued - passed_s * _SHIPPED_PER_S * slowed)
        request = ExportMetricsServiceRequest()
        for instance in (instance for group in INSTANCES.values() for instance in group):
            if conditions.recommendation_down and instance.id == LEAKING:
                continue
            totals = self._totals[instance.id]
            totals.busy_s += passed_s * _IDLE_BUSY
            of_process = request.resource_metrics.add(resource=resource(process_of(instance, conditions)))
            found = self._metrics(instance, totals, at_ns, conditions)
            of_process.scope_metrics.add(scope=SCOPE, metrics=found)
        return request

    def _count_business(self, totals: Totals, served: Served, story: Story) -> None:
        key, failed = served.endpoint.key, served.status >= 400
        if key == "checkout POST /orders":
            totals.count("shop.orders", (("shop.order.state", "failed" if failed else "placed"),), story.weight)
            if not failed:
                totals.count("shop.revenue", (("currency", "EUR"),), float(story.facts["amount"]) * story.weight)
        elif key == "payment POST /charges":
            totals.count("shop.payments", (("shop.payment.state", "failed" if failed else "charged"),), story.weight)
        elif key == "cart POST /carts/{cart}/items" and not failed:
            totals.count("shop.cart.items", (), int(story.facts["quantity"]) * story.weight)
        elif key == "shipping POST /shipments" and not failed:
            self._queued += story.weight

    def _metrics(self, instance: Instance, totals: Totals, at_ns: int, conditions: Conditions) -> list[Metric]:
        found = [
            _sum("process.memory.usage", "By", at_ns, {(): self._memory(instance, conditions)}),
            _sum("process.cpu.time", "s", at_ns, {
                (("cpu.mode", "user"),): totals.busy_s * 0.8, (("cpu.mode", "system"),): totals.busy_s * 0.2,
            }, totals.started_ns),
        ]  # fmt: skip
        if totals.requests:
            found.append(_histogram("http.server.request.duration", totals.requests, totals.started_ns, at_ns))
        if totals.calls:
            found.append(_histogram("rpc.server.duration", totals.calls, totals.started_ns, at_ns))
        if instance.service.pool_size:
            found.extend(self._pool(instance, at_ns, conditions))
        if instance.service.name == "shipping":
            found.append(_sum("shop.shipments.queued", "{shipment}", at_ns, {(): float(round(self._queued))}))
        for name in dict.fromkeys(name for name, _ in totals.counters):
            values = {attributes: value for (of, attributes), value in totals.counters.items() if of == name}
            found.append(_sum(name, _UNITS[name], at_ns, values, totals.started_ns))
        return found

    def _memory(self, instance: Instance, conditions: Conditions) -> float:
        rest = instance.service.memory_mib
        leaked = (MEMORY_LIMIT_MIB - rest) * conditions.leak_share if instance.id == LEAKING else 0.0
        return round((rest + leaked + abs(self._random.gauss(0, rest * 0.02))) * MIB)

    def _pool(self, instance: Instance, at_ns: int, conditions: Conditions) -> list[Metric]:
        """Return how many connections are in use, lie idle and may be open, and who waits for one."""
        size = instance.service.pool_size
        share = conditions.pool_share if instance.service.name in SLOW_SERVICES else 0.0
        used = min(size, self._random.randint(1, 3) + round(share * size))
        state, pool = "db.client.connection.state", ("db.client.connection.pool.name", f"shop_{instance.service.name}")
        counts: dict[Attributes, float] = {(pool, (state, "used")): used, (pool, (state, "idle")): size - used}
        waiting = self._random.randint(6, 30) if used == size else 0
        return [
            _sum("db.client.connection.count", "{connection}", at_ns, counts),
            _sum("db.client.connection.max", "{connection}", at_ns, {(pool,): size}),
            _sum("db.client.connection.pending_requests", "{request}", at_ns, {(pool,): waiting}),
        ]


def _sum(
    name: str, unit: str, at_ns: int, values: dict[Attributes, float], started_ns: int | None = None
) -> Metric:  # fmt: skip
    """Return a counter that runs since `started_ns`, or a figure that goes up and down."""
    metric = Metric(name=name, unit=unit)
    metric.sum.aggregation_temporality = AGGREGATION_TEMPORALITY_CUMULATIVE
    metric.sum.is_monotonic = started_ns is not None
    metric.sum.data_points.extend(
        NumberDataPoint(
            time_unix_nano=at_ns, start_time_unix_nano=started_ns or 0, as_double=value, attributes=key_values(key)
        )
        for key, value in values.items()
    )
    return metric


def _histogram(name: str, kept: dict[Attributes, Distribution], started_ns: int, at_ns: int) -> Metric:
    metric = Metric(name=name, unit="s")
    metric.histogram.aggregation_temporality = AGGREGATION_TEMPORALITY_CUMULATIVE
    metric.histogram.data_points.extend(
        HistogramDataPoint(
            time_unix_nano=at_ns,
            start_time_unix_nano=started_ns,
            attributes=key_values(key),
            count=distribution.total,
            sum=distribution.sum_s,
            bucket_counts=distribution.counts,
            explicit_bounds=BOUNDS_S,
        )
        for key, distribution in kept.items()
    )
    return metric
