"""The id that names one request in answers, errors and traces."""

import re
import secrets
from contextvars import ContextVar

HEADER = "x-request-id"
_ACCEPTABLE = re.compile(r"^[A-Za-z0-9._-]{1,64}$")
_current: ContextVar[str] = ContextVar("request_id", default="")


def adopt(offered: str) -> str:
    """Take the caller's id where it is harmless, else make one; it stays current for this request."""
    chosen = offered if _ACCEPTABLE.match(offered) else secrets.token_hex(8)
    _current.set(chosen)
    return chosen


def current() -> str:
    """Return the id of the request being answered."""
    return _current.get() or secrets.token_hex(8)
