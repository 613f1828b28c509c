"""The drawing half of a log: rows of a ring in columns, wrapped or shifted sideways, with texts lit."""

import re
from typing import Unpack

from rich.segment import Segment
from textual.reactive import reactive

from widgets import inks
from widgets.canvas import Naming
from widgets.renderables.log_ring import LogRing, any_of
from widgets.renderables.log_row import LogColumns, height_of, log_columns, log_row, wrapped_rows
from widgets.renderables.pieces import Piece, draw, line, width_of
from widgets.tall_list import Row, TallList

SHIFT = 16
KEPT_ROWS = 2_000


class LogRows(TallList):
    """Draws the lines of `ring`; a row once drawn is kept until its look changes."""

    COMPONENT_CLASSES = inks.component_classes(inks.LEVEL, inks.MATCH, inks.MARK, inks.STATUS)

    wrap: reactive[bool] = reactive(False, repaint=False)
    """Whether long messages take several rows."""
    highlight: reactive[tuple[str, ...]] = reactive((), repaint=False)
    """Texts that are lit wherever they occur, in either case."""
    empty_text: reactive[str] = reactive("No log lines yet", repaint=False)
    """What an empty log says."""

    def __init__(self, *, limit: int = 20_000, **naming: Unpack[Naming]) -> None:
        super().__init__(**naming)
        self.ring = LogRing(limit)
        self._drawn: dict[int, list[Row]] = {}
        self._columns = LogColumns(0, 0, 0, 1, fields=False)
        self._time_width = 0
        self._shift = 0
        self._found: re.Pattern[str] | None = None

    def watch_wrap(self) -> None:
        """Lay the lines out anew; the cursor stays in view."""
        self.forget_rows()
        self.show_cursor()

    def watch_highlight(self, highlight: tuple[str, ...]) -> None:
        """Light the texts."""
        self._found = any_of(highlight)
        self.forget_rows()

    def watch_empty_text(self) -> None:
        """Show the new text."""
        self.redraw()

    def line_total(self) -> int:
        """Return how many lines there are."""
        return len(self.ring)

    def shift_sideways(self, steps: int) -> None:
        """Move the messages left or right, as far as the longest one in view reaches."""
        in_view = {index for index, _ in self.places()}
        longest = max((width_of(self.ring.lines[index].text) for index in in_view), default=0)
        self._shift = max(0, min(self._shift + steps * SHIFT, longest - SHIFT))
        self.forget_rows()

    def forget_rows(self) -> None:
        """Draw every row anew: another width, another look, other lines."""
        self._drawn.clear()
        self._time_width = self._widest_time()
        self._columns = log_columns(max(1, self.extent.width - self.GUTTER - 1), self._time_width)
        self.redraw()

    def note_arrivals(self) -> None:
        """Make room for longer times, if the newest line has one."""
        if self._widest_time() > self._time_width:
            self.forget_rows()

    def notify_style_update(self) -> None:
        """Forget rows in the colours of before."""
        super().notify_style_update()
        self._drawn.clear()

    def on_extent(self) -> None:
        """Lay out for the new size."""
        self._drawn.clear()
        self._columns = log_columns(max(1, self.extent.width - self.GUTTER - 1), self._time_width)
        super().on_extent()

    def height_of_line(self, index: int) -> int:
        """Return the rows a line takes."""
        return height_of(self.ring.lines[index], self._columns) if self.wrap else 1

    def draw_nothing(self, y: int, width: int) -> list[Segment]:
        """Return the text of an empty log."""
        if y != min(1, self.page - 1):
            return []
        return draw((Piece(" " * self.GUTTER), Piece(self.empty_text, "muted")), width, self.ink)

    def draw_parts(self, index: int) -> list[Row]:
        """Return the rows of a line, one or with `wrap` several."""
        number = index + self.ring.discarded
        rows = self._drawn.get(number)
        if rows is None:
            held = self.ring.lines[index]
            if self.wrap:
                rows = [line(parts, self.ink) for parts in wrapped_rows(held, self._columns, self._found)]
            else:
                rows = [line(log_row(held, self._columns, self._found, self._shift), self.ink)]
            if len(self._drawn) > KEPT_ROWS:
                self._drawn.clear()
            self._drawn[number] = rows
        return rows

    def _widest_time(self) -> int:
        """Return the cells of the time of the last line that has one; all times of a log look alike."""
        newest = reversed(self.ring.lines[-8:])
        return next((width_of(held.time_text) for held in newest if held.time_text), self._time_width)
