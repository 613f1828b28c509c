"""The HTTP routes by which telemetry comes in: OTLP and Prometheus remote write."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from opentelemetry.proto.collector.logs.v1 import logs_service_pb2 as logs
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as traces
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from backend.clock import Clock
from backend.errors import Overloaded, PlatformError
from backend.ingest.bodies import UnknownEncoding, read, unpack, unpack_snappy
from backend.ingest.columns import Intake, Rejected, SampleColumns
from backend.ingest.messages import OpaqueMetrics
from backend.ingest.otlp import JSON, PROTOBUF, decode, encode, status_body
from backend.ingest.otlp_logs import log_columns
from backend.ingest.otlp_metrics import MetricDecoder
from backend.ingest.otlp_traces import span_columns
from backend.ingest.remote_write import WriteDecoder

INLINE_BYTES = 16 * 1024
"""Bodies up to this size are decoded on the event loop; a thread would cost more."""

_RPC_CODES = {400: 3, 413: 8, 415: 3, 429: 8, 503: 14}
"""HTTP statuses as codes of google.rpc: invalid argument, exhausted, unavailable."""

C = TypeVar("C")
Work = Callable[[bytes], tuple[C, list[Rejected]]]


def otlp_routes(intake: Intake, clock: Clock) -> list[Route]:
    """Return `POST /v1/logs`, `/v1/traces` and `/v1/metrics` of OTLP/HTTP."""
    decoder = MetricDecoder()

    async def take_logs(request: Request) -> Response:
        def work(body: bytes) -> Any:
            return log_columns(decode(body, _content_type(request), logs.ExportLogsServiceRequest), clock.time_ns())

        return await _export(request, work, intake.logs, logs.ExportLogsServiceResponse, "rejected_log_records")

    async def take_traces(request: Request) -> Response:
        def work(body: bytes) -> Any:
            return span_columns(decode(body, _content_type(request), traces.ExportTraceServiceRequest), clock.time_ns())

        return await _export(request, work, intake.spans, traces.ExportTraceServiceResponse, "rejected_spans")

    async def take_metrics(request: Request) -> Response:
        def work(body: bytes) -> Any:
            return decoder.columns(_opaque_metrics(body, _content_type(request)), clock.time_ns())

        answer = metrics.ExportMetricsServiceResponse
        return await _export(request, work, intake.samples, answer, "rejected_data_points")

    return [
        Route("/v1/logs", take_logs, methods=["POST"]),
        Route("/v1/traces", take_traces, methods=["POST"]),
        Route("/v1/metrics", take_metrics, methods=["POST"]),
    ]


def remote_write_routes(intake: Intake, clock: Clock) -> list[Route]:
    """Return `POST /write` of Prometheus remote write 1.0."""
    decoder = WriteDecoder()

    async def write(request: Request) -> Response:
        def work(body: bytes) -> tuple[SampleColumns, list[Rejected]]:
            return decoder.columns(unpack_snappy(body), clock.time_ns())

        try:
            if request.headers.get("content-encoding", "snappy").strip().lower() != "snappy":
                raise UnknownEncoding("Remote write is sent in snappy.")
            columns, rejected = await _worked(work, await read(request))
            await intake.samples(columns)
        except PlatformError as error:
            return Response(error.message, error.status, _retry_header(error), "text/plain")
        except ClientDisconnect:
            return Response(status_code=400)
        # The good samples are stored; 400 tells the sender not to repeat the others.
        return Response(rejected[0].message, 400, media_type="text/plain") if rejected else Response(status_code=204)

    return [Route("/write", write, methods=["POST"])]


async def _export(
    request: Request, work: Work[C], store: Callable[[C], Awaitable[None]], answer: type[Any], rejected_field: str
) -> Response:
    """Read, decode, store and answer; every error is a google.rpc.Status in the encoding of the request."""
    content_type = _content_type(request)
    try:
        if content_type not in {PROTOBUF, JSON}:
            raise UnknownEncoding(f"Send {PROTOBUF} or {JSON}.")
        body = await read(request)
        encoding = request.headers.get("content-encoding", "").strip().lower()
        columns, rejected = await _worked(lambda packed: work(unpack(packed, encoding)), body, packed=bool(encoding))
        await store(columns)
    except PlatformError as error:
        spoken = content_type if content_type == JSON else PROTOBUF
        status = status_body(_RPC_CODES.get(error.status, 13), error.message, spoken)
        return Response(status, error.status, _retry_header(error), spoken)
    except ClientDisconnect:
        return Response(status_code=400)
    success = answer()
    if rejected:
        setattr(success.partial_success, rejected_field, len(rejected))
        success.partial_success.error_message = f"item {rejected[0].index}: {rejected[0].message}"
    return Response(encode(success, content_type), media_type=content_type)


async def _worked(work: Work[C], body: bytes, *, packed: bool = False) -> tuple[C, list[Rejected]]:
    small = INLINE_BYTES // 8 if packed else INLINE_BYTES
    return work(body) if len(body) <= small else await asyncio.to_thread(work, body)


def _opaque_metrics(body: bytes, content_type: str) -> Any:
    if content_type != PROTOBUF:
        body = decode(body, content_type, metrics.ExportMetricsServiceRequest).SerializeToString()
    return decode(body, PROTOBUF, OpaqueMetrics)


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _retry_header(error: PlatformError) -> dict[str, str]:
    return {"Retry-After": str(error.retry_after_s)} if isinstance(error, Overloaded) else {}
