"""The platform's error tree, split by what the caller can do about it.

PlatformError
├── InvalidRequest      the request is wrong: mend it            400
│   └── QueryInvalid    a query is wrong at a known position      400
├── NotFound            the thing is not there                    404
├── Conflict            the state does not allow it               409
├── Overloaded          the platform is full: come back later     429
├── NotSupported        this engine cannot do that part           400
└── Unavailable         a source or service does not answer       503
"""

from api_client.contract.problems import ErrorCode, ErrorDetail


class PlatformError(Exception):
    """Any refusal or failure that the platform explains to its caller."""

    status = 500
    code = ErrorCode.INTERNAL_SERVER_ERROR

    def __init__(self, message: str, *, code: ErrorCode | None = None, details: tuple[ErrorDetail, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.details = details


class InvalidRequest(PlatformError):
    """The request is wrong; the message says what to change."""

    status = 400
    code = ErrorCode.INVALID_REQUEST


class QueryInvalid(InvalidRequest):
    """A query is wrong between two character positions."""

    code = ErrorCode.QUERY_ERROR

    def __init__(self, message: str, *, start: int = 0, end: int | None = None, code: ErrorCode | None = None) -> None:
        detail = ErrorDetail(field="query", message=message, start=start, end=end)
        super().__init__(message, code=code, details=(detail,))


class NotFound(PlatformError):
    """The thing asked for is not there."""

    status = 404
    code = ErrorCode.RESOURCE_NOT_FOUND


class Conflict(PlatformError):
    """The present state does not allow it."""

    status = 409
    code = ErrorCode.CONFLICT


class Overloaded(PlatformError):
    """A bounded queue is full; `retry_after_s` says when to come back."""

    status = 429
    code = ErrorCode.RATE_LIMIT_EXCEEDED

    def __init__(self, message: str, *, retry_after_s: int = 1) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class NotSupported(PlatformError):
    """The engine cannot do the named part; the answer is never silently wider."""

    status = 400
    code = ErrorCode.NOT_SUPPORTED


class Unavailable(PlatformError):
    """A source or service does not answer now."""

    status = 503
    code = ErrorCode.SOURCE_UNAVAILABLE
