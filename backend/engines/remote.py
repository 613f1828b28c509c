"""Metric and log services in other processes, as far as rule evaluation asks them."""

from typing import Any

import httpx
import numpy as np

from api_client.contract.answers import Envelope
from api_client.contract.logs import LogAggregations, LogSearchResult
from api_client.contract.metrics import PromqlResult
from backend.clock import utc
from backend.errors import InvalidRequest, Unavailable
from backend.logs.port import LogQuestion
from backend.metrics.port import Evaluation, SeriesColumns

_TIMEOUT_S = 10.0


class RemotePeer:
    """A service of the platform, by its address."""

    def __init__(self, name: str, address: str, token: str | None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._name = name
        self._client = httpx.AsyncClient(base_url=address, timeout=_TIMEOUT_S, headers=headers)

    async def request(self, method: str, path: str, **parts: Any) -> bytes:
        """Return the body of a successful answer."""
        try:
            answered = await self._client.request(method, path, **parts)
        except httpx.TransportError as error:
            raise Unavailable(f"the {self._name} service does not answer: {type(error).__name__}") from error
        if answered.status_code != httpx.codes.OK:
            raise Unavailable(f"the {self._name} service answered {answered.status_code}")
        return answered.content


class RemoteMetrics:
    """Evaluates PromQL in the metric service."""

    def __init__(self, peer: RemotePeer) -> None:
        self._peer = peer

    async def evaluate_at(self, expr: str, at_ms: int) -> Evaluation:
        """Evaluate at one instant."""
        query = {"id": "rule", "expr": expr, "at": utc(at_ms * 10**6).isoformat()}
        body = await self._peer.request("POST", "/api/v1/metrics/promql", json={"queries": [query]})
        result = Envelope[list[PromqlResult]].model_validate_json(body).data[0]
        if result.error:
            raise InvalidRequest(result.error.message, code=result.error.code)
        series = tuple(
            SeriesColumns(
                item.labels,
                (np.array(item.timestamps) * 1000).astype(np.int64),
                np.array([np.nan if value is None else value for value in item.values], dtype=np.float64),
            )
            for item in result.series
        )
        return Evaluation(result.result_type, series, result.warnings, result.truncated)


class RemoteLogs:
    """Counts records in the log service."""

    def __init__(self, peer: RemotePeer) -> None:
        self._peer = peer

    async def aggregations(self, question: LogQuestion) -> LogAggregations:
        """Count the whole match by level and by service."""
        params = {
            "q": question.text,
            "from": utc(question.window.start_ns).isoformat(),
            "to": utc(question.window.end_ns).isoformat(),
            "size": "1",
            "aggregations": "true",
        }
        body = await self._peer.request("GET", "/api/v1/logs/search", params=params)
        return Envelope[LogSearchResult].model_validate_json(body).data.aggregations or LogAggregations()
