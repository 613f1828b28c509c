"""The rules that watch this host from the first minute."""

from api_client.contract.alerts import LogCondition, PromqlCondition, RuleDraft, Severity

_FREE = 'node_filesystem_avail_bytes{fstype!~"tmpfs|overlay|squashfs|ramfs|devtmpfs"}'
_SIZE = 'node_filesystem_size_bytes{fstype!~"tmpfs|overlay|squashfs|ramfs|devtmpfs"}'
_REQUESTS = "http_server_request_duration_seconds_count"

DEFAULT_RULES: dict[str, RuleDraft] = {
    "default-disk-full": RuleDraft(
        name="DiskAlmostFull",
        description="Less than 10 % of a file system is free",
        conditions=PromqlCondition(type="promql", expr=f"{_FREE} / {_SIZE} < 0.10", duration="1m"),
        severity=Severity.HIGH,
        annotations={"summary": "{{ $labels.mountpoint }} has {{ humanizePercentage $value }} free"},
    ),
    "default-disk-critical": RuleDraft(
        name="DiskFull",
        description="Less than 3 % of a file system is free",
        conditions=PromqlCondition(type="promql", expr=f"{_FREE} / {_SIZE} < 0.03", duration="30s"),
        severity=Severity.CRITICAL,
        annotations={"summary": "{{ $labels.mountpoint }} has {{ humanizePercentage $value }} free"},
    ),
    "default-memory": RuleDraft(
        name="MemoryPressure",
        description="Less than 10 % of memory is available",
        conditions=PromqlCondition(
            type="promql", expr="node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.10", duration="1m"
        ),
        severity=Severity.HIGH,
        annotations={"summary": "{{ $labels.instance }} has {{ humanizePercentage $value }} of its memory available"},
    ),
    "default-load": RuleDraft(
        name="HighLoad",
        description="More than twice as many runnable tasks as processors for five minutes",
        conditions=PromqlCondition(
            type="promql",
            expr='node_load5 / on(instance) group_left count by (instance) (node_cpu_seconds_total{mode="idle"}) > 2',
            duration="5m",
        ),
        severity=Severity.WARNING,
        annotations={"summary": "load per processor on {{ $labels.instance }} is {{ $value }}"},
    ),
    "default-error-burst": RuleDraft(
        name="ErrorBurst",
        description="Fifty or more error lines within two minutes",
        conditions=LogCondition(type="log", query="level:ERROR OR level:FATAL", count=50, duration="2m"),
        severity=Severity.WARNING,
        annotations={"summary": "{{ $value }} error lines in two minutes"},
    ),
    "default-service-errors": RuleDraft(
        name="ServiceErrors",
        description="More than 5 % of a service's requests fail",
        conditions=PromqlCondition(
            type="promql",
            expr=f'sum by (service_name) (rate({_REQUESTS}{{http_response_status_code=~"5.."}}[2m]))'
            f" / sum by (service_name) (rate({_REQUESTS}[2m])) > 0.05",
            duration="30s",
        ),
        severity=Severity.CRITICAL,
        annotations={"summary": "{{ humanizePercentage $value }} of requests to {{ $labels.service_name }} fail"},
    ),
    "default-service-latency": RuleDraft(
        name="ServiceSlow",
        description="The 95th percentile of a service's request duration is above one second",
        conditions=PromqlCondition(
            type="promql",
            expr="histogram_quantile(0.95, sum by (service_name, le) "
            "(rate(http_server_request_duration_seconds_bucket[2m]))) > 1",
            duration="30s",
        ),
        severity=Severity.HIGH,
        annotations={"summary": "p95 of {{ $labels.service_name }} is {{ humanizeDuration $value }}"},
    ),
}
"""By id: the ids never change, so that a rule which its user changed or deleted stays so after an upgrade."""
