import gzip
import json
import time
import zlib

import cramjam
import httpx
import orjson
import pytest
from google.protobuf import json_format
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette

from backend.clock import SystemClock
from backend.errors import Overloaded
from backend.ingest import bodies
from backend.ingest.messages import Label, OpaqueMetrics, Status, WriteRequest
from backend.ingest.otlp import JSON, PROTOBUF, decode
from backend.ingest.otlp_logs import log_columns
from backend.ingest.otlp_metrics import MetricDecoder
from backend.ingest.otlp_traces import span_columns
from backend.ingest.routes import otlp_routes, remote_write_routes
from backend.ingest.sample_builder import STALE, STALE_BITS

NOW = time.time_ns()


class Shelf:
    """An intake that keeps what it is given, or is full."""

    def __init__(self, full=False):
        self.full = full
        self.taken = []

    async def logs(self, columns):
        if self.full:
            raise Overloaded("full", retry_after_s=7)
        self.taken.append(columns)

    spans = samples = logs


def client(shelf):
    routes = [*otlp_routes(shelf, SystemClock()), *remote_write_routes(shelf, SystemClock())]
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=Starlette(routes=routes)), base_url="http://t")


def a_log(ts=NOW, body="hello"):
    request = ExportLogsServiceRequest()
    resource = request.resource_logs.add()
    resource.resource.attributes.add(key="service.name").value.string_value = "shop"
    record = resource.scope_logs.add().log_records.add(time_unix_nano=ts, severity_number=17, trace_id=b"\xab" * 16)
    record.body.string_value = body
    nested = record.attributes.add(key="http").value.kvlist_value.values.add(key="status")
    nested.value.int_value = 503
    return request


def as_json(request, *ids):
    """Write a request as OTLP's JSON does: ids in hexadecimal."""
    text = json_format.MessageToDict(request)

    def mend(value):
        if isinstance(value, list):
            for each in value:
                mend(each)
        elif isinstance(value, dict):
            for name, inner in value.items():
                if name in {"traceId", "spanId", "parentSpanId"}:
                    import base64

                    value[name] = base64.b64decode(inner).hex().upper()
                else:
                    mend(inner)

    mend(text)
    return json.dumps({**text, "unknownField": {"x": [1]}}).encode()


@pytest.mark.parametrize("encoding", ["", "gzip", "deflate", "zstd"])
@pytest.mark.parametrize("content_type", [PROTOBUF, JSON])
async def test_logs_come_in_every_encoding(encoding, content_type):
    shelf = Shelf()
    body = a_log().SerializeToString() if content_type == PROTOBUF else as_json(a_log())
    pack = {
        "": bytes,
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "zstd": lambda b: bytes(cramjam.zstd.compress(b)),
    }
    headers = {"content-type": content_type, **({"content-encoding": encoding} if encoding else {})}
    async with client(shelf) as http:
        answer = await http.post("/v1/logs", content=pack[encoding](body), headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == content_type
    assert answer.content in {b"", b"{}"}
    (columns,) = shelf.taken
    assert columns.trace_id == ["ab" * 16]
    assert (columns.level, columns.service, columns.body) == ([4], ["shop"], ["hello"])
    assert orjson.loads(columns.attributes[0]) == {"http.status": "503"}


async def test_an_absurd_time_is_a_partial_success_that_names_the_item():
    shelf = Shelf()
    request = a_log()
    request.resource_logs[0].scope_logs[0].log_records.add(time_unix_nano=2**64 - 1)
    async with client(shelf) as http:
        answer = await http.post("/v1/logs", content=request.SerializeToString(), headers={"content-type": PROTOBUF})
    told = ExportLogsServiceResponse.FromString(answer.content).partial_success
    assert (answer.status_code, told.rejected_log_records) == (200, 1)
    assert "item 1" in told.error_message
    assert shelf.taken[0].rows == 1


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"x", {"content-type": "text/plain"}, 415),
        (b"\xff\xff", {"content-type": PROTOBUF}, 400),
        (b"{", {"content-type": JSON}, 400),
        (b'{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"traceId":"xyz"}]}]}]}', {"content-type": JSON}, 400),
        (b"[" * 5000, {"content-type": JSON}, 400),
        (b"no gzip", {"content-type": PROTOBUF, "content-encoding": "gzip"}, 400),
        (gzip.compress(b"x")[:-4], {"content-type": PROTOBUF, "content-encoding": "gzip"}, 400),
        (b"x", {"content-type": PROTOBUF, "content-encoding": "br"}, 415),
        (gzip.compress(bytes(bodies.MAX_BODY + 1)), {"content-type": PROTOBUF, "content-encoding": "gzip"}, 413),
    ],
)
async def test_bad_bodies_are_refused_with_a_status_in_the_request_s_encoding(content, headers, status):
    async with client(Shelf()) as http:
        answer = await http.post("/v1/logs", content=content, headers=headers)
    assert answer.status_code == status
    if headers["content-type"] == JSON:
        assert answer.json()["message"]
    else:
        assert Status.FromString(answer.content).message


async def test_a_full_store_asks_to_come_back():
    async with client(Shelf(full=True)) as http:
        body = a_log().SerializeToString()
        answer = await http.post("/v1/logs", content=body, headers={"content-type": PROTOBUF})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


def written(samples, labels=(("__name__", "up"), ("job", "a"))):
    request = WriteRequest()
    series = request.timeseries.add()
    for name, value in labels:
        series.labels.append(Label(name=name, value=value).SerializeToString())
    for timestamp, value in samples:
        series.samples.add(timestamp=timestamp, value=value)
    return bytes(cramjam.snappy.compress_raw(request.SerializeToString()))


