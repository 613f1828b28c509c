"""One request of a visitor on its way through the services: the spans and lines that it leaves behind."""

from dataclasses import dataclass
from math import log
from random import Random
from typing import assert_never

from backend.simulation import attributes as conventions
from backend.simulation.calls import Cache, Call, Endpoint, External, Query, Remote, Severity, Work
from backend.simulation.endpoints import ENDPOINTS
from backend.simulation.faults import no_connection
from backend.simulation.incidents import Conditions
from backend.simulation.journeys import Visit
from backend.simulation.shop import INSTANCES, Instance
from backend.simulation.signals import Attributes, Fault, Kind, LogLine, Process, Served, Span, Story
from backend.simulation.troubles import Troubles

MILLISECOND = 1_000_000
_NO_ANSWER = 503


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a trace something happens: in which process, and below which span."""

    process: Process
    span_id: bytes


@dataclass(frozen=True, slots=True)
class _Result:
    """When a call ended and with which status; 0 or below 400 is well."""

    end_ns: int
    status: int = 0

    @property
    def failed(self) -> bool:
        return self.status >= 400


def walk(visit: Visit, at_ns: int, conditions: Conditions, random: Random) -> Story:
    """Return what the next step of a visit leaves behind."""
    under_way = _Walk(visit.facts, conditions, random)
    result = under_way.serve(ENDPOINTS[visit.journey.steps[visit.step]], b"", at_ns)
    spans, lines = under_way.spans, under_way.lines
    return Story(
        visit.weight, visit.facts, result.end_ns, result.status, tuple(spans), tuple(lines), tuple(under_way.served)
    )


class _Walk:
    """Collects spans, lines and served requests while it goes from service to service."""

    def __init__(self, facts: dict[str, str], conditions: Conditions, random: Random) -> None:
        self._facts = facts
        self._conditions = conditions
        self._random = random
        self._troubles = Troubles(conditions, random)
        self._trace_id = random.getrandbits(128).to_bytes(16, "big")
        self.spans: list[Span] = []
        self.lines: list[LogLine] = []
        self.served: list[Served] = []

    def serve(self, endpoint: Endpoint, parent_id: bytes, at_ns: int, instance: Instance | None = None) -> _Result:
        """Let a service answer a request that reaches it at a time."""
        instance = instance or self._random.choice(INSTANCES[endpoint.service])
        place = _Place(self._process(instance), self._new_id())
        work_ns = self._duration_ns(endpoint.work_ms)
        fault = self._troubles.of_request(endpoint, instance)
        refused = endpoint.refusal and self._random.random() < endpoint.refusal[1]
        called = _Result(at_ns + work_ns // 2 + self._troubles.pause_ns(instance))
        if fault or refused:
            called = self._calls(endpoint.calls[:1], place, called.end_ns, parallel=False)
        else:
            called = self._calls(endpoint.calls, place, called.end_ns, parallel=endpoint.parallel)
        end_ns = called.end_ns + work_ns - work_ns // 2
        status = self._status(endpoint, called, fault, refused=bool(refused))
        self._finish(endpoint, place, parent_id, at_ns, end_ns, status, fault)
        self.served.append(Served(place.process, endpoint, status, end_ns - at_ns, work_ns))
        return _Result(end_ns, status)

    def _status(self, endpoint: Endpoint, called: _Result, fault: Fault | None, *, refused: bool) -> int:
        if called.failed:
            return called.status
        if fault:
            return 500
        if refused and endpoint.refusal:
            return endpoint.refusal[0]
        return 201 if endpoint.method == "POST" and "login" not in endpoint.route else 200

    def _finish(
        self, endpoint: Endpoint, place: _Place, parent_id: bytes, at_ns: int, end_ns: int, status: int,
        fault: Fault | None,
    ) -> None:  # fmt: skip
        """Write the server span and the lines of a request that has been answered."""
        found = conventions.server_attributes(endpoint, self._facts, status)
        if not parent_id:
            found = (*found, ("user.id", self._facts["user"]), ("session.id", self._facts["session"]))
        name = f"{endpoint.rpc}/{endpoint.method}" if endpoint.rpc else f"{endpoint.method} {endpoint.route}"
        error = (fault.message if fault else f"answered {status}") if status >= 500 else ""
        self._span(place.process, place.span_id, parent_id, name, Kind.SERVER, at_ns, end_ns, found, error, fault)
        if fault:
            self._exception(place, end_ns, f"{name} failed: {fault.message}", fault)
        elif endpoint.refusal and status == endpoint.refusal[0]:
            self._line(place, end_ns, Severity.WARN, endpoint.refusal[2])
        elif status < 400:
            self._told(endpoint, place, at_ns, end_ns)

    def _told(self, endpoint: Endpoint, place: _Place, at_ns: int, end_ns: int) -> None:
        """Write the lines of a request that went well, the last of them at its end."""
        for index, line in enumerate(endpoint.lines, 1):
            if self._random.random() < line.share:
                at = at_ns + (end_ns - at_ns) * index // len(endpoint.lines)
                self._line(place, at, line.severity, line.template, ms=str((end_ns - at_ns) // MILLISECOND))

    def _calls(self, calls: tuple[Call, ...], place: _Place, at_ns: int, *, parallel: bool) -> _Result:
        """Make calls one after the other, or side by side; the first that fails and is needed ends it."""
        latest_ns = at_ns
        for call in calls:
            result = self._call(call, place, at_ns if parallel else latest_ns)
            latest_ns = max(latest_ns, result.end_ns)
            if result.failed:
                return _Result(latest_ns, result.status)
        return _Result(latest_ns)

    def _call(self, call: Call, place: _Place, at_ns: int) -> _Result:
        match call:
            case Query():
                return self._query(call, place, at_ns)
            case Cache():
                found = conventions.cache_attributes(call, self._facts)
                return self._leaf(place, call.command, Kind.CLIENT, at_ns, call.median_ms, found)
            case Work():
                return self._leaf(place, call.name, Kind.INTERNAL, at_ns, call.median_ms, ())
            case External():
                return self._external(call, place, at_ns)
            case Remote():
                return self._remote(call, place, at_ns)
            case _:
                assert_never(call)

    def _leaf(
        self, place: _Place, name: str, kind: Kind, at_ns: int, median_ms: float, attributes: Attributes
    ) -> _Result:
        end_ns = at_ns + self._duration_ns(median_ms)
        self._span(place.process, self._new_id(), place.span_id, name, kind, at_ns, end_ns, attributes)
        return _Result(end_ns)

    def _query(self, query: Query, place: _Place, at_ns: int) -> _Result:
        """Wait for a connection where the pool is short of them, then run a statement."""
        service = place.process.instance.service
        start_ns, fault = at_ns + self._troubles.wait_ns(service), None
        if start_ns > at_ns:
            fault = self._troubles.of_pool(service, start_ns - at_ns)
            waited = (("db.client.connection.pool.name", f"shop_{service.name}"),)
            error = fault.message if fault else ""
            self._span(place.process, self._new_id(), place.span_id, "acquire connection", Kind.INTERNAL, at_ns,
                       start_ns, waited, error, fault)  # fmt: skip
        if fault:
            self._exception(place, start_ns, fault.message, fault)
            return _Result(start_ns, 500)
        end_ns = start_ns + int(self._duration_ns(query.median_ms) * self._troubles.database_factor(service))
        fault = self._troubles.of_query(query)
        name = f"{query.operation} {query.table}"
        found = conventions.query_attributes(query, service.name)
        self._span(place.process, self._new_id(), place.span_id, name, Kind.CLIENT, start_ns, end_ns, found,
                   fault.message if fault else "", fault)  # fmt: skip
        if fault:
            self._exception(place, end_ns, f"{name}: {fault.message}", fault)
        elif end_ns - start_ns > 300 * MILLISECOND:
            text = f"slow query: {name} took {(end_ns - start_ns) // MILLISECOND} ms"
            self._append(place, end_ns, Severity.WARN, text, found)
        return _Result(end_ns, 500 if fault else 0)

    def _external(self, external: External, place: _Place, at_ns: int) -> _Result:
        duration_ns, fault = self._duration_ns(external.median_ms), self._troubles.of_external(external)
        end_ns = at_ns + (2_500 * MILLISECOND + duration_ns // 50 if fault else duration_ns)
        found = conventions.external_attributes(external, 504 if fault else 200)
        self._span(place.process, self._new_id(), place.span_id, external.method, Kind.CLIENT, at_ns, end_ns, found,
                   fault.message if fault else "", fault)  # fmt: skip
        if fault:
            text = f"{external.host} did not answer {external.method} {external.path} within 2500 ms"
            self._exception(place, end_ns, text, fault)
        return _Result(end_ns, 504 if fault else 200)

    def _remote(self, remote: Remote, place: _Place, at_ns: int) -> _Result:
        """Call another service; where the call is not needed its failure is noted and survived."""
        endpoint, span_id = ENDPOINTS[remote.endpoint], self._new_id()
        instance = self._random.choice(INSTANCES[endpoint.service])
        fault = None
        if self._troubles.is_down(instance):
            fault = no_connection(instance.id)
            answered = _Result(at_ns + MILLISECOND)
        else:
            answered = self.serve(endpoint, span_id, at_ns + self._duration_ns(0.4), instance)
        end_ns = answered.end_ns + self._duration_ns(0.4)
        error = fault.message if fault else f"{endpoint.service} answered {answered.status}"
        error = error if fault or answered.failed else ""
        kind = fault.type if fault else str(answered.status) if answered.failed else ""
        found = conventions.client_attributes(endpoint, self._facts, answered.status, kind)
        name = f"{endpoint.rpc}/{endpoint.method}" if endpoint.rpc else endpoint.method
        self._span(place.process, span_id, place.span_id, name, Kind.CLIENT, at_ns, end_ns, found, error, fault)
        status = _NO_ANSWER if fault else answered.status
        if status >= 500:
            self._call_failed(remote, endpoint, place, end_ns, error)
        return _Result(end_ns, status if remote.needed else 0)

    def _call_failed(self, remote: Remote, endpoint: Endpoint, place: _Place, at_ns: int, error: str) -> None:
        severity = Severity.ERROR if remote.needed else Severity.WARN
        text = f"{endpoint.method} {endpoint.route or endpoint.rpc} failed: {error}"
        self._append(place, at_ns, severity, text if remote.needed else f"{text}; going on without it",
                     (("server.address", endpoint.service), ("shop.order.id", self._facts["order"])))  # fmt: skip

    def _span(
        self, process: Process, span_id: bytes, parent_id: bytes, name: str, kind: Kind, start_ns: int, end_ns: int,
        attributes: Attributes, error: str = "", fault: Fault | None = None,
    ) -> None:  # fmt: skip
        self.spans.append(
            Span(process, self._trace_id, span_id, parent_id, name, kind, start_ns, end_ns, attributes, error, fault)
        )

    def _exception(self, place: _Place, at_ns: int, text: str, fault: Fault) -> None:
        self._append(place, at_ns, Severity.ERROR, text, conventions.exception_attributes(fault))

    def _line(self, place: _Place, at_ns: int, severity: Severity, template: str, ms: str = "") -> None:
        facts = {**self._facts, "ms": ms}
        self._append(place, at_ns, severity, template.format(**facts), conventions.fact_attributes(template, facts))

    def _append(self, place: _Place, at_ns: int, severity: Severity, body: str, attributes: Attributes) -> None:
        line = LogLine(place.process, at_ns, severity, body, attributes, self._trace_id, place.span_id)
        self.lines.append(line)

    def _process(self, instance: Instance) -> Process:
        return self._troubles.process(instance)

    def _new_id(self) -> bytes:
        return self._random.getrandbits(64).to_bytes(8, "big")

    def _duration_ns(self, median_ms: float) -> int:
        """Return a duration from a log-normal distribution with a median."""
        return int(self._random.lognormvariate(log(median_ms), 0.35) * MILLISECOND)
