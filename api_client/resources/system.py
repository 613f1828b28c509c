"""The platform itself: its health and its sources."""

from api_client.contract.sources import Health, Source
from api_client.transport import Call, Transport


class System:
    """Calls of the gateway."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def health(self) -> Health:
        """Return that the platform runs, and how it calls itself."""
        return (await self._transport.call(Call("gateway", "GET", "/health"), Health)).data

    async def sources(self) -> list[Source]:
        """Return every source with health, lag and last error."""
        return (await self._transport.call(Call("gateway", "GET", "/api/v1/sources"), list[Source])).data
