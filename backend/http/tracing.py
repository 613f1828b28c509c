"""The platform's own requests as traces, through the OpenTelemetry SDK."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol

from opentelemetry.context import attach, detach
from opentelemetry.propagate import extract
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, StatusCode, Tracer
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.version import VERSION

_QUIET = ("/health", "/v1/", "/prometheus/api/v1/write")
_STREAM = "/stream"


class SpanSink(Protocol):
    """Takes finished spans from the exporter's thread; the future fails when they could not be stored."""

    def put(self, spans: Sequence[ReadableSpan]) -> "Future[None]":
        """Store spans."""
        ...


class IntakeExporter(SpanExporter):
    """Hands the platform's own spans to its own store, without a request that would be traced again."""

    def __init__(self, sink: SpanSink) -> None:
        self._sink = sink

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Store a batch; a refusal is reported to the SDK, which counts it."""
        try:
            self._sink.put(spans).result(timeout=5)
        except Exception:
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS


class Telemetry:
    """One tracer per service of the platform, all exporting into the same sink."""

    def __init__(self, exporter: SpanExporter | None) -> None:
        self._exporter = exporter
        self._providers: list[TracerProvider] = []

    def tracer(self, service: str) -> Tracer:
        """Return the tracer of a service, named `airis-<service>` in its resource."""
        resource = Resource.create({"service.name": f"airis-{service}", "service.version": VERSION})
        provider = TracerProvider(resource=resource, span_limits=SpanLimits(max_attribute_length=512))
        if self._exporter:
            provider.add_span_processor(BatchSpanProcessor(self._exporter, schedule_delay_millis=1000))
        self._providers.append(provider)
        return provider.get_tracer("airis", VERSION)

    def close(self) -> None:
        """Send what is left and stop the exporter's threads."""
        for provider in self._providers:
            provider.shutdown()


class TraceRequests:
    """ASGI middleware: one server span for each request, except health, ingest and streams."""

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request inside a span."""
        path = scope.get("path", "")
        if scope["type"] != "http" or path.startswith(_QUIET) or _STREAM in path:
            await self._app(scope, receive, send)
            return
        carrier = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        token = attach(extract(carrier)) if "traceparent" in carrier else None
        try:
            await self._traced(scope, receive, send)
        finally:
            if token is not None:
                detach(token)

    async def _traced(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        with self._tracer.start_as_current_span(f"{method} {scope['path']}", kind=SpanKind.SERVER) as span:
            span.set_attribute("http.request.method", method)
            span.set_attribute("url.path", scope["path"])

            async def noting(message: Message) -> None:
                if message["type"] == "http.response.start":
                    status = message["status"]
                    span.set_attribute("http.response.status_code", status)
                    route = scope.get("route")
                    if path := getattr(route, "path", ""):
                        span.update_name(f"{method} {path}")
                        span.set_attribute("http.route", path)
                    if status >= 500:
                        span.set_status(StatusCode.ERROR, f"HTTP {status}")
                await send(message)

            await self._app(scope, receive, noting)
