"""OTLP bodies: protobuf or JSON in, requests out, and the answers in the same encoding."""

import base64
from typing import Any

import orjson
from google.protobuf import json_format
from google.protobuf.message import DecodeError

from backend.errors import InvalidRequest
from backend.ingest.messages import Status

PROTOBUF = "application/x-protobuf"
JSON = "application/json"

_IDS = frozenset({"traceId", "spanId", "parentSpanId", "trace_id", "span_id", "parent_span_id"})


def decode(body: bytes, content_type: str, message: type[Any]) -> Any:
    """Return a request; raise `InvalidRequest` when the body is not one."""
    try:
        if content_type == PROTOBUF:
            return message.FromString(body)
        if not body:
            return message()
        members = orjson.loads(body)
        _mend_ids(members)
        return json_format.ParseDict(members, message(), ignore_unknown_fields=True)
    except (DecodeError, json_format.ParseError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidRequest(f"This is no {message.DESCRIPTOR.name}: {str(error)[:300]}") from None


def encode(message: Any, content_type: str) -> bytes:
    """Return an answer in the encoding of its request."""
    if content_type == PROTOBUF:
        return bytes(message.SerializeToString())
    text: str = json_format.MessageToJson(message, indent=None)
    return text.encode()


def status_body(code: int, text: str, content_type: str) -> bytes:
    """Return a google.rpc.Status, which OTLP asks for as the body of every error."""
    return encode(Status(code=code, message=text[:2000]), content_type)


def _mend_ids(value: Any) -> None:
    """Turn the hexadecimal ids of OTLP's JSON into the base64 that protobuf's JSON expects."""
    if isinstance(value, list):
        for each in value:
            _mend_ids(each)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name in _IDS and isinstance(inner, str):
                value[name] = base64.b64encode(bytes.fromhex(inner)).decode("ascii")
            elif isinstance(inner, list | dict):
                _mend_ids(inner)
