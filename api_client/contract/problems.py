"""What an error looks like on the wire."""

from enum import StrEnum

from api_client.contract.base import Answer


class ErrorCode(StrEnum):
    """The closed set of error codes of AIRIS EPM, and the three that this platform adds (at the end)."""

    INVALID_REQUEST = "INVALID_REQUEST"
    VALIDATION_ERROR = "VALIDATION_ERROR"
    AUTHENTICATION_REQUIRED = "AUTHENTICATION_REQUIRED"
    INVALID_TOKEN = "INVALID_TOKEN"
    TOKEN_EXPIRED = "TOKEN_EXPIRED"
    INSUFFICIENT_PERMISSIONS = "INSUFFICIENT_PERMISSIONS"
    RESOURCE_NOT_FOUND = "RESOURCE_NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    CONFLICT = "CONFLICT"
    RATE_LIMIT_EXCEEDED = "RATE_LIMIT_EXCEEDED"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"
    SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE"
    INVALID_METRIC_NAME = "INVALID_METRIC_NAME"
    INVALID_METRIC_VALUE = "INVALID_METRIC_VALUE"
    INVALID_TIMESTAMP = "INVALID_TIMESTAMP"
    INVALID_LABELS = "INVALID_LABELS"
    METRIC_NOT_FOUND = "METRIC_NOT_FOUND"
    INVALID_LOG_LEVEL = "INVALID_LOG_LEVEL"
    INVALID_LOG_FORMAT = "INVALID_LOG_FORMAT"
    SEARCH_QUERY_ERROR = "SEARCH_QUERY_ERROR"
    INVALID_ALERT_RULE = "INVALID_ALERT_RULE"
    RULE_NOT_FOUND = "RULE_NOT_FOUND"
    CHANNEL_NOT_FOUND = "CHANNEL_NOT_FOUND"
    NOTIFICATION_FAILED = "NOTIFICATION_FAILED"
    QUERY_ERROR = "QUERY_ERROR"
    SOURCE_UNAVAILABLE = "SOURCE_UNAVAILABLE"
    NOT_SUPPORTED = "NOT_SUPPORTED"


class ErrorDetail(Answer):
    """One thing that is wrong, and where: a field path, or a character span of the query."""

    field: str = ""
    message: str = ""
    start: int | None = None
    end: int | None = None


class Problem(Answer):
    """The error of a refused or failed call."""

    code: ErrorCode
    message: str
    details: tuple[ErrorDetail, ...] = ()
    trace_id: str | None = None
