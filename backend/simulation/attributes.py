"""Attributes of spans by OpenTelemetry's semantic conventions, and of log lines by the shop's own."""

from functools import lru_cache
from string import Formatter

from backend.simulation.calls import Cache, Endpoint, External, Query
from backend.simulation.signals import Attributes, Fault

_FACT_NAMES = {
    "user": "user.id", "session": "session.id", "cart": "shop.cart.id", "order": "shop.order.id", "sku": "shop.sku",
    "auth": "shop.authorization", "term": "shop.search.term", "zone": "shop.zone", "quantity": "shop.quantity",
    "count": "shop.count", "amount": "shop.amount", "fee": "shop.shipping.fee", "model": "shop.model.version",
    "ms": "duration_ms",
}  # fmt: skip


@lru_cache(maxsize=512)
def _fields(template: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(template) if name))


def fact_attributes(template: str, facts: dict[str, str]) -> Attributes:
    """Return the facts that a template names, under their names in logs."""
    return tuple((_FACT_NAMES[name], facts[name]) for name in _fields(template))


def server_attributes(endpoint: Endpoint, facts: dict[str, str], status: int) -> Attributes:
    """Return the attributes of a server span."""
    if endpoint.rpc:
        return (*_rpc(endpoint), ("rpc.grpc.status_code", 0 if status < 400 else 13))
    found = (
        ("http.request.method", endpoint.method),
        ("http.route", endpoint.route),
        ("http.response.status_code", status),
        ("url.path", endpoint.route.format(**facts)),
        ("url.scheme", "http"),
        ("server.address", endpoint.service),
        ("network.protocol.version", "1.1"),
    )
    return (*found, ("error.type", str(status))) if status >= 500 else found


def client_attributes(endpoint: Endpoint, facts: dict[str, str], status: int, error: str) -> Attributes:
    """Return the attributes of the span that calls an endpoint; status 0 where no answer came."""
    if endpoint.rpc:
        return (*_rpc(endpoint), ("rpc.grpc.status_code", 0 if status < 400 else 13), ("server.port", 9090))
    found = (
        ("http.request.method", endpoint.method),
        ("url.full", f"http://{endpoint.service}:8080{endpoint.route.format(**facts)}"),
        ("server.address", endpoint.service),
        ("server.port", 8080),
        *((("http.response.status_code", status),) if status else ()),
    )
    return (*found, ("error.type", error)) if error else found


def query_attributes(query: Query, service: str) -> Attributes:
    """Return the attributes of a statement to PostgreSQL."""
    return (
        ("db.system.name", "postgresql"),
        ("db.namespace", f"shop_{service}"),
        ("db.operation.name", query.operation),
        ("db.collection.name", query.table),
        ("db.query.text", query.text),
        ("server.address", "postgres"),
        ("server.port", 5432),
    )


def cache_attributes(cache: Cache, facts: dict[str, str]) -> Attributes:
    """Return the attributes of a command to Redis."""
    return (
        ("db.system.name", "redis"),
        ("db.operation.name", cache.command),
        ("db.query.text", f"{cache.command} {cache.key.format(**facts)}"),
        ("server.address", "redis"),
        ("server.port", 6379),
    )


def external_attributes(external: External, status: int) -> Attributes:
    """Return the attributes of a call to somebody outside."""
    found = (
        ("http.request.method", external.method),
        ("url.full", f"https://{external.host}{external.path}"),
        ("server.address", external.host),
        ("server.port", 443),
        ("http.response.status_code", status),
    )
    return (*found, ("error.type", "timeout")) if status >= 500 else found


def exception_attributes(fault: Fault) -> Attributes:
    """Return the attributes of an exception, in span events and in log lines alike."""
    return (
        ("exception.type", fault.type),
        ("exception.message", fault.message),
        ("exception.stacktrace", fault.stack),
    )


def _rpc(endpoint: Endpoint) -> Attributes:
    return (
        ("rpc.system", "grpc"),
        ("rpc.service", endpoint.rpc),
        ("rpc.method", endpoint.method),
        ("server.address", endpoint.service),
    )
