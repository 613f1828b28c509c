"""From the bytes of an HTTP answer to a value of the contract, or to the error that it means."""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from api_client.contract.answers import Envelope, ErrorEnvelope
from api_client.contract.problems import ErrorCode, Problem
from api_client.errors import ApiError, Malformed, Missing, Overloaded, Refused, Rejected, ServerFailed, Unsupported

T = TypeVar("T")
_adapters: dict[Any, TypeAdapter[Any]] = {}


def decode(body: bytes, model: type[T]) -> Envelope[T]:
    """Return the envelope of a success; anything else raises `Malformed`."""
    adapter = _adapters.get(model)
    if adapter is None:
        adapter = _adapters[model] = _envelope_of(model)
    try:
        found: Envelope[T] = adapter.validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Malformed(f"the answer is not of the contract: {where or 'body'}: {first['msg']}") from error
    return found


def _envelope_of(model: Any) -> TypeAdapter[Any]:
    """Return what validates an envelope around a model known at run time only."""
    return TypeAdapter(Envelope[model])


def error_of(status: int, body: bytes, retry_after: str | None) -> ApiError:
    """Return the error that an unsuccessful answer means."""
    try:
        envelope = ErrorEnvelope.model_validate_json(body)
    except ValidationError:
        return _by_status(status)
    return _by_problem(status, envelope.error, envelope.request_id, _seconds(retry_after))


def _by_problem(status: int, problem: Problem, request_id: str, retry_after_s: float) -> ApiError:
    code, message = problem.code.value, problem.message
    if status in {401, 403}:
        return Refused(message, code=code, request_id=request_id)
    if status == 404:
        return Missing(message, code=code, request_id=request_id)
    if status in {429, 503}:
        return Overloaded(message, code=code, request_id=request_id, retry_after_s=retry_after_s)
    if status >= 500:
        return ServerFailed(message, code=code, request_id=request_id)
    kind = Unsupported if problem.code is ErrorCode.NOT_SUPPORTED else Rejected
    return kind(message, code=code, request_id=request_id, details=problem.details)


def _by_status(status: int) -> ApiError:
    """Return an error for an answer that is not the platform's own, such as a proxy's page."""
    message = f"HTTP {status} without the platform's error body"
    if status in {401, 403}:
        return Refused(message)
    if status in {429, 502, 503, 504}:
        return Overloaded(message)
    return Malformed(message)


def _seconds(retry_after: str | None) -> float:
    try:
        return min(60.0, max(0.0, float(retry_after or 1.0)))
    except ValueError:
        return 1.0
