"""A list of lines with a cursor: moving, scrolling, mouse and scroll bar; what a line shows is the subclass's."""

from typing import Unpack

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.strip import Strip

from widgets.canvas import Canvas, Naming
from widgets.renderables.scrollbar import THUMB, thumb

SCROLL_STEP = 3


class LineList(Canvas, can_focus=True):
    """Draws the visible lines of any number; a subclass answers `line_total`, `draw_row` and `draw_head`."""

    BINDINGS = [
        Binding("down,j", "cursor(1)", "Down", id="list.down", show=False),
        Binding("up,k", "cursor(-1)", "Up", id="list.up", show=False),
        Binding("pagedown", "page(1)", "Page down", id="list.page-down", show=False),
        Binding("pageup", "page(-1)", "Page up", id="list.page-up", show=False),
        Binding("ctrl+d", "half_page(1)", "Half page down", id="list.half-page-down", show=False),
        Binding("ctrl+u", "half_page(-1)", "Half page up", id="list.half-page-up", show=False),
        Binding("home,g", "first", "First", id="list.first", show=False),
        Binding("end,G", "last", "Last", id="list.last", show=False),
    ]
    DEFAULT_CSS = """
    LineList { width: 1fr; height: 1fr; }
    """
    HEAD = 0
    GUTTER = 2

    def __init__(self, **naming: Unpack[Naming]) -> None:
        super().__init__(**naming)
        self._cursor = 0
        self._top = 0

    def line_total(self) -> int:
        """Return how many lines there are in all."""
        raise NotImplementedError

    def draw_row(self, index: int, width: int) -> list[Segment]:
        """Return the segments of line `index`."""
        raise NotImplementedError

    def draw_head(self, y: int, width: int) -> list[Segment]:
        """Return the segments of header line `y`, of which there are `HEAD`."""
        raise NotImplementedError

    def draw_nothing(self, y: int, width: int) -> list[Segment]:
        """Return the segments of line `y` of an empty list."""
        del y, width
        return []

    def top_to_show(self, index: int) -> int:
        """Return the least top from which line `index` is in view to its end."""
        return index - self.page + 1

    def index_at(self, y: int) -> int:
        """Return the line at row `y` below the header; it may be past the last one."""
        return self._top + y

    def cursor_moved(self) -> None:
        """Take note that the cursor is on another line."""

    def row_picked(self) -> None:
        """Take note that the line under the cursor was picked."""

    def is_marked(self, index: int) -> bool:
        """Tell whether a line carries the user's mark."""
        del index
        return False

    @property
    def cursor_index(self) -> int:
        """The line the cursor is on."""
        return self._cursor

    @property
    def top(self) -> int:
        """The first line in view."""
        return self._top

    @property
    def page(self) -> int:
        """How many lines are in view."""
        return max(1, self.extent.height - self.HEAD)

    def move_to(self, index: int) -> None:
        """Put the cursor on a line, as near as there is one, and bring it into view."""
        index = max(0, min(index, self.line_total() - 1))
        moved = index != self._cursor
        self._cursor = index
        self.show_cursor()
        self.redraw()
        if moved:
            self.cursor_moved()

    def show_cursor(self) -> None:
        """Scroll as little as needed to have the cursor in view."""
        self._top = max(min(self._top, self._cursor), self.top_to_show(self._cursor))
        self._clamp()

    def scroll_lines(self, lines: int) -> None:
        """Scroll the view; the cursor stays inside it."""
        self._top += lines
        self._clamp()
        inside = max(self._top, min(self._cursor, self.index_at(self.page - 1)))
        if inside != self._cursor:
            self.move_to(inside)
        else:
            self.redraw()

    def draw_line(self, y: int) -> Strip:
        """Return a header line, a row or the scroll bar beside it."""
        width = self.extent.width
        if y < self.HEAD:
            return Strip(self.draw_head(y, width))
        total = self.line_total()
        if total == 0:
            return Strip(self.draw_nothing(y - self.HEAD, width))
        scrolls = total > self.page
        room = width - (1 if scrolls else 0)
        strip = self.draw_place(y - self.HEAD, room)
        if not scrolls:
            return strip
        bar = thumb(y - self.HEAD, self.page, self._top, total)
        return Strip([*strip, Segment(bar, self.ink("faint" if bar == THUMB else "rule"))], width)

    def draw_place(self, y: int, width: int) -> Strip:
        """Return row `y` below the header in exactly `width` cells."""
        index = self._top + y
        return self.row_strip(index, width) if index < self.line_total() else Strip.blank(width, self.ground)

    def row_strip(self, index: int, width: int) -> Strip:
        """Return a row with its gutter, in the look of the cursor if it is there."""
        here = index == self._cursor
        focused = here and self.has_focus
        mark = "◆" if self.is_marked(index) else " "
        gutter = Segment("▌" if here else " ", self.ink("accent" if focused else "faint"))
        row = [gutter, Segment(mark, self.ink("accent")), *self.draw_row(index, width - self.GUTTER)]
        strip = Strip(row).adjust_cell_length(width, self.ground)
        return strip if not here else self.under_cursor(strip, focused)

    def under_cursor(self, strip: Strip, focused: bool) -> Strip:
        """Return a row in the look of the cursor: a background, or reversed where the theme has no backgrounds."""
        look = self.ink("cursor" if focused else "cursor-blurred")
        if look.reverse:
            if not focused:
                return strip
            return Strip([Segment(strip.text, self.ground + Style(reverse=True))], strip.cell_length)
        return lit(strip, look, self.ground)

    def on_extent(self) -> None:
        """Keep the cursor in view in the new size."""
        self.show_cursor()

    def watch_has_focus(self, _focused: bool) -> None:
        """Show by the cursor whether keys come here."""
        super().watch_has_focus(_focused)
        self.redraw()

    def action_cursor(self, lines: int) -> None:
        """Move the cursor by lines."""
        self.move_to(self._cursor + lines)

    def action_page(self, pages: int) -> None:
        """Move the cursor by whole pages."""
        self._leap(pages * max(1, self.page - 1))

    def action_half_page(self, halves: int) -> None:
        """Move the cursor by half pages."""
        self._leap(halves * max(1, self.page // 2))

    def action_first(self) -> None:
        """Move the cursor to the first line."""
        self.move_to(0)

    def action_last(self) -> None:
        """Move the cursor to the last line."""
        self.move_to(self.line_total() - 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        event.stop()
        self.scroll_lines(SCROLL_STEP)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up."""
        event.stop()
        self.scroll_lines(-SCROLL_STEP)

    def on_click(self, event: events.Click) -> None:
        """Select the line under the mouse; a second click picks it."""
        place = event.get_content_offset(self)
        if place is None or place.y < self.HEAD:
            return
        index = self.index_at(place.y - self.HEAD)
        if index >= self.line_total():
            return
        self.move_to(index)
        if event.chain >= 2:
            self.row_picked()

    def _leap(self, lines: int) -> None:
        """Move the view and the cursor together."""
        self._top += lines
        self._clamp()
        self.move_to(self._cursor + lines)

    def _clamp(self) -> None:
        """Keep the view inside the lines."""
        self._top = max(0, min(self._top, self.top_to_show(self.line_total() - 1)))


def lit(strip: Strip, look: Style, ground: Style) -> Strip:
    """Return a row on the background of the look; what has a background of its own keeps it."""
    light = Style(bgcolor=look.bgcolor)
    segments = [
        segment if segment.style is None or segment.style.bgcolor != ground.bgcolor else _on(segment, light)
        for segment in strip
    ]
    return Strip(segments, strip.cell_length)


def _on(segment: Segment, light: Style) -> Segment:
    """Return a segment on another background."""
    return Segment(segment.text, (segment.style or Style()) + light)
