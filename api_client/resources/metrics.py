"""Metrics: PromQL, names, labels, metadata."""

from collections.abc import Sequence
from datetime import datetime

from api_client.contract.base import BatchResult, Labels
from api_client.contract.metrics import Metadata, MetricBatch, MetricPoint, PromqlQuery, PromqlRequest, PromqlResult
from api_client.resources.encode import body, instant
from api_client.transport import Call, Transport

_BASE = "/api/v1/metrics"
_SERVICE = "metrics"
_QUERY_DEADLINE_S = 10.0


class Metrics:
    """Calls of the metric service."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def promql(self, queries: Sequence[PromqlQuery]) -> dict[str, PromqlResult]:
        """Evaluate the expressions of a whole screen in one call; each result may carry an error of its own."""
        asked = body(PromqlRequest(queries=tuple(queries)))
        call = Call(_SERVICE, "POST", f"{_BASE}/promql", body=asked, reads_only=True, deadline_s=_QUERY_DEADLINE_S)
        answered = await self._transport.call(call, list[PromqlResult])
        return {result.id: result for result in answered.data}

    async def names(self, *, start: datetime | None = None, end: datetime | None = None, size: int = 1000) -> list[str]:
        """Return metric names in use, sorted."""
        params = {"from": instant(start), "to": instant(end), "size": str(size)}
        return (await self._transport.call(Call(_SERVICE, "GET", _BASE, params), list[str])).data

    async def labels(self, selectors: Sequence[str] = ()) -> list[str]:
        """Return label names in use, sorted."""
        call = Call(_SERVICE, "GET", f"{_BASE}/labels", {"match[]": list(selectors)})
        return (await self._transport.call(call, list[str])).data

    async def label_values(self, name: str, selectors: Sequence[str] = ()) -> list[str]:
        """Return the values of a label, sorted."""
        call = Call(_SERVICE, "GET", f"{_BASE}/labels/{name}/values", {"match[]": list(selectors)})
        return (await self._transport.call(call, list[str])).data

    async def series(self, selectors: Sequence[str], limit: int = 1000) -> list[Labels]:
        """Return label sets of matching series."""
        call = Call(_SERVICE, "GET", f"{_BASE}/series", {"match[]": list(selectors), "limit": str(limit)})
        return (await self._transport.call(call, list[Labels])).data

    async def metadata(self, metric: str | None = None) -> list[Metadata]:
        """Return type, unit and help of one metric or of all."""
        call = Call(_SERVICE, "GET", f"{_BASE}/metadata", {"metric": metric})
        return (await self._transport.call(call, list[Metadata])).data

    async def write(self, points: Sequence[MetricPoint]) -> BatchResult:
        """Store samples; not retried, since the platform could not tell a repeat."""
        call = Call(_SERVICE, "POST", f"{_BASE}/batch", body=body(MetricBatch(metrics=tuple(points))))
        return (await self._transport.call(call, BatchResult)).data
