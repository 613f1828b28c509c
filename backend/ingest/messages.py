"""Protobuf messages that no installed package gives us in the shape we need, built from descriptors.

Attributes and resources of metrics are read as bytes instead of messages: the wire is the same, and a label set seen
before is then found by its bytes without being taken apart.
"""

from collections.abc import Callable
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from opentelemetry.proto.common.v1 import common_pb2
from opentelemetry.proto.metrics.v1 import metrics_pb2
from opentelemetry.proto.resource.v1 import resource_pb2

_Field = descriptor_pb2.FieldDescriptorProto
_POINTS = {"NumberDataPoint", "HistogramDataPoint", "ExponentialHistogramDataPoint", "SummaryDataPoint"}


def _metrics_with_opaque_labels() -> Any:
    pool = descriptor_pool.DescriptorPool()
    for module in (common_pb2, resource_pb2):
        pool.AddSerializedFile(module.DESCRIPTOR.serialized_pb)
    file = descriptor_pb2.FileDescriptorProto()
    file.ParseFromString(metrics_pb2.DESCRIPTOR.serialized_pb)
    for message in file.message_type:
        for field in message.field:
            opaque = (field.name == "attributes" and message.name in _POINTS) or field.name == "resource"
            if opaque:
                field.type = _Field.TYPE_BYTES
                field.ClearField("type_name")
    pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("opentelemetry.proto.metrics.v1.MetricsData"))


def _own(file_name: str, build: Callable[[descriptor_pb2.FileDescriptorProto], None], message: str) -> Any:
    file = descriptor_pb2.FileDescriptorProto(name=file_name, package="airis", syntax="proto3")
    build(file)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"airis.{message}"))


def _message(file: descriptor_pb2.FileDescriptorProto, name: str, *fields: tuple[str, int, int, str]) -> None:
    """Add a message of fields (name, number, type, label); a label `*` repeats, another names a message."""
    message = file.message_type.add(name=name)
    for field_name, number, kind, label in fields:
        field = message.field.add(name=field_name, number=number, type=kind)
        field.label = _Field.LABEL_REPEATED if label.startswith("*") else _Field.LABEL_OPTIONAL
        if label.strip("*"):
            field.type_name = f".airis.{label.strip('*')}"


def _status(file: descriptor_pb2.FileDescriptorProto) -> None:
    """Add google.rpc.Status, as far as OTLP needs it."""
    _message(file, "Status", ("code", 1, _Field.TYPE_INT32, ""), ("message", 2, _Field.TYPE_STRING, ""))


def _write_request(file: descriptor_pb2.FileDescriptorProto) -> None:
    """Add prometheus.WriteRequest of remote write 1.0; labels are read as bytes, as those of OTLP are."""
    _message(file, "Label", ("name", 1, _Field.TYPE_STRING, ""), ("value", 2, _Field.TYPE_STRING, ""))
    _message(file, "Sample", ("value", 1, _Field.TYPE_DOUBLE, ""), ("timestamp", 2, _Field.TYPE_INT64, ""))
    _message(file, "TimeSeries", ("labels", 1, _Field.TYPE_BYTES, "*"), ("samples", 2, _Field.TYPE_MESSAGE, "*Sample"))
    _message(
        file, "Metadata",
        ("type", 1, _Field.TYPE_INT32, ""), ("metric_family_name", 2, _Field.TYPE_STRING, ""),
        ("help", 4, _Field.TYPE_STRING, ""), ("unit", 5, _Field.TYPE_STRING, ""),
    )  # fmt: skip
    _message(
        file, "WriteRequest",
        ("timeseries", 1, _Field.TYPE_MESSAGE, "*TimeSeries"), ("metadata", 3, _Field.TYPE_MESSAGE, "*Metadata"),
    )  # fmt: skip


OpaqueMetrics = _metrics_with_opaque_labels()
Status = _own("status.proto", _status, "Status")
WriteRequest = _own("remote.proto", _write_request, "WriteRequest")
Label = _own("label.proto", _write_request, "Label")
