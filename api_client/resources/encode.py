"""Values of the contract as query parameters and bodies."""

from collections.abc import Mapping
from datetime import UTC, datetime

from pydantic import BaseModel


def instant(at: datetime | None) -> str | None:
    """Return ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat() if at else None


def pairs(labels: Mapping[str, str] | None) -> str | None:
    """Return `k:v,k2:v2`, the form in which the platform takes labels."""
    return ",".join(f"{name}:{value}" for name, value in labels.items()) if labels else None


def body(value: BaseModel) -> bytes:
    """Return the JSON of a request."""
    return value.model_dump_json(by_alias=True, exclude_none=True).encode()
