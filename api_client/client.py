"""The client: one platform, one resource per signal."""

import ssl
from types import TracebackType
from typing import Self

from api_client.contract.sources import BreakerState
from api_client.resources.alerts import Alerts
from api_client.resources.logs import Logs
from api_client.resources.metrics import Metrics
from api_client.resources.system import System
from api_client.resources.traces import Traces
from api_client.transport import Transport

_SERVICES = ("gateway", "metrics", "logs", "traces", "alerts")


class AirisClient:
    """Typed access to an AIRIS platform at `unix:PATH`, `http://…` or `https://…`.

    Every call has a deadline; reads and writes with an idempotency key are retried with jitter; each service has a
    bound on concurrent calls and a circuit breaker of its own. Failures are `api_client.errors.ApiError`.
    """

    def __init__(
        self, address: str, *, token: str | None = None, verify: ssl.SSLContext | bool = True, retries: int = 3
    ) -> None:
        self.address = address
        self._transport = Transport(address, token=token, verify=verify, retries=retries)
        self.metrics = Metrics(self._transport)
        self.logs = Logs(self._transport)
        self.traces = Traces(self._transport)
        self.alerts = Alerts(self._transport)
        self.system = System(self._transport)

    async def __aenter__(self) -> Self:
        """Open; connections are made when they are needed."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close all connections."""
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._transport.close()

    def breakers(self) -> dict[str, BreakerState]:
        """Return the state of the circuit breaker before each service."""
        return {service: self._transport.breaker(service).state for service in _SERVICES}

    def reset_breakers(self) -> None:
        """Ask every service again at once, as after a reconnect."""
        for service in _SERVICES:
            self._transport.breaker(service).reset()
