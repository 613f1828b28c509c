"""Programs that companies run send to a real platform process, and their telemetry comes back out."""

import shutil
import subprocess
import time

import pytest

from tests.fakes.process import eventually, free_port, platform

needs_prometheus = pytest.mark.skipif(not shutil.which("prometheus"), reason="apt-get install prometheus")
needs_promtool = pytest.mark.skipif(not shutil.which("promtool"), reason="apt-get install prometheus")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with platform(tmp_path_factory.mktemp("senders") / "data", "--no-host", otlp=f"127.0.0.1:{free_port()}") as process:
        yield process


def test_an_opentelemetry_sdk_program_appears_in_all_three_signals(running):
    import logging

    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
    from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    base = f"http://{running.otlp}/v1"
    resource = Resource.create({"service.name": "sdk-shop"})
    traces = TracerProvider(resource=resource)
    traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{base}/traces")))
    meters = MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter(f"{base}/metrics"))], resource=resource)
    logs = LoggerProvider(resource=resource)
    logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(f"{base}/logs")))
    logger = logging.getLogger("sdk-shop")
    logger.addHandler(LoggingHandler(logger_provider=logs))
    orders = meters.get_meter("shop").create_counter("shop.orders", unit="{order}")
    with traces.get_tracer("shop").start_as_current_span("POST /order") as span:
        orders.add(3, {"currency": "EUR"})
        logger.error("card %s declined", "4711")
        trace_id = format(span.get_span_context().trace_id, "032x")
    for provider in (traces, meters, logs):
        provider.shutdown()

    with running.http(timeout=10) as http:
        trace = eventually(lambda: http.get(f"/api/v1/traces/{trace_id}").json().get("data"))
        assert trace["spans"][0]["operation_name"] == "POST /order"
        line = eventually(
            lambda: http.get("/api/v1/logs/search", params={"trace_id": trace_id}).json()["data"]["logs"]
        )[0]
        assert (line["message"], line["level"], line["service"]) == ("card 4711 declined", "ERROR", "sdk-shop")
        asked = {"queries": [{"id": "q", "expr": 'shop_orders_total{service_name="sdk-shop"}'}]}
        result = eventually(lambda: http.post("/api/v1/metrics/promql", json=asked).json()["data"][0]["series"])[0]
        assert result["values"] == [3.0]
        assert result["labels"]["currency"] == "EUR"


@pytest.mark.server
@needs_prometheus
def test_a_prometheus_server_remote_writes_to_the_platform(running, tmp_path):
    port = free_port()
    config = tmp_path / "prometheus.yml"
    config.write_text(
        f"global: {{scrape_interval: 1s}}\nscrape_configs:\n- job_name: itself\n  static_configs: [{{targets: ['127.0.0.1:{port}']}}]\n"
        f"remote_write:\n- url: {running.url}/prometheus/api/v1/write\n  queue_config: {{batch_send_deadline: 1s}}\n"
    )
    server = subprocess.Popen(
        ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={tmp_path}/tsdb", f"--web.listen-address=127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with running.http(timeout=10) as http:

            def written():
                answer = http.get("/prometheus/api/v1/query", params={"query": 'up{job="itself"}'}).json()
                return answer["data"]["result"]

            found = eventually(written, timeout_s=40, pause_s=0.5)
            assert found[0]["value"][1] == "1"
            rate = http.get(
                "/prometheus/api/v1/query", params={"query": "prometheus_tsdb_head_samples_appended_total"}
            ).json()
            assert rate["data"]["resultType"] == "vector"
    finally:
        server.terminate()
        server.wait(20)


@pytest.mark.server
@needs_promtool
def test_promtool_queries_the_platform(running):
    with running.http(timeout=10) as http:
        now = time.time()
        points = [{"name": "answer", "value": 42, "labels": {"to": "everything"}}]
        assert http.post("/api/v1/metrics/batch", json={"metrics": points}).json()["data"]["accepted"] == 1
    url = f"{running.url}/prometheus"

    def ask(*words: str) -> str:
        return subprocess.run(
            ["promtool", "query", *words], capture_output=True, text=True, timeout=20, check=True
        ).stdout

    assert 'answer{to="everything"} => 42' in ask("instant", url, "answer")
    assert "42" in ask("range", f"--start={int(now) - 60}", f"--end={int(now) + 60}", "--step=30s", url, "answer")
    assert 'to="everything"' in ask("series", "--match=answer", url)
    assert "everything" in ask("labels", url, "to")
