"""The composition root of a platform process: the one place that names concrete engines."""

import asyncio
import logging
import socket
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from api_client.contract.sources import Signal
from backend.alerts.service import AlertService
from backend.clock import Clock
from backend.engines.embedded.directory_lock import DirectoryLock
from backend.engines.embedded.retention import Retention
from backend.engines.embedded.store import EmbeddedStore
from backend.engines.remote import RemoteLogs, RemoteMetrics, RemotePeer
from backend.gateway.activity import Activity
from backend.gateway.app import Dispatcher, NameRequests, gateway_app
from backend.gateway.identity import RequireToken, read_token
from backend.gateway.own_telemetry import OwnLog, OwnSpans
from backend.gateway.remote import RemoteService
from backend.gateway.simulation import SimulationWatch
from backend.gateway.sources import Reporter, StoreReporter
from backend.host.collector import HostCollector
from backend.host.watch import HostWatch
from backend.http.service import service_app
from backend.http.tracing import IntakeExporter, Telemetry, TraceRequests
from backend.ingest.feeds import Feed
from backend.ingest.routes import otlp_routes, remote_write_routes
from backend.logs.routes import log_routes
from backend.metrics.prometheus_api import prometheus_routes
from backend.metrics.routes import metric_routes
from backend.settings import ServeSettings
from backend.traces.routes import trace_routes

log = logging.getLogger("airis")

_STORED = {"metrics", "logs", "traces"}


@dataclass(slots=True)
class Platform:
    """A wired process: one ASGI application, and what has to run beside it."""

    app: ASGIApp
    activity: Activity
    tasks: list[Coroutine[Any, Any, None]]
    otlp_feed: Feed | None
    services: dict[str, FastAPI]
    closing: list[Any] = field(default_factory=list)

    async def close(self) -> None:
        """Stop what was opened, last things first; everything acknowledged is on disk already."""
        for close in reversed(self.closing):
            done = close()
            if asyncio.iscoroutine(done):
                await done


def build(settings: ServeSettings, clock: Clock, guarded_ports: frozenset[int]) -> Platform:
    """Wire a process from its settings; must be called on the running event loop."""
    return _Builder(settings, clock).build(guarded_ports)


