"""OTLP attribute values as text."""

import base64
from collections.abc import Iterable
from typing import Any

import orjson

from backend.ingest.flat import put, text

MAX_DEPTH = 32


def value_of(value: Any, depth: int = 0) -> Any:
    """Return an OTLP AnyValue as a JSON value; bytes become base64, what is nested too deep becomes None."""
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [value_of(each, depth + 1) for each in value.array_value.values] if depth < MAX_DEPTH else None
    if kind == "kvlist_value":
        members = value.kvlist_value.values
        return {member.key: value_of(member.value, depth + 1) for member in members} if depth < MAX_DEPTH else None
    if kind == "bytes_value":
        return base64.b64encode(value.bytes_value).decode("ascii")
    return None if kind is None else getattr(value, kind)


def flat_attributes(attributes: Iterable[Any]) -> dict[str, str]:
    """Return OTLP KeyValues flattened to dotted names and strings."""
    out: dict[str, str] = {}
    for attribute in attributes:
        string = attribute.value.string_value
        if string:  # by far the most frequent kind
            out[attribute.key] = string
        else:
            put(out, attribute.key, value_of(attribute.value))
    return out


def json_attributes(attributes: Iterable[Any]) -> str:
    """Return OTLP KeyValues as the JSON text that is stored."""
    found = flat_attributes(attributes)
    return orjson.dumps(found).decode() if found else "{}"


def body_text(value: Any) -> str:
    """Return the body of a log record: a string as it is, anything else as JSON."""
    string: str = value.string_value
    if string:
        return string
    found = value_of(value)
    return "" if found is None else text(found)
