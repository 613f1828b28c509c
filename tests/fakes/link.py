"""A link to the fake client, in any state."""

import asyncio

from console.link import LinkKind, LinkState
from tests.fakes.client import FakeClient


class FakeLink:
    name = "test"
    address = "unix:/nowhere"

    def __init__(self, client: FakeClient | None = None, state: LinkState | None = None) -> None:
        self.client = client or FakeClient()
        self.state = state or LinkState(LinkKind.CONNECTED, "")
        self.closed = False

    async def connect(self):
        if self.state.kind is LinkKind.STARTING:
            await asyncio.Event().wait()
        if self.state.kind is not LinkKind.CONNECTED:
            from api_client.errors import Unreachable

            error = Unreachable(self.state.text)
            error.advice = self.state.hint
            raise error
        return self.client

    async def check(self) -> LinkState:
        return self.state

    async def close(self) -> None:
        self.closed = True
