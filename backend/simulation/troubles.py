"""What the conditions of a moment do to a single request."""

from random import Random

from backend.simulation import faults
from backend.simulation.calls import Endpoint, External, Query
from backend.simulation.incidents import Conditions
from backend.simulation.shop import Instance, Service
from backend.simulation.signals import Fault, Process

MILLISECOND = 1_000_000
POOL_TIMEOUT_NS = 3_000 * MILLISECOND
LEAKING = "recommendation-1"
SLOW_SERVICES = frozenset({"inventory", "checkout"})
"""The services whose database becomes slow."""
_THRASHING_FROM = 0.6
"""The share of leaked memory from which the garbage collector gets in the way."""
_FAILING_FROM = 0.9


def process_of(instance: Instance, conditions: Conditions) -> Process:
    """Return an instance with the version that it runs under the conditions."""
    service = instance.service
    return Process(instance, conditions.payment_version if service.name == "payment" else service.version)


class Troubles:
    """Decides by the conditions and by chance what hits a request."""

    def __init__(self, conditions: Conditions, random: Random) -> None:
        self._conditions = conditions
        self._random = random

    def process(self, instance: Instance) -> Process:
        """Return an instance with the version that it runs now."""
        return process_of(instance, self._conditions)

    def is_down(self, instance: Instance) -> bool:
        """Tell whether nobody listens there."""
        return self._conditions.recommendation_down and instance.id == LEAKING

    def of_request(self, endpoint: Endpoint, instance: Instance) -> Fault | None:
        """Return what a service throws by itself while it answers."""
        if endpoint.key == "payment POST /charges" and self._happens(self._conditions.payment_fault_share):
            return faults.null_pointer()
        if instance.id == LEAKING and self._conditions.leak_share > _FAILING_FROM and self._happens(0.25):
            return faults.out_of_memory()
        return None

    def pause_ns(self, instance: Instance) -> int:
        """Return how long garbage collection stops a request."""
        if instance.id != LEAKING or self._conditions.leak_share < _THRASHING_FROM or not self._happens(0.5):
            return 0
        return int(self._random.lognormvariate(0.35, 0.3) * 1_000 * MILLISECOND)

    def database_factor(self, service: Service) -> float:
        """Return how much slower than usual a statement of a service is."""
        return self._conditions.database_factor if service.name in SLOW_SERVICES else 1.0

    def wait_ns(self, service: Service) -> int:
        """Return how long a request waits for a connection."""
        if service.name not in SLOW_SERVICES or not self._happens(0.4 * self._conditions.pool_share):
            return 0
        if self._happens(0.05):
            return POOL_TIMEOUT_NS
        return min(POOL_TIMEOUT_NS - 1, int(self._random.lognormvariate(-1.2, 0.7) * 1_000 * MILLISECOND))

    def of_pool(self, service: Service, waited_ns: int) -> Fault | None:
        """Return what a service throws that waited too long for a connection."""
        if waited_ns < POOL_TIMEOUT_NS:
            return None
        return faults.pool_timeout(service.language, service.pool_size, self._random.randint(9, 34))

    def of_query(self, query: Query) -> Fault | None:
        """Return the rare error of a statement that writes."""
        return faults.deadlock() if query.operation == "UPDATE" and self._happens(0.002) else None

    def of_external(self, external: External) -> Fault | None:
        """Return the error of a call to somebody outside."""
        if external.host != "api.parcelhub.example":
            return None
        return faults.read_timeout(external.host) if self._happens(self._conditions.carrier_timeout_share) else None

    def _happens(self, share: float) -> bool:
        return share > 0 and self._random.random() < share
