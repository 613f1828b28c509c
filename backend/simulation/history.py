"""How far an earlier run has told the past already: telling it twice would double every rate in it."""

import json
import logging

import httpx

log = logging.getLogger("airis.simulation")

NANOSECOND = 1_000_000_000
_NEWEST = 'max(timestamp(process_cpu_time_seconds_total{instance="storefront-1"}))'


async def first_untold_ns(client: httpx.AsyncClient, start_ns: int, live_ns: int) -> int:
    """Return from when on the platform knows nothing of the shop; the start where it cannot say."""
    if start_ns == live_ns:
        return start_ns
    step_s = max(15, (live_ns - start_ns) // NANOSECOND // 1_000)
    asked = {
        "query": _NEWEST,
        "start": str(start_ns // NANOSECOND),
        "end": str(live_ns // NANOSECOND),
        "step": str(step_s),
    }
    try:
        answer = await client.get("/prometheus/api/v1/query_range", params=asked)
        told_s = _newest_s(answer.text) if answer.is_success else 0
    except (httpx.TransportError, ValueError, LookupError, TypeError) as error:
        log.info("the platform does not say what it knows: %s", error)
        return start_ns
    return min(live_ns, max(start_ns, (told_s + 1) * NANOSECOND))


def _newest_s(answer: str) -> int:
    """Return the greatest value of an answer in Prometheus' form, 0 where it is empty."""
    values = [float(value) for series in json.loads(answer)["data"]["result"] for _, value in series["values"]]
    return int(max(values, default=0))
