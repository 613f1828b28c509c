"""What the overview shows: five questions at once, each with an answer or a failure of its own."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from api_client.resources.logs import LogQuery
from console.feeds.charts import load_wall
from console.outcome import Facts, Outcome, settle
from console.present.logs import histogram_data
from console.present.services import service_rows
from console.present.sources import source_rows
from widgets.data_list import ListRow
from widgets.log_histogram import HistogramData
from widgets.metric_chart import ChartData

if TYPE_CHECKING:
    from api_client.client import AirisClient
    from console.scope import Scope

TREND_BUCKETS = 16
_POINTS = 120


@dataclass(frozen=True, slots=True)
class OverviewFacts:
    """One look at everything."""

    services: Outcome[tuple[ListRow, ...]]
    charts: dict[str, Outcome[ChartData]]
    logs: Outcome[HistogramData]
    sources: Outcome[tuple[ListRow, ...]]


async def load_overview(
    client: "AirisClient", scope: "Scope", window: tuple[float, float], charts: int
) -> OverviewFacts:
    """Ask for everything at once; the first `charts` charts of the host, or of the service in scope."""
    start, end = (datetime.fromtimestamp(at, UTC) for at in window)
    now = window[1]
    services, drawn, logs, sources = await asyncio.gather(
        settle(lambda: client.traces.services(start, end, TREND_BUCKETS), now),
        settle(lambda: load_wall(client, scope.service, window, charts, _POINTS), now),
        settle(lambda: client.logs.histogram(LogQuery(start=start, end=end, service=scope.service)), now),
        settle(client.system.sources, now),
    )
    return OverviewFacts(
        services=Facts(service_rows(services.value), now) if isinstance(services, Facts) else services,
        charts=drawn.value[1] if isinstance(drawn, Facts) else dict.fromkeys(map(str, range(charts)), drawn),
        logs=Facts(histogram_data(logs.value), now) if isinstance(logs, Facts) else logs,
        sources=Facts(source_rows(sources.value, now), now) if isinstance(sources, Facts) else sources,
    )
