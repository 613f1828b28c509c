"""Whether made-up telemetry is coming in: the console must say so for as long as it does."""

from starlette.types import ASGIApp, Receive, Scope, Send

from backend.clock import Clock

MARK = (b"x-airis-simulation", b"1")
"""The header, as ASGI passes it on, of every request that brings simulated telemetry."""

REMEMBERED_S = 30.0


class SimulationWatch:
    """Remembers when a request with the mark last came in."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: float | None = None

    def around(self, app: ASGIApp) -> ASGIApp:
        """Return the application with every request looked at."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and MARK in scope["headers"]:
                self._last = self._clock.monotonic()
            await app(scope, receive, send)

        return watched

    def is_running(self) -> bool:
        """Tell whether the last such request is less than half a minute old."""
        return self._last is not None and self._clock.monotonic() - self._last < REMEMBERED_S
