"""Charts of a whole screen in one request."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from api_client.contract.metrics import PromqlQuery
from console.feeds.host_panels import FLEET_PANELS, HOST_PANELS, service_panels
from console.outcome import Facts, Failure, Outcome
from console.present.charts import Panel, chart
from widgets.metric_chart import ChartData
from widgets.text import clean

if TYPE_CHECKING:
    from api_client.client import AirisClient
    from api_client.contract.metrics import PromqlResult

_STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400)


def step_for(span_s: float, points: int) -> float:
    """Return a round step of at least 5 s that gives at most so many points."""
    wanted = span_s / max(1, points)
    return float(next((step for step in _STEPS if step >= wanted), 86_400 * math.ceil(wanted / 86_400)))


async def load_charts(
    client: "AirisClient", panels: Sequence[Panel], window: tuple[float, float], points: int = 240
) -> dict[str, Outcome[ChartData]]:
    """Return a chart or a failure per panel; times lie on multiples of the step, so that lines do not shiver."""
    step = step_for(window[1] - window[0], points)
    start, end = math.floor(window[0] / step) * step, math.floor(window[1] / step) * step
    queries = [
        PromqlQuery(id=panel.id, expr=panel.expr, start=_instant(start), end=_instant(end), step=step)
        for panel in panels
    ]
    results = await client.metrics.promql(queries)
    return {panel.id: _outcome(panel, results, window, step) for panel in panels}


async def load_wall(
    client: "AirisClient", service: str | None, window: tuple[float, float], most: int, points: int
) -> tuple[tuple[Panel, ...], dict[str, Outcome[ChartData]]]:
    """Return the charts of a service; without one those of the host, or of all services where no host is watched."""
    panels = (service_panels(service) if service else HOST_PANELS)[:most]
    charts = await load_charts(client, panels, window, points)
    if service or any(isinstance(item, Facts) and item.value.series for item in charts.values()):
        return panels, charts
    fleet = FLEET_PANELS[:most]
    instead = await load_charts(client, fleet, window, points)
    if any(isinstance(item, Facts) and item.value.series for item in instead.values()):
        return fleet, instead
    return panels, charts


def _outcome(
    panel: Panel, results: "dict[str, PromqlResult]", window: tuple[float, float], step: float
) -> Outcome[ChartData]:
    result = results.get(panel.id)
    if result is None:
        return Failure("the platform left this query unanswered")
    if result.error:
        return Failure(clean(result.error.message, 300))
    return Facts(chart(panel, result, window, step), window[1])


def _instant(at_s: float) -> datetime:
    return datetime.fromtimestamp(at_s, UTC)
