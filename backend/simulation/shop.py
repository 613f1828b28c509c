"""The services of the shop and where they run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Service:
    """A service: what it is written in, how many run, and what one of them needs at rest."""

    name: str
    language: str
    version: str
    instances: int = 1
    memory_mib: float = 180.0
    pool_size: int = 0
    """Database connections of one instance; 0 for a service without a database."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One running process of a service."""

    service: Service
    id: str
    host: str


SERVICES: dict[str, Service] = {
    service.name: service
    for service in (
        Service("storefront", "nodejs", "5.21.3", instances=2, memory_mib=240),
        Service("cart", "go", "1.9.0", memory_mib=64),
        Service("checkout", "java", "3.7.2", instances=2, memory_mib=520, pool_size=20),
        Service("payment", "java", "2.14.0", memory_mib=480, pool_size=10),
        Service("inventory", "go", "4.2.1", instances=2, memory_mib=96, pool_size=20),
        Service("shipping", "python", "1.12.4", memory_mib=150, pool_size=10),
        Service("recommendation", "python", "0.30.0", instances=2, memory_mib=310),
        Service("users", "go", "6.0.5", memory_mib=72, pool_size=10),
    )
}

NODES = ("demo-node-1", "demo-node-2", "demo-node-3")
MEMORY_LIMIT_MIB = 1024.0
"""What a container may use before its node kills it."""


def instances_of(service: Service) -> tuple[Instance, ...]:
    """Return the running processes of a service, spread over the nodes."""
    first = list(SERVICES).index(service.name)
    return tuple(
        Instance(service, f"{service.name}-{number}", NODES[(first + number) % len(NODES)])
        for number in range(1, service.instances + 1)
    )


INSTANCES: dict[str, tuple[Instance, ...]] = {name: instances_of(service) for name, service in SERVICES.items()}
