"""The success envelope as a response; data are serialised once, by their own models."""

from datetime import UTC, datetime
from typing import TypeVar

from pydantic import BaseModel
from starlette.responses import Response

from api_client.contract.answers import Envelope, Meta, Pagination
from backend.http import request_id

T = TypeVar("T")


class JsonText(Response):
    """A response whose body is JSON text already."""

    media_type = "application/json"


def answer(
    data: T, *, status: int = 200, pagination: Pagination | None = None, meta: Meta | None = None, message: str = ""
) -> Response:
    """Wrap data, already of the contract, in the envelope of a success."""
    envelope = Envelope[object].model_construct(
        success=True,
        data=data,
        message=message or None,
        timestamp=datetime.now(UTC),
        request_id=request_id.current(),
        pagination=pagination,
        meta=meta,
    )
    return JsonText(dump(envelope), status_code=status)


def dump(value: BaseModel) -> bytes:
    """Return the JSON of a contract value, with wire names and without absent fields."""
    return value.model_dump_json(by_alias=True, exclude_none=True, serialize_as_any=True).encode()
