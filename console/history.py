"""Where the user has been: each visit can be returned to as it was left."""

from dataclasses import dataclass, field

from console.scope import Scope
from console.time_context import TimeContext

LONGEST = 50


@dataclass(frozen=True, slots=True)
class Visit:
    """One place: a screen, what all screens share, and what that screen was asked and showed."""

    screen: str
    time: TimeContext
    scope: Scope
    query: str = ""
    focus: str = ""
    """The id of the thing under the cursor."""


@dataclass(slots=True)
class History:
    """Visits behind and ahead of the present one."""

    _behind: list[Visit] = field(default_factory=list)
    _ahead: list[Visit] = field(default_factory=list)

    def leave(self, visit: Visit) -> None:
        """Remember a place that is left for a new one; what lay ahead is forgotten."""
        if not self._behind or self._behind[-1] != visit:
            self._behind.append(visit)
        del self._behind[:-LONGEST]
        self._ahead.clear()

    def back(self, present: Visit) -> Visit | None:
        """Return the place before the present one."""
        return self._step(self._behind, self._ahead, present)

    def forward(self, present: Visit) -> Visit | None:
        """Return the place that was gone back from."""
        return self._step(self._ahead, self._behind, present)

    @property
    def can_go_back(self) -> bool:
        """Tell whether there is a place to return to."""
        return bool(self._behind)

    @staticmethod
    def _step(source: list[Visit], target: list[Visit], present: Visit) -> Visit | None:
        if not source:
            return None
        target.append(present)
        return source.pop()
