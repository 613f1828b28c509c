"""Prometheus remote write 1.0 as samples."""

from typing import Any

from google.protobuf.message import DecodeError

from api_client.contract.problems import ErrorCode
from backend.errors import InvalidRequest
from backend.ingest.columns import MetricInfo, Rejected, SampleColumns, time_fault
from backend.ingest.messages import Label, WriteRequest
from backend.ingest.sample_builder import SampleBuilder
from backend.ingest.series import METRIC_NAME, canonical, label_fault

MAX_CACHED_SERIES = 100_000

_TYPES = ("unknown", "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset")


class WriteDecoder:
    """Decodes write requests; keeps label sets met before, found again by their bytes."""

    def __init__(self) -> None:
        self._series: dict[tuple[bytes, ...], str] = {}

    def columns(self, body: bytes, now_ns: int) -> tuple[SampleColumns, list[Rejected]]:
        """Return the samples of an unpacked body, and the series that were refused; a stale marker stays one."""
        try:
            request = WriteRequest.FromString(body)
        except DecodeError as error:
            raise InvalidRequest(f"This is no write request: {error}") from None
        builder, rejected = SampleBuilder(), list[Rejected]()
        for index, series in enumerate(request.timeseries):
            fault = self._append(builder, series, now_ns)
            if fault:
                rejected.append(Rejected(index, *fault))
        for told in request.metadata:
            kind = _TYPES[told.type] if 0 <= told.type < len(_TYPES) else "unknown"
            builder.metadata[told.metric_family_name] = MetricInfo(kind, told.unit, told.help)
        return builder.columns(), rejected

    def _append(self, builder: SampleBuilder, series: Any, now_ns: int) -> tuple[ErrorCode, str] | None:
        key = tuple(series.labels)
        labels = self._series.get(key)
        if labels is None:
            labels, fault = _labels(key)
            if fault:
                return fault
            if len(self._series) >= MAX_CACHED_SERIES:
                self._series.clear()
            self._series[key] = labels
        for sample in series.samples:
            fault_text = time_fault(sample.timestamp * 1_000_000, now_ns)
            if fault_text:
                return ErrorCode.INVALID_TIMESTAMP, fault_text
            builder.add(labels, sample.timestamp, sample.value)
        return None


def _labels(parts: tuple[bytes, ...]) -> tuple[str, tuple[ErrorCode, str] | None]:
    try:
        found = {label.name: label.value for label in map(Label.FromString, parts)}
    except DecodeError as error:
        return "", (ErrorCode.INVALID_LABELS, f"a label cannot be read: {error}")
    name = found.pop("__name__", "")
    if not METRIC_NAME.fullmatch(name):
        return "", (ErrorCode.INVALID_METRIC_NAME, f"{name!r} is no metric name")
    if fault := label_fault(found):
        return "", (ErrorCode.INVALID_LABELS, fault)
    return canonical({**found, "__name__": name}), None
