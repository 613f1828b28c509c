"""The envelope around every answer, and what it says of completeness."""

from datetime import datetime
from typing import Generic, TypeVar

from api_client.contract.base import Answer
from api_client.contract.problems import Problem

T = TypeVar("T")


class SourceOutcome(Answer):
    """How one source did in an answer that spans several."""

    name: str
    kind: str
    ok: bool
    error: str | None = None
    took_ms: float = 0.0


class Meta(Answer):
    """What an answer leaves out: `partial` when a source is missing, `truncated` when a limit cut it."""

    sources: tuple[SourceOutcome, ...] = ()
    partial: bool = False
    truncated: bool = False
    unsupported: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Pagination(Answer):
    """Where a page lies in the whole; `total` is None where counting would cost more than it tells."""

    page: int
    size: int
    total: int | None = None
    has_next: bool = False
    cursor: str | None = None


class Envelope(Answer, Generic[T]):
    """A successful answer."""

    success: bool = True
    data: T
    message: str | None = None
    timestamp: datetime
    request_id: str
    pagination: Pagination | None = None
    meta: Meta | None = None


class ErrorEnvelope(Answer):
    """A refused or failed answer."""

    success: bool = False
    error: Problem
    timestamp: datetime
    request_id: str
