"""Follows the alerts of the platform for the whole application: what is open, and what just changed."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from api_client.contract.alerts import AlertEvent, AlertStatus, Severity
from api_client.stream import Connection, ConnectionChanged
from console.present.alerts import summary

if TYPE_CHECKING:
    from api_client.client import AirisClient

News = tuple[str, bool]
"""A sentence, and whether it is bad."""
_LOUD = {Severity.CRITICAL, Severity.HIGH}


async def watch_alerts(client: "AirisClient") -> AsyncIterator[tuple[tuple[AlertEvent, ...], list[News]]]:
    """Yield the open alerts, and sentences about those that began or ended since the watch began."""
    known: dict[str, AlertEvent] = {}
    settled = False
    async for item in client.alerts.follow():
        if isinstance(item, ConnectionChanged):
            if item.connection is Connection.CONNECTED and not item.resumed:
                known = {alert.id: alert for alert in await _open(client)}
                settled = True
                yield tuple(known.values()), []
            continue
        before = known.get(item.event.id)
        _take(known, item.event)
        yield tuple(known.values()), _news(before, item.event) if settled else []


async def _open(client: "AirisClient") -> list[AlertEvent]:
    return await client.alerts.events(statuses=(AlertStatus.FIRING, AlertStatus.PENDING))


def _take(known: dict[str, AlertEvent], event: AlertEvent) -> None:
    if event.status is AlertStatus.RESOLVED:
        known.pop(event.id, None)
    else:
        known[event.id] = event


def _news(before: AlertEvent | None, event: AlertEvent) -> list[News]:
    """Return what is worth interrupting for: bad alerts that begin, and their end."""
    if event.severity not in _LOUD:
        return []
    fired = event.status is AlertStatus.FIRING and (before is None or before.status is AlertStatus.PENDING)
    if fired:
        return [(f"{event.severity.value}: {event.rule_name}: {summary(event)}", True)]
    if event.status is AlertStatus.RESOLVED and before is not None and before.status is AlertStatus.FIRING:
        return [(f"resolved: {event.rule_name}: {summary(event)}", False)]
    return []
