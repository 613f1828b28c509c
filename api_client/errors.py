"""What can go wrong with a call, split by what the user can do about it.

ApiError
├── Unreachable        nobody answers at that address: start it, or mend the network
│   └── CircuitOpen    it failed so often that it is left alone for a while
├── TimedOut           no answer within the deadline: ask for less, or try again
├── Refused            who you are, or what you may do: log in, or ask for the role
├── Missing            the thing is not there (any more)
├── Rejected           the request is wrong, or does not fit the state: mend it
│   └── Unsupported    the source behind the platform cannot do the named part
├── Overloaded         the platform is full or a source is down: come back after `retry_after_s`
├── ServerFailed       the platform failed in a way it did not foresee: its log names the request id
└── Malformed          the answer is not of the contract: another product, or another version
"""

from api_client.contract.problems import ErrorDetail


class ApiError(Exception):
    """Any call that did not succeed; `advice` says in one sentence what to do."""

    advice = "Try again."

    def __init__(self, message: str, *, code: str = "", request_id: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.request_id = request_id


class Unreachable(ApiError):
    """Nobody answers at the address."""

    advice = "Check that the platform runs and that its address can be reached: airis doctor."


class CircuitOpen(Unreachable):
    """Calls to this service failed too often; it is asked again after a pause."""

    advice = "It is asked again by itself; the Sources screen shows when."


class TimedOut(ApiError):
    """No answer came within the deadline."""

    advice = "Narrow the time range or the query, or try again."


class Refused(ApiError):
    """The platform does not let this caller do that."""

    advice = "Give the token of this platform, or ask for the role that the action needs."


class Missing(ApiError):
    """The thing asked for is not there."""

    advice = "It may have expired; widen the time range or search again."


class Rejected(ApiError):
    """The request is wrong; `details` name the field or the place in the query."""

    advice = "Mend what the message names."

    def __init__(
        self, message: str, *, code: str = "", request_id: str = "", details: tuple[ErrorDetail, ...] = ()
    ) -> None:
        super().__init__(message, code=code, request_id=request_id)
        self.details = details


class Unsupported(Rejected):
    """The source behind the platform cannot do the named part."""

    advice = "Ask without that part, or ask another source."


class Overloaded(ApiError):
    """The platform or a source cannot take this now."""

    advice = "It is tried again by itself."

    def __init__(self, message: str, *, code: str = "", request_id: str = "", retry_after_s: float = 1.0) -> None:
        super().__init__(message, code=code, request_id=request_id)
        self.retry_after_s = retry_after_s


class ServerFailed(ApiError):
    """The platform met an error that it did not foresee."""

    advice = "Look for the request id in the platform's log."


class Malformed(ApiError):
    """The answer is not of the contract."""

    advice = "Check that the address is that of an AIRIS platform of a matching version."
