"""A live log: a bounded ring of lines, followed at its end or held still while it goes on arriving."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Unpack

from rich.segment import Segment
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from widgets.canvas import Naming
from widgets.log_rows import LogRows
from widgets.renderables.log_ring import LogRing
from widgets.renderables.log_row import LogLine
from widgets.renderables.pieces import width_of

__all__ = ["LogLine", "LogView"]

FRAMES_PER_SECOND = 12


class LogView(LogRows):
    """Shows log lines: `extend(lines)` as they arrive; going up pauses, End or G follows again."""

    COMPONENT_CLASSES = {"ink--new"}
    DEFAULT_CSS = """
    LogView > .ink--new { color: $ink-strong; background: $cursor-background; text-style: bold; }
    """
    BINDINGS = [
        Binding("enter", "pick", "Open", id="list.pick", show=False),
        Binding("left", "shift(-1)", "Left", id="log.left", show=False),
        Binding("right", "shift(1)", "Right", id="log.right", show=False),
    ]

    follow: reactive[bool] = reactive(True, repaint=False, init=False)
    """Whether the view stays at the newest line."""

    @dataclass
    class CursorMoved(Message):
        """The user moved the cursor to another line."""

        view: "LogView"
        id: str

    @dataclass
    class Picked(Message):
        """A line was picked, by enter or by a double click."""

        view: "LogView"
        id: str

    @dataclass
    class FollowChanged(Message):
        """The view follows the newest line, or was paused."""

        view: "LogView"
        follow: bool

    @dataclass
    class TopReached(Message):
        """The user is at the oldest line there is; older ones may be wanted."""

        view: "LogView"

    def __init__(self, *, limit: int = 20_000, **naming: Unpack[Naming]) -> None:
        super().__init__(limit=limit, **naming)
        self._arrived = 0
        self._waiting = False

    def on_mount(self) -> None:
        """Show what arrived before."""
        self._frame()

    @property
    def discarded(self) -> int:
        """How many lines left the ring at its old end."""
        return self.ring.discarded

    @property
    def new_count(self) -> int:
        """How many lines arrived since the view was paused."""
        return self._arrived

    @property
    def cursor_line(self) -> LogLine | None:
        """The line under the cursor."""
        return self.ring.lines[self._cursor] if self._cursor < len(self.ring) else None

    @property
    def lines(self) -> tuple[LogLine, ...]:
        """All lines of the ring, oldest first."""
        return tuple(self.ring.lines)

    def extend(self, lines: Iterable[LogLine]) -> None:
        """Add newer lines; they are drawn with the next frame."""
        before = len(self.ring) + self.ring.discarded
        gone = self.ring.extend(lines)
        arrived = len(self.ring) + self.ring.discarded - before
        if not arrived:
            return
        self._cursor = max(0, self._cursor - gone)
        self._top = max(0, self._top - gone)
        self._arrived += 0 if self.follow else arrived
        if self.is_mounted and not self._waiting:
            self._waiting = True
            self.set_timer(1 / FRAMES_PER_SECOND, self._frame)

    def prepend(self, lines: Iterable[LogLine]) -> None:
        """Add older lines; what is in view stays where it is."""
        taken = self.ring.prepend(lines)
        self._cursor += taken
        self._top += taken
        self.forget_rows()

    def replace(self, lines: Iterable[LogLine]) -> None:
        """Show other lines; the cursor stays with its line if that is among them."""
        held = self.cursor_line
        self.ring = LogRing(self.ring.limit)
        self.ring.extend(lines)
        self._arrived = 0
        place = self.ring.place_of(held.id) if held and not self.follow else None
        last = len(self.ring) - 1
        self._cursor = max(0, place if place is not None else last if self.follow else min(self._cursor, last))
        self.forget_rows()
        self.show_cursor()

    def clear(self) -> None:
        """Show no lines."""
        self.replace(())

    def move_to_id(self, line_id: str) -> bool:
        """Put the cursor on a line by its id; tell whether there is one."""
        return self._go(self.ring.place_of(line_id))

    def next_match(self) -> bool:
        """Go to the next newer line that holds a highlighted text; tell whether there is one."""
        return self._go(self.ring.find(self._cursor, 1, self._matches))

    def prev_match(self) -> bool:
        """Go to the next older line that holds a highlighted text; tell whether there is one."""
        return self._go(self.ring.find(self._cursor, -1, self._matches))

    def next_error(self) -> bool:
        """Go to the next newer error; tell whether there is one."""
        return self._go(self.ring.find(self._cursor, 1, _is_error))

    def prev_error(self) -> bool:
        """Go to the next older error; tell whether there is one."""
        return self._go(self.ring.find(self._cursor, -1, _is_error))

    def watch_follow(self, follow: bool) -> None:
        """Go to the newest line, or hold still."""
        self._arrived = 0
        if follow:
            self._cursor = max(0, len(self.ring) - 1)
            self.show_cursor()
        self.redraw()
        self.post_message(self.FollowChanged(self, follow))

    def move_to(self, index: int) -> None:
        """Put the cursor on a line; the end alone does not resume following."""
        if index < self._cursor or index < len(self.ring) - 1:
            self.follow = False
        super().move_to(index)
        if self._cursor == 0 and len(self.ring) > self.page:
            self.post_message(self.TopReached(self))

    def scroll_lines(self, lines: int) -> None:
        """Scroll; going up pauses."""
        if lines < 0:
            self.follow = False
        super().scroll_lines(lines)

    def action_last(self) -> None:
        """Go to the newest line and follow."""
        super().action_last()
        self.follow = True

    def action_pick(self) -> None:
        """Pick the line under the cursor."""
        self.row_picked()

    def action_shift(self, steps: int) -> None:
        """Move the messages sideways."""
        self.shift_sideways(steps)

    def cursor_moved(self) -> None:
        """Tell which line the cursor is on."""
        if held := self.cursor_line:
            self.post_message(self.CursorMoved(self, held.id))

    def row_picked(self) -> None:
        """Tell which line was picked."""
        if held := self.cursor_line:
            self.post_message(self.Picked(self, held.id))

    def under_cursor(self, strip: Strip, focused: bool) -> Strip:
        """Return the cursor's row; at the running end it is not lit, which would flicker."""
        return strip if self.follow else super().under_cursor(strip, focused)

    def draw_line(self, y: int) -> Strip:
        """Return one row; the last one of a paused view says how much arrived since."""
        strip = super().draw_line(y)
        if self.follow or not self._arrived or y != self.extent.height - 1:
            return strip
        note = f" ‖ +{self._arrived:,} new · G follows "
        room = self.extent.width - width_of(note) - 1
        if room < 10:
            return strip
        badge = Segment(note, self.ink("new"))
        return Strip([*strip.crop(0, room), badge, *strip.crop(room + width_of(note))])

    def _frame(self) -> None:
        """Show what arrived since the last frame."""
        self._waiting = False
        self.note_arrivals()
        if self.follow:
            self._cursor = max(0, len(self.ring) - 1)
            self.show_cursor()
        self.redraw()

    def _go(self, place: int | None) -> bool:
        """Go to a place if there is one."""
        if place is None:
            return False
        self.follow = False
        self.move_to(place)
        return True

    def _matches(self, held: LogLine) -> bool:
        """Tell whether a line holds a highlighted text."""
        return self._found is not None and self._found.search(held.text) is not None


def _is_error(held: LogLine) -> bool:
    """Tell whether a line is an error."""
    return held.is_error