class _Builder:
    """Puts the parts together, in the order in which they need each other."""

    def __init__(self, settings: ServeSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._token = read_token(settings.token_file) if settings.token_file else None
        self._host = socket.gethostname() or "localhost"
        self._reporters: list[Reporter] = []
        self._tasks: list[Coroutine[Any, Any, None]] = []
        self._closing: list[Any] = []
        self._services: dict[str, FastAPI] = {}
        self._prefixes: dict[str, ASGIApp] = {}
        self._store: EmbeddedStore | None = None
        self._telemetry = Telemetry(None)
        self._otlp_feed: Feed | None = None
        self._simulation = SimulationWatch(clock)

    def build(self, guarded_ports: frozenset[int]) -> Platform:
        only = self._settings.only
        self._settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if only & _STORED:
            self._open_store()
        else:
            lock = DirectoryLock(self._settings.data)
            self._closing.append(lock.close)
        self._telemetry_services()
        if "alerts" in only:
            self._alerts()
        self._peers()
        self._host_sources()
        app: ASGIApp = self._front()
        activity = Activity(app)
        app = NameRequests(RequireToken(self._simulation.around(activity), self._token, guarded_ports))
        return Platform(app, activity, self._tasks, self._otlp_feed, self._services, self._closing)

    def _open_store(self) -> None:
        settings = self._settings
        retention = Retention(max_age_s=settings.retention_days * 86_400, max_bytes=int(settings.retention_gib * 2**30))
        store = EmbeddedStore.open(settings.data, clock=self._clock, retention=retention)
        self._store = store
        self._closing.append(store.close)
        signals = [signal for signal in Signal if signal.value in settings.only]
        self._reporters.append(StoreReporter(store, settings.data, self._clock, signals))
        own = self._feed("airis", "self", "the platform's own requests and log")
        self._telemetry = Telemetry(IntakeExporter(OwnSpans(own, asyncio.get_running_loop())))
        self._closing.append(self._telemetry.close)
        own_log = OwnLog(own, self._host)
        logging.getLogger("airis").addHandler(own_log)
        self._closing.append(lambda: logging.getLogger("airis").removeHandler(own_log))
        self._tasks.append(own_log.run())

    def _feed(self, name: str, kind: str, detail: str) -> Feed:
        assert self._store
        feed = Feed(name, kind, self._store.intake, self._clock, detail)
        self._reporters.append(feed)
        return feed

    def _telemetry_services(self) -> None:
        store, clock = self._store, self._clock
        if store is None:
            return
        api = self._feed("api", "api", "the platform's own ingest calls")
        routers = {
            "metrics": lambda: metric_routes(store.metrics, api, clock),
            "logs": lambda: log_routes(store.logs, api, store.log_arrivals, clock),
            "traces": lambda: trace_routes(store.traces, api, clock),
        }
        for name in ("metrics", "logs", "traces"):
            if name in self._settings.only:
                tracer = self._telemetry.tracer(name)
                self._services[name] = service_app(name, clock=clock, tracer=tracer, routers=(routers[name](),))
                self._prefixes[f"/api/v1/{name}"] = self._services[name]
        if "metrics" in self._services:
            self._services["metrics"].router.routes.extend(prometheus_routes(store.metrics, clock))
            self._prefixes["/prometheus/api/v1"] = self._services["metrics"]
        self._ingest()

    def _ingest(self) -> None:
        address = f"OTLP/HTTP on {self._settings.otlp}" if self._settings.otlp else "OTLP/HTTP on the API's address"
        self._otlp_feed = self._feed("otlp", "otlp", address)
        self._prefixes["/v1"] = Starlette(routes=otlp_routes(self._otlp_feed, self._clock))
        if "metrics" in self._settings.only:
            write = self._feed("remote-write", "prometheus", "Prometheus remote write on /prometheus/api/v1/write")
            routes = [
                Route(f"/prometheus/api/v1{route.path}", route.endpoint, methods=["POST"])
                for route in remote_write_routes(write, self._clock)
            ]
            self._prefixes["/prometheus/api/v1/write"] = Starlette(routes=routes)

    def _alerts(self) -> None:
        store = self._store
        metrics = store.metrics if store and "metrics" in self._settings.only else RemoteMetrics(self._peer("metrics"))
        logs = store.logs if store and "logs" in self._settings.only else RemoteLogs(self._peer("logs"))
        service = AlertService(metrics, logs, self._settings.database, self._settings.data, self._clock)
        self._closing.append(service.close)
        self._reporters.append(service)
        self._tasks.append(service.run())
        self._services["alerts"] = service_app(
            "alerts", clock=self._clock, tracer=self._telemetry.tracer("alerts"), routers=(service.routes(),)
        )
        self._prefixes["/api/v1/alerts"] = self._services["alerts"]

    def _peer(self, name: str) -> RemotePeer:
        return RemotePeer(name, self._settings.peers[name], self._token)

    def _peers(self) -> None:
        for name, address in self._settings.peers.items():
            if name not in self._services:
                remote = RemoteService(name, address, self._token)
                self._prefixes[f"/api/v1/{name}"] = remote
                self._closing.append(remote.close)
                if name == "metrics":
                    self._prefixes["/prometheus/api/v1"] = remote

    def _host_sources(self) -> None:
        if self._store is None:
            return
        if self._settings.host and "metrics" in self._settings.only:
            feed = self._feed("host", "host", f"metrics of {self._host} under node_exporter's names")
            self._tasks.append(HostCollector(feed, self._clock).run())
        if "logs" in self._settings.only:
            watch = HostWatch(self._settings, self._store.intake, self._clock, self._host)
            self._reporters.append(watch)
            self._tasks.extend(watch.tasks())

    def _front(self) -> ASGIApp:
        """Return the gateway; for a process without one, its first service answers what no path names."""
        if "gateway" in self._settings.only:
            tracer = self._telemetry.tracer("gateway")
            gateway = gateway_app(
                self._clock, self._reporters, list(self._services.values()), self._simulation.is_running
            )
            return TraceRequests(Dispatcher(self._prefixes, gateway), tracer)
        first: ASGIApp = next(iter(self._services.values()))
        return Dispatcher(self._prefixes, first)
