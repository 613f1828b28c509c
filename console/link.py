"""The way to the platform: found or started after the first frame is painted, and found again when it is lost."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from console.backend_process import LocalPlatform

if TYPE_CHECKING:
    import subprocess

    from api_client.client import AirisClient

START_TIMEOUT_S = 30.0
_POLL_S = 0.1
_LOST_THE_RACE = 3
"""Exit status of a platform that found another one on its data: that one is about to answer."""


class LinkKind(StrEnum):
    """How the console stands with the platform."""

    STARTING = "starting"
    CONNECTED = "connected"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class LinkState:
    """What the console waits for, or that it is connected."""

    kind: LinkKind = LinkKind.STARTING
    text: str = "loading the client"
    hint: str = ""
    simulation: bool = False


class Link(Protocol):
    """Gives the client once the platform answers."""

    name: str
    """What the context is called on the screen."""
    address: str
    """Where the platform is: unix:PATH or a URL."""

    async def connect(self) -> "AirisClient":
        """Return the client; starts what must be started. Raises `ApiError` when there is no way."""
        ...

    async def check(self) -> LinkState:
        """Ask the platform how it does; never raises."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


class PlatformLink:
    """A link to a platform at an address, or to one on this machine that is started when it is not there."""

    def __init__(
        self, address: str = "", *, token_file: str = "", local: LocalPlatform | None = None, name: str = ""
    ) -> None:
        self._local = local
        self.address = local.address if local else address
        self._token_file = token_file
        self._client: AirisClient | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self.name = name or ("local" if local else _host_of(address))

    async def connect(self) -> "AirisClient":
        """Return the client; a platform on this machine is started when nobody answers on its socket."""
        client = await self._loaded()
        if self._local and not await asyncio.to_thread(self._local.answers):
            await self._start(self._local)
            client.reset_breakers()
        return client

    async def check(self) -> LinkState:
        """Ask the platform for its health, starting it again where it is ours and gone."""
        await asyncio.to_thread(_import_client)
        from api_client.errors import ApiError

        try:
            client = await self.connect()
            health = await client.system.health()
        except ApiError as error:
            return LinkState(LinkKind.LOST, error.message, error.advice)
        return LinkState(LinkKind.CONNECTED, "", simulation=health.simulation)

    async def close(self) -> None:
        """Close the connections; the platform goes on."""
        if self._client:
            await self._client.close()

    async def _loaded(self) -> "AirisClient":
        if self._client is None:
            make = await asyncio.to_thread(_import_client)
            token = await asyncio.to_thread(_token, self._token_file)
            if self._client is None:
                self._client = make(self.address, token=token)
        return self._client

    async def _start(self, local: LocalPlatform) -> None:
        """Start the platform and wait until it answers; raise `Unreachable` with its last words when it does not."""
        from api_client.errors import Unreachable

        if self._child is None or self._child.poll() is not None:
            self._child = await asyncio.to_thread(local.start)
        waited = 0.0
        while not await asyncio.to_thread(local.answers):
            status = self._child.poll()
            if status not in {None, _LOST_THE_RACE} and not await asyncio.to_thread(local.answers):
                words = await asyncio.to_thread(local.last_words)
                raise Unreachable(f"the platform on this machine stopped with status {status}: {words}")
            if waited >= START_TIMEOUT_S:
                raise Unreachable(f"the platform on this machine does not answer after {START_TIMEOUT_S:.0f} s")
            await asyncio.sleep(_POLL_S)
            waited += _POLL_S


def _import_client() -> "type[AirisClient]":
    """Load the client with all it needs; in a thread, so that the screen stays alive meanwhile."""
    from api_client.client import AirisClient

    return AirisClient


def _token(file: str) -> str | None:
    from api_client.errors import Refused

    if not file:
        return None
    try:
        return Path(file).expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"the token file {file} cannot be read: {error}") from error


def _host_of(address: str) -> str:
    return address.split("//", 1)[-1].split("/", 1)[0] or address
