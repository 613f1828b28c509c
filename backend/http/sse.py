"""Server-sent events as the platform writes them: id, event, one line of JSON."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from pydantic import BaseModel
from starlette.responses import StreamingResponse

from backend.http.answers import dump


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event; None as data is a comment that keeps the line open."""

    event: str = ""
    data: BaseModel | None = None
    id: str = ""

    def encode(self) -> bytes:
        """Return the bytes of the event on the wire."""
        if self.data is None:
            return b": still here\n\n"
        head = (f"id: {self.id}\n" if self.id else "") + f"event: {self.event}\ndata: "
        return head.encode() + dump(self.data) + b"\n\n"


def event_stream(events: AsyncIterator[ServerEvent]) -> StreamingResponse:
    """Return a response that sends events as they come."""

    async def encoded() -> AsyncIterator[bytes]:
        yield b"retry: 1000\n\n"
        async for event in events:
            yield event.encode()

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(encoded(), media_type="text/event-stream", headers=headers)
