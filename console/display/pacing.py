"""How many bytes may be on their way to the terminal: a window that shrinks as soon as answers take longer.

After every frame the terminal is asked a question; its answer says that it has drawn the frame. The window is ruled by
delay, as in TCP Vegas and LEDBAT (RFC 6817), because buffers of SSH and TCP lose nothing, they only grow.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

DELAY_S = 0.06
"""How much later than at best an answer may come."""
TIMEOUT_S = 3.0
"""After so long without an answer it is given up."""
SILENT_PAUSE_S = 0.25
"""The pause between frames for a terminal that has stopped answering."""
LEAST_BYTES = 1500
MOST_BYTES = 512 * 1024
_FIRST_BYTES = 24 * 1024
_SILENT_MISSES = 3
_SAMPLES = 128


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the terminal: the bytes of the frame before it and when it was asked, in seconds."""

    size: int
    at: float


class Pacer:
    """Keeps account of frames and answers; time comes from the clock it is given."""

    def __init__(self, clock: Callable[[], float], *, proven: bool = False) -> None:
        self._clock = clock
        self._open: deque[Question] = deque()
        self._delays: deque[float] = deque(maxlen=_SAMPLES)
        self._heard = 0.0
        self._given_up = 0
        self._misses = 0
        self.proven = proven
        self.window = _FIRST_BYTES
        self.underway = 0

    @property
    def holds(self) -> bool:
        """Whether the next frame must wait for an answer."""
        return self.proven and bool(self._open) and self.underway >= self.window

    def sent(self, size: int) -> bool:
        """Note a frame of so many bytes; return whether to ask the terminal."""
        if not self.proven:
            return False
        self._open.append(Question(size, self._clock()))
        self.underway += size
        return True

    def answered(self, at: float | None = None) -> None:
        """Note an answer, read at a time of the clock or just now; they come in the order of the questions."""
        now = self._clock() if at is None else at
        self._heard = now
        self._misses = 0
        if not self.proven:
            self.proven = True
        elif self._open and not self._is_late(now - self._open[0].at):
            self._count(now)

    def _is_late(self, delay: float) -> bool:
        """Return whether this is more likely the answer to a question given up: it is too fast for the oldest one."""
        if self._given_up and self._delays and delay < min(self._delays) / 2:
            self._given_up -= 1
            return True
        return False

    def _count(self, now: float) -> None:
        question = self._open.popleft()
        delay = now - question.at
        limited = self.underway > self.window // 2
        self.underway -= question.size
        self._delays.append(delay)
        if delay > min(self._delays) + DELAY_S:
            self.window = max(LEAST_BYTES, self.window * 7 // 10)
        elif limited:
            self.window = min(MOST_BYTES, self.window + max(256, question.size // 8))

    def patience(self) -> float:
        """Return the seconds after which to ask `expire` again; 0 where nothing is awaited."""
        if not self._open:
            return 0.0
        limit = TIMEOUT_S if self._misses < _SILENT_MISSES else SILENT_PAUSE_S
        return max(0.0, max(self._heard, self._open[0].at) + limit - self._clock())

    def expire(self) -> bool:
        """Give up what was not answered in time; return whether anything was."""
        if not self._open or self.patience() > 0:
            return False
        self._misses += 1
        self.window = LEAST_BYTES
        self.give_up()
        return True

    def give_up(self) -> None:
        """Wait for no answer any more; those that come all the same are told by how early they seem."""
        self._given_up = len(self._open) + 1
        self._open.clear()
        self.underway = 0
