"""The alert service put together: state, evaluation, routes, and how it does."""

import asyncio
from pathlib import Path

from fastapi import APIRouter

from api_client.contract.alerts import RuleHealth
from api_client.contract.sources import Signal, Source, SourceState
from backend.alerts.changes import Changes
from backend.alerts.conditions import ConditionReader, Logs, Metrics
from backend.alerts.desk import AlertDesk
from backend.alerts.evaluator import Evaluator
from backend.alerts.idempotency import Idempotency
from backend.alerts.routes import alert_routes
from backend.alerts.store import AlertStore, sqlite_url
from backend.clock import Clock, utc


class AlertService:
    """Everything behind `/api/v1/alerts`."""

    def __init__(self, metrics: Metrics, logs: Logs, database: str | None, data: Path, clock: Clock) -> None:
        self._url = database or sqlite_url(data / "alerts.sqlite")
        self._clock = clock
        self._store = AlertStore(self._url)
        self._changes = Changes()
        self._evaluator = Evaluator(self._store, ConditionReader(metrics, logs, clock), self._changes, clock)
        self._desk = AlertDesk(self._store, self._evaluator, clock)

    def routes(self) -> APIRouter:
        """Return the router of the service."""
        return alert_routes(self._desk, self._changes, Idempotency(self._store, self._clock))

    async def run(self) -> None:
        """Add the default rules, then evaluate until cancelled."""
        await self._desk.add_defaults()
        await self._evaluator.run()

    async def close(self) -> None:
        """Release the database."""
        await asyncio.to_thread(self._store.close)

    def sources(self) -> list[Source]:
        """Return the alert state and its rules as one source."""
        reports = self._evaluator.reports.values()
        broken = [report for report in reports if report.health is RuleHealth.ERROR]
        newest = max((report.at_ns for report in reports), default=0)
        slowest = max((report.took_ms for report in reports), default=0.0)
        return [
            Source(
                name="rules",
                kind=self._url.partition(":")[0],
                signal=Signal.ALERTS,
                state=SourceState.DEGRADED if broken else SourceState.OK if newest else SourceState.STARTING,
                detail=f"{len(self._evaluator.reports)} rules · {len(self._evaluator.values)} open alerts · "
                f"slowest {slowest:.0f} ms",
                last_seen=utc(newest) if newest else None,
                lag_s=(self._clock.time_ns() - newest) / 1e9 if newest else None,
                last_error=broken[0].error if broken else None,
                last_error_at=utc(broken[0].at_ns) if broken else None,
                capabilities=("rules", "ack", "notes"),
            )
        ]
