"""The bottom line: the keys that work here, and dimmed those that do not right now."""

from dataclasses import dataclass
from typing import Unpack

from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from widgets import inks
from widgets.canvas import Canvas, Naming
from widgets.renderables.pieces import Piece, line, width_of


@dataclass(frozen=True)
class KeyHint:
    """A key and what it does; where not all fit, the highest `priority` number goes first."""

    key: str
    title: str
    enabled: bool = True
    priority: int = 5
    command: str = ""


class KeyHints(Canvas):
    """Draws key hints in one line, in the order given."""

    COMPONENT_CLASSES = inks.component_classes(inks.BAR, ("hint-off",))
    DEFAULT_CSS = """
    KeyHints { width: 1fr; height: 1; background: $bar-background; }
    KeyHints > .ink--text { background: $bar-background; }
    KeyHints > .ink--hint-off { color: $ink-faint; background: $bar-background; }
    """
    hints: reactive[tuple[KeyHint, ...]] = reactive((), repaint=False)

    @dataclass
    class Picked(Message):
        """A hint was picked with the mouse."""

        hint: KeyHint

    def __init__(self, hints: tuple[KeyHint, ...] = (), **naming: Unpack[Naming]) -> None:
        super().__init__(**naming)
        self.set_reactive(KeyHints.hints, hints)

    def watch_hints(self) -> None:
        """Show the new hints."""
        self.redraw()

    def draw_line(self, y: int) -> Strip:
        """Return the line."""
        if y:
            return Strip([])
        parts = [piece for hint in self._fitted() for piece in _drawn(hint)]
        return Strip(line((Piece(" ", "bar"), *parts), self.ink))

    def on_click(self, event: events.Click) -> None:
        """Pick the hint under the mouse."""
        edge = 1
        for hint in self._fitted():
            edge += _width(hint)
            if event.x < edge:
                if hint.enabled:
                    self.post_message(self.Picked(hint))
                return

    def _fitted(self) -> list[KeyHint]:
        """Return the hints there is room for, in their order."""
        room = self.extent.width - 1
        kept: set[int] = set()
        order = sorted(range(len(self.hints)), key=lambda index: (self.hints[index].priority, index))
        for index in order:
            cells = _width(self.hints[index])
            if cells - 2 <= room:
                kept.add(index)
                room -= cells
        return [hint for index, hint in enumerate(self.hints) if index in kept]


def _drawn(hint: KeyHint) -> list[Piece]:
    """Return the pieces of one hint."""
    if hint.enabled:
        return [Piece(hint.key, "bar-accent"), Piece(f" {hint.title}  ", "bar")]
    return [Piece(f"{hint.key} {hint.title}  ", "hint-off")]


def _width(hint: KeyHint) -> int:
    """Return the cells of one hint with the gap after it."""
    return width_of(hint.key) + width_of(hint.title) + 3
