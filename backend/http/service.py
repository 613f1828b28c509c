"""What every service application has: health, errors in the platform's form, traces of its requests."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, FastAPI
from opentelemetry.trace import Tracer
from starlette.responses import Response

from api_client.contract.answers import Envelope
from api_client.contract.sources import Health
from backend.clock import Clock
from backend.errors import Unavailable
from backend.http import problems
from backend.http.answers import answer
from backend.http.tracing import TraceRequests
from backend.version import VERSION

Readiness = Callable[[], str | None]
"""Says why a service is not ready; None when it is."""


def service_app(
    name: str,
    *,
    clock: Clock,
    tracer: Tracer | None,
    routers: tuple[APIRouter, ...],
    readiness: Readiness = lambda: None,
    simulation: Callable[[], bool] = lambda: False,
) -> FastAPI:
    """Return the application of one service."""
    app = FastAPI(
        title=f"AIRIS {name}",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        responses=problems.DOCUMENTED,
    )
    app.state.clock = clock
    problems.install(app)
    app.include_router(_health(name, clock, readiness, simulation))
    for router in routers:
        app.include_router(router)
    if tracer:
        app.add_middleware(TraceRequests, tracer=tracer)
    return app


def _health(name: str, clock: Clock, readiness: Readiness, simulation: Callable[[], bool]) -> APIRouter:
    router = APIRouter(tags=["health"])
    started = clock.monotonic()

    def health(status: str) -> Health:
        uptime_s = round(clock.monotonic() - started, 3)
        return Health(status=status, service=name, version=VERSION, uptime_s=uptime_s, simulation=simulation())

    @router.get("/health", response_model=Envelope[Health], operation_id=f"{name}_live")
    async def live() -> Response:
        """Say that this service runs."""
        return answer(health("live"))

    @router.get("/health/ready", response_model=Envelope[Health], operation_id=f"{name}_ready")
    async def ready() -> Response:
        """Say that this service can answer questions, or why it cannot."""
        if (reason := readiness()) is not None:
            raise Unavailable(reason)
        return answer(health("ready"))

    return router


def documented(*apps: FastAPI) -> dict[str, Any]:
    """Return one OpenAPI document for several services, without the status 422 that the platform never sends."""
    merged: dict[str, Any] = {}
    for app in apps:
        document = app.openapi()
        if not merged:
            merged = {**document, "paths": {}, "components": {"schemas": {}}}
        for path, operations in document["paths"].items():
            for operation in operations.values():
                operation.get("responses", {}).pop("422", None)
            merged["paths"].setdefault(path, operations)
        merged["components"]["schemas"].update(document.get("components", {}).get("schemas", {}))
    for unused in ("HTTPValidationError", "ValidationError"):
        merged["components"]["schemas"].pop(unused, None)
    return merged
