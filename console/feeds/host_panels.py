"""The charts to look at first: of a host under node_exporter's names, of services under OpenTelemetry's."""

from console.present.charts import Panel

_REAL = 'device!~"lo|veth.*|docker.*|br-.*"'
_FS = 'fstype!~"tmpfs|overlay|squashfs|ramfs|devtmpfs"'

HOST_PANELS: tuple[Panel, ...] = (
    Panel("cpu", "CPU busy", '1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[1m]))', "ratio",
          ("instance",), 0, 1),
    Panel("memory", "Memory used", "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", "ratio",
          ("instance",), 0, 1, 0.9),
    Panel("load", "Load", "node_load1", "", ("instance",), 0),
    Panel("disk-used", "Disk used", f"1 - node_filesystem_avail_bytes{{{_FS}}} / node_filesystem_size_bytes{{{_FS}}}",
          "ratio", ("mountpoint",), 0, 1, 0.9),
    Panel("network-in", "Network in", f"sum by (device) (rate(node_network_receive_bytes_total{{{_REAL}}}[1m]))",
          "B/s", ("device",), 0),
    Panel("network-out", "Network out", f"sum by (device) (rate(node_network_transmit_bytes_total{{{_REAL}}}[1m]))",
          "B/s", ("device",), 0),
    Panel("disk-read", "Disk read", "sum by (device) (rate(node_disk_read_bytes_total[1m]))", "B/s",
          ("device",), 0),
    Panel("disk-write", "Disk written", "sum by (device) (rate(node_disk_written_bytes_total[1m]))", "B/s",
          ("device",), 0),
    Panel("disk-busy", "Disk busy", "rate(node_disk_io_time_seconds_total[1m])", "ratio", ("device",), 0, 1),
    Panel("cpu-modes", "CPU by mode", 'sum by (mode) (rate(node_cpu_seconds_total{mode!="idle"}[1m]))', "",
          ("mode",), 0),
    Panel("switches", "Context switches", "rate(node_context_switches_total[1m])", "/s", ("instance",), 0),
    Panel("processes", "Processes", "node_processes_pids", "", ("instance",), 0),
)  # fmt: skip


_BY_SERVICE = ("service_name",)
_REQUESTS = "http_server_request_duration_seconds_count"
_FAILED = _REQUESTS + '{http_response_status_code=~"5.."}'
_BUCKETS = "http_server_request_duration_seconds_bucket"

FLEET_PANELS: tuple[Panel, ...] = (
    Panel("rate", "Requests", f"sum by (service_name) (rate({_REQUESTS}[1m]))", "/s", _BY_SERVICE, 0),
    Panel("errors", "Failed requests", f"sum by (service_name) (rate({_FAILED}[1m])) "
          f"/ sum by (service_name) (rate({_REQUESTS}[1m]))", "ratio", _BY_SERVICE, 0, 1, 0.05),
    Panel("p95", "Duration p95", f"histogram_quantile(0.95, sum by (service_name, le) (rate({_BUCKETS}[1m])))", "s",
          _BY_SERVICE, 0, None, 1.0),
    Panel("p50", "Duration p50", f"histogram_quantile(0.5, sum by (service_name, le) (rate({_BUCKETS}[1m])))", "s",
          _BY_SERVICE, 0),
    Panel("memory", "Memory", "sum by (service_name) (process_memory_usage_bytes)", "bytes", _BY_SERVICE, 0),
    Panel("cpu", "CPU", "sum by (service_name) (rate(process_cpu_time_seconds_total[1m]))", "", _BY_SERVICE, 0),
    Panel("pool", "Database connections in use", "sum by (service_name) "
          '(db_client_connection_count{db_client_connection_state="used"})', "", _BY_SERVICE, 0),
)  # fmt: skip
"""The charts of all services together, for a platform that watches no host."""


def service_panels(service: str) -> tuple[Panel, ...]:
    """Return the charts of a service, by the metrics that OpenTelemetry's conventions name."""
    chosen = 'service_name="' + service.replace("\\", "\\\\").replace('"', '\\"') + '"'
    requests = f"http_server_request_duration_seconds_count{{{chosen}}}"
    buckets = f"http_server_request_duration_seconds_bucket{{{chosen}}}"
    failed = requests.replace("}", ',http_response_status_code=~"5.."}')
    return (
        Panel("rate", "Requests", f"sum by (http_route) (rate({requests}[1m]))", "/s", ("http_route",), 0),
        Panel("errors", "Errors", f"sum(rate({failed}[1m])) / sum(rate({requests}[1m]))", "ratio", (), 0, 1),
        Panel("p50", "Duration p50", f"histogram_quantile(0.5, sum by (le) (rate({buckets}[1m])))", "s", (), 0),
        Panel("p95", "Duration p95", f"histogram_quantile(0.95, sum by (le) (rate({buckets}[1m])))", "s", (), 0),
        Panel("p99", "Duration p99", f"histogram_quantile(0.99, sum by (le) (rate({buckets}[1m])))", "s", (), 0),
        Panel("memory", "Memory", f"process_memory_usage_bytes{{{chosen}}}", "bytes", ("instance",), 0),
        Panel("cpu", "CPU", f"rate(process_cpu_time_seconds_total{{{chosen}}}[1m])", "", ("instance",), 0),
        Panel("pool", "Database connections", f"db_client_connection_count{{{chosen}}}", "",
              ("db_client_connection_state",), 0),
    )  # fmt: skip
