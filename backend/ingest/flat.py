"""Nested attributes as dotted names to strings, which is how labels are stored and shown."""

from collections.abc import Mapping
from typing import Any

import orjson

MAX_DEPTH = 8


def flat(attributes: Mapping[str, Any]) -> dict[str, str]:
    """Return nested JSON values flattened: objects by dots, lists as JSON text, None left out."""
    out: dict[str, str] = {}
    for name, value in attributes.items():
        put(out, name, value, 0)
    return out


def put(out: dict[str, str], name: str, value: Any, depth: int = 0) -> None:
    """Add one value to flattened attributes."""
    if isinstance(value, str):
        out[name] = value
    elif isinstance(value, dict) and value and depth < MAX_DEPTH:
        for key, inner in value.items():
            put(out, f"{name}.{key}", inner, depth + 1)
    elif value is not None:
        out[name] = text(value)


def text(value: Any) -> str:
    """Return a JSON value as text: true and false in JSON's words, numbers as written, the rest as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return repr(value) if value % 1 or abs(value) >= 1e16 else str(int(value))
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # an integer beyond 64 bits, or a text that is no Unicode
        return str(value)