async def test_remote_write_keeps_values_and_stale_markers():
    shelf = Shelf()
    now_ms = NOW // 1_000_000
    async with client(shelf) as http:
        answer = await http.post("/write", content=written([(now_ms, 1.5), (now_ms + 1, STALE)]))
    assert answer.status_code == 204
    (columns,) = shelf.taken
    assert columns.series == ('{"__name__":"up","job":"a"}',)
    assert columns.value[0] == 1.5
    assert columns.value.view("int64")[1] == STALE_BITS


@pytest.mark.parametrize(
    "content", [b"junk", written([(1, 1.0)], labels=(("__name__", "a b"),)), written([(2**62, 1.0)])]
)
async def test_remote_write_refuses_what_is_malformed(content):
    async with client(Shelf()) as http:
        assert (await http.post("/write", content=content)).status_code == 400


def metrics_request(**kinds):
    request = ExportMetricsServiceRequest()
    resource = request.resource_metrics.add()
    resource.resource.attributes.add(key="service.name").value.string_value = "shop"
    return request, resource.scope_metrics.add().metrics


def decoded(decoder, request):
    columns, rejected = decoder.columns(OpaqueMetrics.FromString(request.SerializeToString()), NOW)
    values = {}
    for index, value in zip(columns.series_index.tolist(), columns.value.tolist(), strict=True):
        labels = orjson.loads(columns.series[index])
        assert (labels.pop("job"), labels.pop("service_name")) == ("shop", "shop")
        values[labels.pop("__name__"), *sorted(labels.items())] = value
    return values, rejected, columns.metadata


def test_metrics_get_prometheus_names_and_classic_buckets():
    request, metrics = metrics_request()
    metrics.add(name="http.requests", unit="1").sum.data_points.add(time_unix_nano=NOW, as_int=5)
    metrics[0].sum.is_monotonic = True
    metrics.add(name="mem.usage", unit="By").gauge.data_points.add(time_unix_nano=NOW, as_double=1.5)
    metrics.add(name="load", unit="1").gauge.data_points.add(time_unix_nano=NOW, as_double=0.5)
    histogram = metrics.add(name="rpc.time", unit="s").histogram.data_points.add(
        time_unix_nano=NOW, count=6, sum=4.5, bucket_counts=[1, 2, 3], explicit_bounds=[0.5, 1]
    )
    histogram.attributes.add(key="rpc.method").value.string_value = "Get"
    values, rejected, metadata = decoded(MetricDecoder(), request)
    m = ("rpc_method", "Get")
    assert not rejected
    assert values == {
        ("http_requests_total",): 5.0, ("mem_usage_bytes",): 1.5, ("load_ratio",): 0.5,
        ("rpc_time_seconds_bucket", ("le", "0.5"), m): 1.0, ("rpc_time_seconds_bucket", ("le", "1"), m): 3.0,
        ("rpc_time_seconds_bucket", ("le", "+Inf"), m): 6.0, ("rpc_time_seconds_count", m): 6.0,
        ("rpc_time_seconds_sum", m): 4.5,
    }  # fmt: skip
    assert metadata["http_requests_total"].type == "counter"


def test_an_exponential_histogram_falls_into_powers_of_two():
    request, metrics = metrics_request()
    point = metrics.add(name="t", unit="s").exponential_histogram.data_points.add(
        time_unix_nano=NOW, count=7, sum=9, scale=1, zero_count=1
    )
    point.positive.offset, point.positive.bucket_counts[:] = -1, [1, 2, 3]  # (0.71,1] (1,1.41] (1.41,2]
    values, _, _ = decoded(MetricDecoder(), request)
    bound = {dict(key[1:])["le"]: value for key, value in values.items() if key[0].endswith("_bucket")}
    assert (bound["0.5"], bound["1"], bound["2"], bound["4"], bound["+Inf"]) == (1, 2, 7, 7, 7)


def test_increments_become_totals_and_repeated_deliveries_do_not_count_twice():
    decoder = MetricDecoder()
    totals = []
    for step in (0, 1, 1, 2):
        request, metrics = metrics_request()
        metrics.add(name="n").sum.data_points.add(time_unix_nano=NOW + step * 10**9, as_int=2)
        metrics[0].sum.is_monotonic, metrics[0].sum.aggregation_temporality = True, 1
        totals += decoded(decoder, request)[0].values()
    assert totals == [2.0, 4.0, 6.0]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(texts, st.binary(min_size=16, max_size=16), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), texts)
@settings(max_examples=150, deadline=None)
def test_json_and_protobuf_mean_the_same(text, trace_id, integer, double, key):
    logs, spans = a_log(body=text), ExportTraceServiceRequest()
    record = logs.resource_logs[0].scope_logs[0].log_records[0]
    record.trace_id = trace_id
    span = (
        spans.resource_spans.add()
        .scope_spans.add()
        .spans.add(
            trace_id=trace_id, span_id=trace_id[:8], parent_span_id=trace_id[8:], name=text, start_time_unix_nano=NOW
        )
    )
    span.links.add(trace_id=trace_id, span_id=trace_id[:8])
    for attributes in (record.attributes, span.attributes):
        attributes.add(key=key).value.int_value = integer
        attributes.add(key="d" + key).value.double_value = double
        attributes.add(key="l" + key).value.array_value.values.add().bytes_value = trace_id
    for request, columns_of in ((logs, log_columns), (spans, span_columns)):
        binary = columns_of(decode(request.SerializeToString(), PROTOBUF, type(request)), NOW)
        spoken = columns_of(decode(as_json(request), JSON, type(request)), NOW)
        assert binary == spoken
