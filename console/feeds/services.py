"""The services that are known in a range of time: by their spans, and by their log lines."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from api_client.resources.logs import LogQuery

if TYPE_CHECKING:
    from api_client.client import AirisClient


async def service_names(client: "AirisClient", start: datetime, end: datetime) -> tuple[str, ...]:
    """Return service names, sorted; a signal that fails leaves its part out only if the other answers."""
    traced, logged = await asyncio.gather(
        client.traces.services(start, end, 1),
        client.logs.search(LogQuery(start=start, end=end), size=1, aggregations=True),
    )
    found = {item.service for item in traced}
    if logged.data.aggregations:
        found |= set(logged.data.aggregations.services)
    return tuple(sorted(found, key=str.casefold))
