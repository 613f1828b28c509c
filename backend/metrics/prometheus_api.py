"""The Prometheus HTTP API v1 over a metric engine, for promtool, Grafana and other Prometheus clients.

Format: https://prometheus.io/docs/prometheus/latest/querying/api/ — times in Unix seconds, values as strings.
"""

import math
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backend.clock import Clock
from backend.errors import InvalidRequest, NotSupported, PlatformError, QueryInvalid
from backend.metrics.port import Evaluation, MetricEngine
from backend.metrics.selectors import matchers_of
from backend.version import VERSION
from backend.window import Window

Parameters = QueryParams
Handler = Callable[[Parameters, dict[str, str]], Awaitable[Any]]

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d|w|y)")
_UNIT_S = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800, "y": 31_536_000}
_LIMIT = 10_000


def prometheus_routes(engine: MetricEngine, clock: Clock) -> list[Route]:
    """Return the routes below `/prometheus/api/v1`."""
    api = PrometheusApi(engine, clock)
    both = ["GET", "POST"]
    base = "/prometheus/api/v1"
    return [
        Route(f"{base}/query", _enveloped(api.query), methods=both),
        Route(f"{base}/query_range", _enveloped(api.query_range), methods=both),
        Route(f"{base}/series", _enveloped(api.series), methods=both),
        Route(f"{base}/labels", _enveloped(api.labels), methods=both),
        Route(f"{base}/label/{{name}}/values", _enveloped(api.label_values), methods=["GET"]),
        Route(f"{base}/metadata", _enveloped(api.metadata), methods=["GET"]),
        Route(f"{base}/status/buildinfo", _enveloped(api.buildinfo), methods=["GET"]),
    ]


