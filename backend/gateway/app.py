"""One address for everything: requests go to the service, ingest or surface that their path names."""

from collections.abc import Callable, Sequence

from fastapi import APIRouter, FastAPI
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api_client.contract.answers import Envelope
from api_client.contract.sources import Source
from backend.clock import Clock
from backend.gateway.sources import Reporter
from backend.http import request_id
from backend.http.answers import JsonText, answer
from backend.http.service import documented, service_app


def gateway_app(
    clock: Clock,
    reporters: Sequence[Reporter],
    services: Sequence[FastAPI],
    simulation: Callable[[], bool] = lambda: False,
) -> FastAPI:
    """Return the gateway's own application: its health, the sources, and the OpenAPI of all services."""
    router = APIRouter(tags=["gateway"])

    @router.get("/api/v1/sources", response_model=Envelope[list[Source]])
    async def sources() -> Response:
        """List every source with health, lag and last error."""
        return answer([source for reporter in reporters for source in reporter.sources()])

    app = service_app("gateway", clock=clock, tracer=None, routers=(router,), simulation=simulation)
    own = app.openapi
    document: dict[str, bytes] = {}

    @app.get("/api/v1/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        """Return the OpenAPI document of the whole platform."""
        if "json" not in document:
            import orjson

            own()
            document["json"] = orjson.dumps(documented(app, *services))
        return JsonText(document["json"])

    return app


class Dispatcher:
    """Sends a request to the application with the longest matching path prefix."""

    def __init__(self, by_prefix: dict[str, ASGIApp], otherwise: ASGIApp) -> None:
        self._by_prefix = sorted(by_prefix.items(), key=lambda item: -len(item[0]))
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = scope.get("path", "")
        for prefix, app in self._by_prefix:
            if path == prefix or path.startswith(f"{prefix}/"):
                await app(scope, receive, send)
                return
        await self._otherwise(scope, receive, send)


class NameRequests:
    """ASGI middleware: gives each request its id and returns it in the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request under its id."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        offered = dict(scope["headers"]).get(request_id.HEADER.encode(), b"").decode("latin-1")
        chosen = request_id.adopt(offered).encode()

        async def naming(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (request_id.HEADER.encode(), chosen)]
            await send(message)

        await self._app(scope, receive, naming)
