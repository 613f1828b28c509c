"""Who sent it: the resource of OTLP data, worked out once for all its records."""

from dataclasses import dataclass
from typing import Any

import orjson

from backend.ingest.otlp_values import flat_attributes

UNKNOWN_SERVICE = "unknown_service"


@dataclass(frozen=True, slots=True)
class Resource:
    """A sender: its service name, and its attributes as stored."""

    service: str
    json: str


def resource_of(resource: Any, scope: Any) -> Resource:
    """Return the sender of one scope's data; the name of the instrumentation is kept as `otel.scope.name`."""
    attributes = flat_attributes(resource.attributes)
    if scope.name:
        attributes["otel.scope.name"] = scope.name
    return Resource(attributes.get("service.name") or UNKNOWN_SERVICE, orjson.dumps(attributes).decode())
