"""A service that runs in another process: requests pass through, streams as they come."""

from collections.abc import AsyncIterator

import httpx
from opentelemetry.propagate import inject
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from api_client.contract.problems import ErrorCode, Problem
from backend.http import request_id
from backend.http.problems import problem_response

_HOP_BY_HOP = {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
               "transfer-encoding", "upgrade", "host", "content-length", "authorization"}  # fmt: skip
_CONNECT_S = 3.0
_READ_S = 35.0


class RemoteService:
    """An ASGI application that forwards to a service by its address."""

    def __init__(self, name: str, address: str, token: str | None = None) -> None:
        self.name = name
        self.address = address
        self._token = token
        self._client = httpx.AsyncClient(base_url=address, timeout=httpx.Timeout(_READ_S, connect=_CONNECT_S))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward one request."""
        if scope["type"] == "http":
            response = await self._forward(Request(scope, receive))
            await response(scope, receive, send)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _forward(self, request: Request) -> Response:
        headers = {name: value for name, value in request.headers.items() if name not in _HOP_BY_HOP}
        headers[request_id.HEADER] = request_id.current()
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        inject(headers)
        body = request.stream() if request.method in {"POST", "PUT", "PATCH"} else None
        url = httpx.URL(path=request.url.path, query=request.url.query.encode())
        outgoing = self._client.build_request(request.method, url, headers=headers, content=body)
        try:
            answered = await self._client.send(outgoing, stream=True)
        except httpx.TransportError as error:
            message = f"the {self.name} service at {self.address} does not answer: {type(error).__name__}"
            return problem_response(503, Problem(code=ErrorCode.SERVICE_UNAVAILABLE, message=message))
        kept = {name: value for name, value in answered.headers.items() if name not in _HOP_BY_HOP}
        return StreamingResponse(
            _chunks(answered),
            status_code=answered.status_code,
            headers=kept,
            background=BackgroundTask(answered.aclose),
        )


async def _chunks(answered: httpx.Response) -> AsyncIterator[bytes]:
    async for chunk in answered.aiter_raw():
        yield chunk
