"""The drawing half of a log: rows of a ring in columns, wrapped or shifted sideways, with texts lit."""

import re
from typing import Unpack

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip

from widgets import inks
from widgets.canvas import Naming
from widgets.line_list import LineList
from widgets.renderables.log_ring import LogRing, any_of
from widgets.renderables.log_row import LogColumns, height_of, log_columns, log_row, wrapped_rows
from widgets.renderables.pieces import Piece, draw, line, width_of

SHIFT = 16
KEPT_ROWS = 2_000

Row = list[Segment]


class LogRows(LineList):
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
        self._places: list[tuple[int, int]] = []

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
        in_view = {index for index, _ in self._visible()}
        longest = max((width_of(self.ring.lines[index].text) for index in in_view), default=0)
        self._shift = max(0, min(self._shift + steps * SHIFT, longest - SHIFT))
        self.forget_rows()

    def forget_rows(self) -> None:
        """Draw every row anew: another width, another look, other lines."""
        self._drawn.clear()
        newest = self.ring.lines[-1:] + self.ring.lines[:1]
        self._time_width = max((width_of(held.time_text) for held in newest), default=0)
        self._columns = log_columns(max(1, self.extent.width - self.GUTTER - 1), self._time_width)
        self.redraw()

    def redraw(self) -> None:
        """Draw everything anew with the next frame."""
        self._places = []
        super().redraw()

    def notify_style_update(self) -> None:
        """Forget rows in the colours of before."""
        super().notify_style_update()
        self._drawn.clear()

    def on_extent(self) -> None:
        """Lay out for the new size."""
        self._drawn.clear()
        self._places = []
        self._columns = log_columns(max(1, self.extent.width - self.GUTTER - 1), self._time_width)
        super().on_extent()

    def top_to_show(self, index: int) -> int:
        """Return the least top from which line `index` is in view to its end."""
        if not self.wrap or index < 0:
            return super().top_to_show(index)
        rows = 0
        top = index
        while top >= 0:
            rows += height_of(self.ring.lines[top], self._columns)
            if rows > self.page:
                break
            top -= 1
        return min(index, top + 1)

    def index_at(self, y: int) -> int:
        """Return the line at row `y`."""
        if not self.wrap:
            return super().index_at(y)
        places = self._visible()
        return places[y][0] if y < len(places) else (places[-1][0] if places else 0)

    def draw_place(self, y: int, width: int) -> Strip:
        """Return row `y` of the view in exactly `width` cells."""
        places = self._visible()
        if y >= len(places):
            return Strip.blank(width, self.ground)
        index, part = places[y]
        here = index == self.cursor_index
        gutter = Segment("▌ " if here else "  ", self.ink("accent" if self.has_focus else "faint"))
        strip = Strip([gutter, *self._rows(index)[part]]).adjust_cell_length(width, self.ground)
        return self.under_cursor(strip, self.has_focus) if here else strip

    def draw_nothing(self, y: int, width: int) -> list[Segment]:
        """Return the text of an empty log."""
        if y != min(1, self.page - 1):
            return []
        return draw((Piece(" " * self.GUTTER), Piece(self.empty_text, "muted")), width, self.ink)

    def _visible(self) -> list[tuple[int, int]]:
        """Return the line and the part of it that each row of the view shows."""
        if not self._places:
            index, total = self._top, len(self.ring)
            while index < total and len(self._places) < self.page:
                parts = height_of(self.ring.lines[index], self._columns) if self.wrap else 1
                self._places += [(index, part) for part in range(parts)]
                index += 1
            del self._places[self.page :]
        return self._places

    def _rows(self, index: int) -> list[Row]:
        """Return the drawn rows of a line, one or with `wrap` several."""
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
