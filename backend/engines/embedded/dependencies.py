"""The service graph, from counted rows."""

from typing import Any

from api_client.contract.traces import Dependencies, DependencyEdge, DependencyNode


def dependencies_of(nodes: list[tuple[Any, ...]], edges: list[tuple[Any, ...]]) -> Dependencies:
    """Return the graph of rows (service, operations, spans, errors, mean ns) and (from, to, calls, errors, mean ns)."""
    return Dependencies(
        nodes=tuple(
            DependencyNode(
                service=service, operation_count=operations, error_rate=errors / spans, avg_duration_ms=mean / 1e6
            )
            for service, operations, spans, errors, mean in nodes
        ),
        edges=tuple(_edge(caller, callee, calls, errors, mean) for caller, callee, calls, errors, mean in edges),
    )


def _edge(caller: str, callee: str, calls: int, errors: int, mean_ns: float) -> DependencyEdge:
    named = {"from": caller, "to": callee}
    return DependencyEdge(call_count=calls, error_rate=errors / calls, avg_duration_ms=mean_ns / 1e6, **named)
