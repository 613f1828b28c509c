"""What part of the world all screens look at."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Scope:
    """The service that all screens show; all services where it is None."""

    service: str | None = None

    def of_service(self, service: str | None) -> Self:
        """Return the scope of a service, or of all."""
        return replace(self, service=service or None)

    @property
    def words(self) -> str:
        """Return the scope for people."""
        return self.service or "all services"
