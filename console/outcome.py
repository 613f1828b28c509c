"""What a request came to: facts, or a failure told so that the user knows what to do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there are no facts: what happened, and what to do; both cleaned."""

    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Facts(Generic[T]):
    """What was found, and when."""

    value: T
    at_s: float


Outcome = Facts[T] | Failure


async def settle(ask: Callable[[], Awaitable[T]], now_s: float) -> "Outcome[T]":
    """Return what a call came to; errors of the client become failures, anything else is a fault of ours and rises."""
    from api_client.errors import ApiError

    try:
        return Facts(await ask(), now_s)
    except ApiError as error:
        return failure_of(error)


def failure_of(error: Exception) -> Failure:
    """Return an error of the client as a failure."""
    from widgets.text import clean

    return Failure(clean(str(error), 500), clean(getattr(error, "advice", ""), 200))


def place_of(error: Exception, length: int) -> tuple[int, int]:
    """Return where in a query of that length a refused request is wrong; all of it where the platform does not say."""
    details = getattr(error, "details", ())
    if not details or details[0].start is None:
        return 0, length
    return details[0].start, details[0].end if details[0].end is not None else length
