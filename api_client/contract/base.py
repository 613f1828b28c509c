"""The two kinds of wire value, and the label and time types that all signals share."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Labels = dict[str, str]
"""Label or attribute names to values; treat as read-only."""

Timestamp = AwareDatetime
"""An instant with its zone, ISO 8601 on the wire, UTC when the platform writes it."""


class Request(BaseModel):
    """What a caller sends: frozen, and an unknown field is an error that names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(BaseModel):
    """What the platform answers: frozen, and a field added by a newer platform is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class TimeRange(Answer):
    """A half-open interval of time: start ≤ t < end."""

    start: datetime
    end: datetime


class ItemError(Answer):
    """Why one item of a batch was rejected."""

    index: int
    code: str
    message: str


class BatchResult(Answer):
    """What became of a batch: accepted items are on disk."""

    accepted: int
    rejected: int
    batch_id: str
    errors: tuple[ItemError, ...] = ()


class Queued(Answer):
    """A single item that is stored."""

    id: str
    queued: bool = True


Limit = Annotated[int, Field(ge=1, le=1000)]
"""A page size: the platform never answers more than 1,000 items at once."""
