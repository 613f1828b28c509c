"""A bounded run of log lines: what is oldest goes first, and how much went is known."""

import re
from collections.abc import Callable, Iterable

from widgets.renderables.log_row import LogLine

SLACK = 8  # the ring may overshoot by an eighth, so that lines are dropped in blocks and not one by one


class LogRing:
    """Keeps the newest `limit` lines."""

    def __init__(self, limit: int = 20_000) -> None:
        self.limit = limit
        self.lines: list[LogLine] = []
        self.discarded = 0

    def __len__(self) -> int:
        return len(self.lines)

    def extend(self, lines: Iterable[LogLine]) -> int:
        """Add newer lines; return how many of the oldest went."""
        self.lines.extend(lines)
        over = len(self.lines) - self.limit
        if over <= self.limit // SLACK:
            return 0
        del self.lines[:over]
        self.discarded += over
        return over

    def prepend(self, lines: Iterable[LogLine]) -> int:
        """Add older lines as far as there is room; return how many were taken."""
        older = list(lines)[-max(0, self.limit - len(self.lines)) :] if len(self.lines) < self.limit else []
        self.lines[:0] = older
        return len(older)

    def place_of(self, line_id: str) -> int | None:
        """Return the place of a line by its id, searched from the newest."""
        for place in range(len(self.lines) - 1, -1, -1):
            if self.lines[place].id == line_id:
                return place
        return None

    def find(self, after: int, step: int, wanted: Callable[[LogLine], bool]) -> int | None:
        """Return the next place in direction `step` whose line is wanted."""
        place = after + step
        while 0 <= place < len(self.lines):
            if wanted(self.lines[place]):
                return place
            place += step
        return None


def any_of(texts: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern that finds any of the texts in either case, `None` for no texts."""
    wanted = sorted({text for text in texts if text}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, wanted)), re.IGNORECASE) if wanted else None
