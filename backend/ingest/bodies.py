"""Request bodies: read, unpacked and bounded at every step."""

import zlib

import cramjam
from starlette.requests import Request

from backend.errors import InvalidRequest

MAX_BODY = 64 * 1024 * 1024
"""Bytes of a body, also after it was unpacked, as the OTLP specification recommends."""

_WINDOW = {"gzip": 31, "deflate": 15}


class BodyTooLarge(InvalidRequest):
    """The body exceeds the limit."""

    status = 413


class UnknownEncoding(InvalidRequest):
    """The body comes in an encoding or type that is not understood."""

    status = 415


async def read(request: Request, limit: int = MAX_BODY) -> bytes:
    """Return the body as sent; raise `BodyTooLarge` as soon as it is."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise BodyTooLarge(f"The body is larger than {limit} bytes.")
        parts.append(part)
    return b"".join(parts)


def unpack(body: bytes, encoding: str, limit: int = MAX_BODY) -> bytes:
    """Undo a content encoding (gzip, deflate, zstd or none), never holding more than `limit` bytes."""
    match encoding:
        case "" | "identity":
            return body
        case "gzip" | "deflate":
            return _inflate(body, _WINDOW[encoding], limit)
        case "zstd":
            return _zstd(body, limit)
        case _:
            raise UnknownEncoding(f"The content encoding {encoding} is not understood; send gzip, deflate or zstd.")


def unpack_snappy(body: bytes, limit: int = MAX_BODY) -> bytes:
    """Undo the block format of snappy."""
    try:
        if cramjam.snappy.decompress_raw_len(body) > limit:
            raise BodyTooLarge(f"The unpacked body is larger than {limit} bytes.")
        return bytes(cramjam.snappy.decompress_raw(body))
    except cramjam.DecompressionError as error:
        raise InvalidRequest(f"The body is no snappy block: {error}") from None


def _inflate(body: bytes, window: int, limit: int) -> bytes:
    parts: list[bytes] = []
    room = limit
    rest = body
    try:
        while rest:  # gzip may hold several members
            inflater = zlib.decompressobj(window)
            part = inflater.decompress(rest, room + 1)
            room -= len(part)
            if room < 0:
                raise BodyTooLarge(f"The unpacked body is larger than {limit} bytes.")
            if not inflater.eof:
                raise InvalidRequest("The packed body ends too early.")
            parts.append(part)
            rest = inflater.unused_data
    except zlib.error as error:
        raise InvalidRequest(f"The body cannot be unpacked: {error}") from None
    return b"".join(parts)


def _zstd(body: bytes, limit: int) -> bytes:
    room = memoryview(bytearray(limit + 1))
    try:
        size = cramjam.zstd.decompress_into(body, room)
    except cramjam.DecompressionError as error:
        raise InvalidRequest(f"The body cannot be unpacked: {error}") from None
    if size > limit:
        raise BodyTooLarge(f"The unpacked body is larger than {limit} bytes.")
    return bytes(room[:size])
