"""Errors as answers: whatever goes wrong, the caller gets the error envelope and a status of the contract."""

import logging
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from opentelemetry import trace
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api_client.contract.answers import ErrorEnvelope
from api_client.contract.problems import ErrorCode, ErrorDetail, Problem
from backend.errors import Overloaded, PlatformError
from backend.http import request_id
from backend.http.answers import JsonText, dump

log = logging.getLogger("airis.http")

_BY_STATUS = {
    400: ErrorCode.INVALID_REQUEST,
    401: ErrorCode.AUTHENTICATION_REQUIRED,
    403: ErrorCode.INSUFFICIENT_PERMISSIONS,
    404: ErrorCode.RESOURCE_NOT_FOUND,
    405: ErrorCode.METHOD_NOT_ALLOWED,
    409: ErrorCode.CONFLICT,
    413: ErrorCode.INVALID_REQUEST,
    429: ErrorCode.RATE_LIMIT_EXCEEDED,
    503: ErrorCode.SERVICE_UNAVAILABLE,
}

DOCUMENTED: dict[int | str, dict[str, object]] = {
    status: {"model": ErrorEnvelope, "description": code.value.replace("_", " ").capitalize()}
    for status, code in sorted(_BY_STATUS.items())
}
"""The error answers that every operation may give, for OpenAPI."""


def problem_response(status: int, problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """Return the error envelope for a problem."""
    span = trace.get_current_span().get_span_context()
    known = problem.model_copy(update={"trace_id": format(span.trace_id, "032x")}) if span.is_valid else problem
    envelope = ErrorEnvelope(error=known, timestamp=datetime.now(UTC), request_id=request_id.current())
    return JsonText(dump(envelope), status_code=status, headers=headers)


def of_platform(error: PlatformError) -> Response:
    """Return the answer for an error that the platform explains."""
    headers = {"Retry-After": str(error.retry_after_s)} if isinstance(error, Overloaded) else None
    return problem_response(
        error.status, Problem(code=error.code, message=error.message, details=error.details), headers
    )


def install(app: FastAPI) -> None:
    """Make an application answer every error in the platform's form."""
    app.add_exception_handler(PlatformError, _platform_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unforeseen)


async def _platform_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, PlatformError)
    return of_platform(error)


async def _validation_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    details = tuple(
        ErrorDetail(field=".".join(str(part) for part in item["loc"]), message=item["msg"])
        for item in error.errors()[:20]
    )
    first = f"{details[0].field}: {details[0].message}" if details else "the request does not fit its schema"
    return problem_response(400, Problem(code=ErrorCode.VALIDATION_ERROR, message=first, details=details))


async def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _BY_STATUS.get(error.status_code, ErrorCode.INVALID_REQUEST)
    headers = dict(error.headers) if error.headers else None
    return problem_response(error.status_code, Problem(code=code, message=str(error.detail)), headers)


async def _unforeseen(request: Request, error: Exception) -> Response:
    log.exception("unforeseen error on %s %s", request.method, request.url.path, exc_info=error)
    message = "the platform met an error it did not foresee; its log names this request id"
    return problem_response(500, Problem(code=ErrorCode.INTERNAL_SERVER_ERROR, message=message))