def _enveloped(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Put an answer into Prometheus' envelope, and errors into its error form and status."""

    async def endpoint(request: Request) -> Response:
        try:
            parameters = await _parameters(request)
            found = await handler(parameters, dict(request.path_params))
        except PlatformError as error:
            kind, status = _error_type(error)
            body: dict[str, Any] = {"status": "error", "errorType": kind, "error": error.message}
            return Response(orjson.dumps(body), status_code=status, media_type="application/json")
        body = {"status": "success", **(found if isinstance(found, _WithWarnings) else {"data": found})}
        return Response(orjson.dumps(body), media_type="application/json")

    return endpoint


class _WithWarnings(dict[str, Any]):
    """An answer that carries warnings beside its data."""


async def _parameters(request: Request) -> Parameters:
    if request.method == "POST" and request.headers.get("content-type", "").startswith("application/x-www-form"):
        return QueryParams((await request.body()).decode("utf-8", "replace"))
    return request.query_params


def _error_type(error: PlatformError) -> tuple[str, int]:
    if isinstance(error, NotSupported):
        return "execution", 422
    if error.status == 400:
        return "bad_data", 400
    return ("unavailable", 503) if error.status in {429, 503} else ("internal", 500)


class PrometheusApi:
    """Translates between Prometheus' parameters and a metric engine."""

    def __init__(self, engine: MetricEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def query(self, parameters: Parameters, _: dict[str, str]) -> Any:
        """Evaluate at one instant."""
        at = self._time(parameters.get("time"), "time", self._clock.time_ns())
        return _query_answer(await self._engine.evaluate_at(_required(parameters, "query"), at // 10**6), at / 1e9)

    async def query_range(self, parameters: Parameters, _: dict[str, str]) -> Any:
        """Evaluate over a range of time."""
        window = Window(
            self._time(_required(parameters, "start"), "start", 0), self._time(_required(parameters, "end"), "end", 0)
        )
        if window.end_ns < window.start_ns:
            raise InvalidRequest("end timestamp must not be before start time")
        step_s = seconds_of(_required(parameters, "step"), "step")
        if step_s <= 0:
            raise InvalidRequest("zero or negative query resolution step widths are not accepted")
        expr = _required(parameters, "query")
        return _query_answer(await self._engine.evaluate_range(expr, window, max(1, round(step_s * 1000))), None)

    async def series(self, parameters: Parameters, _: dict[str, str]) -> Any:
        """List label sets of series."""
        selectors = [str(item) for item in parameters.getlist("match[]")]
        if not selectors:
            raise InvalidRequest("no match[] parameter provided")
        return await self._engine.series(matchers_of(selectors), self._window(parameters), _limit(parameters))

    async def labels(self, parameters: Parameters, _: dict[str, str]) -> Any:
        """List label names."""
        selectors = matchers_of(str(item) for item in parameters.getlist("match[]"))
        return await self._engine.label_names(selectors, self._window(parameters))

    async def label_values(self, parameters: Parameters, path: dict[str, str]) -> Any:
        """List the values of one label."""
        selectors = matchers_of(str(item) for item in parameters.getlist("match[]"))
        return await self._engine.label_values(path["name"], selectors, self._window(parameters))

    async def metadata(self, parameters: Parameters, _: dict[str, str]) -> Any:
        """List type, help and unit per metric."""
        name = parameters.get("metric")
        known = await self._engine.metadata(str(name) if name else None, _limit(parameters))
        return {item.name: [{"type": item.type, "help": item.help, "unit": item.unit}] for item in known}

    async def buildinfo(self, _: Parameters, __: dict[str, str]) -> Any:
        """Say which Prometheus this speaks like; clients choose their features by it."""
        return {"version": "3.0.0", "revision": f"airis-{VERSION}", "branch": "", "goVersion": ""}

    def _window(self, parameters: Parameters) -> Window:
        now = self._clock.time_ns()
        start = self._time(parameters.get("start"), "start", max(0, now - 12 * 3600 * 10**9))
        return Window(start, self._time(parameters.get("end"), "end", now))

    def _time(self, value: object, name: str, default: int) -> int:
        if value is None:
            return default
        text = str(value)
        try:
            instant = float(text)
        except ValueError:
            try:
                parsed = datetime.fromisoformat(text)
            except ValueError:
                raise InvalidRequest(
                    f"invalid parameter “{name}”: cannot parse “{text}” to a valid timestamp"
                ) from None
            instant = (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
        if not math.isfinite(instant) or not 0 <= instant <= 9.2e9:
            raise InvalidRequest(f"invalid parameter “{name}”: “{text}” lies outside 1970 to 2261")
        return round(instant * 1000) * 10**6


def seconds_of(text: str, name: str) -> float:
    """Parse a number of seconds or a Prometheus duration such as `1h30m`."""
    try:
        found = float(text)
    except ValueError:
        parts = _DURATION.findall(text)
        if not parts or "".join(number + unit for number, unit in parts) != text:
            raise InvalidRequest(f"invalid parameter “{name}”: cannot parse “{text}” to a valid duration") from None
        found = sum(float(number) * _UNIT_S[unit] for number, unit in parts)
    if not math.isfinite(found) or abs(found) > 9.2e9:
        raise InvalidRequest(f"invalid parameter “{name}”: “{text}” is out of range")
    return found


def _required(parameters: Parameters, name: str) -> str:
    value = parameters.get(name)
    if not value:
        raise InvalidRequest(f"invalid parameter “{name}”: it is missing")
    if len(str(value)) > 10_000:
        raise QueryInvalid(f"invalid parameter “{name}”: longer than 10,000 characters")
    return str(value)


def _limit(parameters: Parameters) -> int:
    text = str(parameters.get("limit") or "0")
    if not text.isdigit() or len(text) > 9:
        raise InvalidRequest(f"invalid parameter “limit”: “{text}” is not a number")
    return min(int(text) or _LIMIT, _LIMIT)


def _query_answer(evaluation: Evaluation, at_s: float | None) -> Any:
    kind = evaluation.result_type
    warnings = list(evaluation.warnings) + (["results truncated due to limit"] if evaluation.truncated else [])
    result: Any
    if kind in {"scalar", "string"}:
        value = evaluation.series[0].values[0] if evaluation.series else math.nan
        result = [at_s, _number(float(value))]
    elif kind == "vector":
        result = [
            {"metric": item.labels, "value": [int(item.timestamps_ms[-1]) / 1000, _number(float(item.values[-1]))]}
            for item in evaluation.series
        ]
    else:
        result = [{"metric": item.labels, "values": _points(item)} for item in evaluation.series]
    found = _WithWarnings(data={"resultType": kind, "result": result})
    if warnings:
        found["warnings"] = warnings
    return found


def _points(item: Any) -> list[list[float | str]]:
    return [
        [at / 1000, _number(value)] for at, value in zip(item.timestamps_ms.tolist(), item.values.tolist(), strict=True)
    ]


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
