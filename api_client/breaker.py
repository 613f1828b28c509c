"""A circuit breaker: after too many failures a service is left alone for a while, then probed with one call."""

from collections import deque
from collections.abc import Callable
from time import monotonic

from api_client.contract.sources import BreakerState


class Breaker:
    """Opens when half of the recent calls failed, lets one probe through after a pause, closes when it succeeds."""

    def __init__(
        self,
        *,
        error_ratio: float = 0.5,
        least_calls: int = 6,
        window_s: float = 30.0,
        pause_s: float = 30.0,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._error_ratio = error_ratio
        self._least_calls = least_calls
        self._window_s = window_s
        self._pause_s = pause_s
        self._now = now
        self._outcomes: deque[tuple[float, bool]] = deque(maxlen=256)
        self._opened_at: float | None = None
        self._probing = False

    @property
    def state(self) -> BreakerState:
        """Return where the breaker stands."""
        if self._opened_at is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if self.retry_in_s > 0 else BreakerState.HALF_OPEN

    @property
    def retry_in_s(self) -> float:
        """Return seconds until the next probe; 0 when calls may pass."""
        if self._opened_at is None:
            return 0.0
        return max(0.0, self._opened_at + self._pause_s - self._now())

    def admits(self) -> bool:
        """Tell whether a call may pass now; in the half-open state only one at a time."""
        if self._opened_at is None:
            return True
        if self.retry_in_s > 0 or self._probing:
            return False
        self._probing = True
        return True

    def record(self, *, success: bool) -> None:
        """Note how an admitted call went."""
        now = self._now()
        if self._opened_at is not None:
            self._probing = False
            self._opened_at = None if success else now
            self._outcomes.clear()
            return
        self._outcomes.append((now, success))
        recent = [good for at, good in self._outcomes if at > now - self._window_s]
        if len(recent) >= self._least_calls and recent.count(False) >= self._error_ratio * len(recent):
            self._opened_at = now

    def release(self) -> None:
        """Give back an admission whose call said nothing about the service, such as a cancelled one."""
        self._probing = False

    def reset(self) -> None:
        """Close the breaker and forget the past, as after a reconnect."""
        self._outcomes.clear()
        self._opened_at = None
        self._probing = False
