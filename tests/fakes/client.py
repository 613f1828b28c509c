"""A client that answers from the small world, without a network; it records what is asked and can be made to fail."""

import asyncio

from api_client.contract.alerts import Ack
from api_client.contract.answers import Envelope, Meta, Pagination
from api_client.contract.logs import LogAggregations, LogContext, LogSearchResult, LogStreamBatch
from api_client.contract.problems import ErrorDetail
from api_client.errors import ApiError, Missing, Rejected
from api_client.stream import Connection, ConnectionChanged
from tests.fakes import world
from tests.fakes.moment import NOW


def enveloped(data, **more):
    return Envelope.model_construct(success=True, data=data, timestamp=NOW, request_id="r", message=None,
                                    pagination=more.get("pagination"), meta=more.get("meta"))  # fmt: skip


class FakeClient:
    """Looks like `AirisClient`; set `failing["logs"] = Unreachable("…")` to break a service."""

    def __init__(self, *, empty: bool = False) -> None:
        self.failing: dict[str, ApiError] = {}
        self.asked: list[tuple[str, object]] = []
        self.empty = empty
        self.events = () if empty else world.alerts()
        self.slow_s = 0.0
        self.changed = asyncio.Event()
        self.metrics, self.logs, self.traces = _Metrics(self), _Logs(self), _Traces(self)
        self.alerts, self.system = _Alerts(self), _System(self)

    async def note(self, service: str, asked: object = None) -> None:
        self.asked.append((service, asked))
        if self.slow_s:
            await asyncio.sleep(self.slow_s)
        if service in self.failing:
            raise self.failing[service]

    def breakers(self):
        return {}

    def reset_breakers(self) -> None:
        return None

    async def close(self) -> None:
        return None


class _Metrics:
    def __init__(self, client: FakeClient) -> None:
        self._client = client

    async def promql(self, queries):
        await self._client.note("metrics", [query.expr for query in queries])
        results = {query.id: world.promql(query) for query in queries}
        if self._client.empty:
            results = {key: value.model_copy(update={"series": ()}) for key, value in results.items()}
        return results


class _Logs:
    def __init__(self, client: FakeClient) -> None:
        self._client = client

    async def search(self, query, *, size=200, newest_first=True, cursor=None, aggregations=False):
        await self._client.note("logs", query)
        if query.text.endswith("("):
            raise Rejected("a ( is not closed", code="SEARCH_QUERY_ERROR",
                           details=(ErrorDetail(field="query", start=len(query.text) - 1, end=len(query.text)),))  # fmt: skip
        records = () if self._client.empty else world.log_records()
        if query.text.startswith("trace_id:"):
            records = tuple(record for record in records if record.trace_id == query.text[9:])
        if query.service:
            records = tuple(record for record in records if record.service == query.service)
        counts = LogAggregations(levels={"INFO": len(records)}, services={record.service: 1 for record in records})
        shown = tuple(reversed(records))[:size] if newest_first else records[:size]
        return enveloped(LogSearchResult(logs=shown, aggregations=counts if aggregations else None),
                         pagination=Pagination(page=1, size=size), meta=Meta())  # fmt: skip

    async def histogram(self, query, step=None):
        await self._client.note("logs")
        found = world.histogram()
        return found.model_copy(update={"buckets": ()}) if self._client.empty else found

    async def context(self, record_id, before=20, after=20):
        record = next((record for record in world.log_records() if record.id == record_id), None)
        if record is None:
            raise Missing("no such record")
        return LogContext(before=(), record=record, after=())

    async def follow(self, query, after=""):
        yield ConnectionChanged(Connection.CONNECTED)
        yield LogStreamBatch(logs=(), cursor="1059")
        await asyncio.Event().wait()


class _Traces:
    def __init__(self, client: FakeClient) -> None:
        self._client = client

    async def services(self, start, end, buckets=30):
        await self._client.note("traces")
        return [] if self._client.empty else world.service_stats()

    async def search(self, query, limit=100):
        await self._client.note("traces", query)
        found = [] if self._client.empty else world.summaries()
        if query.error:
            found = [item for item in found if item.error_count]
        return enveloped(found[:limit], meta=Meta(truncated=False))

    async def get(self, trace_id):
        await self._client.note("traces", trace_id)
        if trace_id != world.TRACE_ID:
            raise Missing(f"no trace has the id {trace_id}")
        return world.trace()


class _Alerts:
    def __init__(self, client: FakeClient) -> None:
        self._client = client

    async def events(self, *, statuses=(), severity=None, start=None, end=None, size=1000):
        await self._client.note("alerts")
        return [event for event in self._client.events if not statuses or event.status in statuses]

    async def timeline(self, event_id):
        await self._client.note("alerts", event_id)
        return world.timeline()

    async def ack(self, event_id, asked, *, key):
        await self._client.note("alerts", ("ack", event_id, key))
        return self._replace(event_id, Ack(by=asked.by, at=NOW, comment=asked.comment))

    async def unack(self, event_id, *, by, key):
        await self._client.note("alerts", ("unack", event_id, key))
        return self._replace(event_id, None)

    def _replace(self, event_id, ack):
        changed = {event.id: event for event in self._client.events}
        changed[event_id] = changed[event_id].model_copy(update={"ack": ack})
        self._client.events = tuple(changed.values())
        return changed[event_id]

    async def follow(self):
        yield ConnectionChanged(Connection.CONNECTED)
        await asyncio.Event().wait()


class _System:
    def __init__(self, client: FakeClient) -> None:
        self._client = client

    async def health(self):
        await self._client.note("gateway")
        return world.health()

    async def sources(self):
        await self._client.note("gateway")
        return world.sources()
