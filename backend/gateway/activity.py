"""When the platform was last asked for something: a process started on demand stops when nobody needs it."""

import time

from starlette.types import ASGIApp, Receive, Scope, Send


class Activity:
    """ASGI middleware: counts requests under way and remembers when the last one ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._under_way = 0
        self._last = time.monotonic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; ingest and health do not count as somebody looking."""
        if scope.get("path", "").startswith(("/v1/", "/health")):
            await self._app(scope, receive, send)
            return
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= 1
            self._last = time.monotonic()

    def idle_s(self) -> float:
        """Return seconds since anybody asked; 0 while a request or stream is open."""
        return 0.0 if self._under_way else time.monotonic() - self._last
