"""The alerts of a range of time, and the details of one."""

import getpass
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from api_client.contract.alerts import AckRequest, AlertEvent, AlertStatus, TimelineEntry
from api_client.errors import ApiError
from console.feeds.charts import load_charts
from console.feeds.outbox import deliver
from console.outcome import Facts, Outcome, settle
from console.present.alerts import summary
from console.present.charts import Panel
from widgets.metric_chart import ChartData

if TYPE_CHECKING:
    from api_client.client import AirisClient

MOST = 1000


async def load_alerts(client: "AirisClient", window: tuple[float, float], *, resolved: bool) -> list[AlertEvent]:
    """Return the open alerts whatever the time, and those that resolved in the window where asked for."""
    opened = await client.alerts.events(statuses=(AlertStatus.FIRING, AlertStatus.PENDING), size=MOST)
    if not resolved:
        return opened
    start, end = (datetime.fromtimestamp(at, UTC) for at in window)
    closed = await client.alerts.events(statuses=(AlertStatus.RESOLVED,), start=start, end=end, size=MOST)
    return opened + closed


async def load_timeline(client: "AirisClient", event_id: str) -> list[TimelineEntry]:
    """Return what happened to an alert."""
    return await client.alerts.timeline(event_id)


async def load_rule_chart(
    client: "AirisClient", event: AlertEvent, window: tuple[float, float]
) -> "Outcome[ChartData] | None":
    """Return the chart of what the rule watches, with its threshold; None for a rule over logs."""
    if not is_promql(event):
        return None
    panel = Panel("rule", "", event.generator, "", tuple(key for key in event.labels if key not in _RULE_LABELS),
                  threshold=event.threshold)  # fmt: skip
    outcome = await settle(lambda: load_charts(client, (panel,), window), window[1])
    return outcome.value["rule"] if isinstance(outcome, Facts) else outcome


_RULE_LABELS = {"alertname", "severity", "job"}


def is_promql(event: AlertEvent) -> bool:
    """Tell whether a rule watches metrics; a log rule's query names its level or service fields."""
    return not event.generator.startswith(("level:", "service:", "message:", "("))


async def ack(client: "AirisClient", event_id: str, comment: str) -> AlertEvent:
    """Take an alert; returns once the platform has confirmed it."""
    asked = AckRequest(by=user_name(), comment=comment)
    return await deliver(lambda key: client.alerts.ack(event_id, asked, key=key))


async def unack(client: "AirisClient", event_id: str) -> AlertEvent:
    """Give an alert back."""
    return await deliver(lambda key: client.alerts.unack(event_id, by=user_name(), key=key))


async def ack_all(client: "AirisClient", event_ids: Sequence[str]) -> dict[str, str]:
    """Take several alerts; return what went wrong, by alert."""
    failed: dict[str, str] = {}
    for event_id in event_ids:
        try:
            await ack(client, event_id, "")
        except ApiError as error:
            failed[event_id] = error.message
    return failed


def user_name() -> str:
    """Return who sits here, as the operating system knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "local"


def matches(event: AlertEvent, words: Sequence[str]) -> bool:
    """Tell whether every word is found in an alert's text, and none that begins with `!`."""
    text = " ".join((event.rule_name, event.severity.value, event.status.value, summary(event), *event.labels.values()))
    folded = text.casefold()
    return all((word[1:] not in folded) if word.startswith("!") else (word in folded) for word in words)
