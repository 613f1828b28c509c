"""Who may call: nobody over TCP without a token, the owner of the socket file over a Unix socket."""

import hmac
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from api_client.contract.problems import ErrorCode, Problem
from backend.http.problems import problem_response

_OPEN_PATHS = ("/health",)
MIN_TOKEN = 16


class TokenFileInvalid(Exception):
    """The token file cannot serve; the message says why."""


def read_token(path: Path) -> str:
    """Return the token in a file that only its owner can read."""
    try:
        mode = path.stat().st_mode
        token = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise TokenFileInvalid(f"{path}: cannot be read ({error})") from error
    if mode & 0o077:
        raise TokenFileInvalid(f"{path}: others can read it; run chmod 600 on it")
    if len(token) < MIN_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise TokenFileInvalid(f"{path}: a token is one line of at least {MIN_TOKEN} printable characters")
    return token


class RequireToken:
    """ASGI middleware: checks the bearer token of requests that came in over the ports it guards."""

    def __init__(self, app: ASGIApp, token: str | None, guarded_ports: frozenset[int]) -> None:
        self._app = app
        self._token = token.encode() if token else None
        self._guarded = guarded_ports

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in {"http", "websocket"} or not self._needs_token(scope):
            await self._app(scope, receive, send)
            return
        problem = self._check(scope)
        if problem is None:
            await self._app(scope, receive, send)
            return
        response = problem_response(401, problem, {"WWW-Authenticate": 'Bearer realm="airis"'})
        await response(scope, receive, send)

    def _needs_token(self, scope: Scope) -> bool:
        server = scope.get("server")
        return bool(server and server[1] in self._guarded and scope.get("path", "") not in _OPEN_PATHS)

    def _check(self, scope: Scope) -> Problem | None:
        given = dict(scope["headers"]).get(b"authorization", b"")
        scheme, _, token = given.partition(b" ")
        if not token or scheme.lower() != b"bearer":
            message = "this address wants a token: send Authorization: Bearer …"
            return Problem(code=ErrorCode.AUTHENTICATION_REQUIRED, message=message)
        if self._token is None or not hmac.compare_digest(token.strip(), self._token):
            return Problem(code=ErrorCode.INVALID_TOKEN, message="this token is not the one that the platform knows")
        return None
