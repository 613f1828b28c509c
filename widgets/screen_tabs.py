"""The line of screens: a digit, a name and a badge each, the active one lit."""

from dataclasses import dataclass, replace
from typing import Unpack

from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from widgets import inks
from widgets.canvas import Canvas, Naming
from widgets.renderables.pieces import Piece, line, width_of

GAP = 2
WHOLE = 99


@dataclass(frozen=True)
class ScreenTab:
    """One screen: its id, key, title, a small badge in the ink of its importance, and a title for narrow terminals."""

    id: str
    key: str
    title: str
    badge: str = ""
    badge_ink: str = "muted"
    short: str = ""


class ScreenTabs(Canvas):
    """Draws the screens in one line; names shorten where it is narrow."""

    COMPONENT_CLASSES = inks.component_classes(inks.BAR, inks.SEVERITY, inks.STATUS, ("tab",))
    DEFAULT_CSS = """
    ScreenTabs { width: 1fr; height: 1; }
    ScreenTabs > .ink--tab { color: $ink-accent; text-style: bold underline; }
    """
    tabs: reactive[tuple[ScreenTab, ...]] = reactive((), repaint=False)
    active: reactive[str] = reactive("", repaint=False)

    @dataclass
    class Picked(Message):
        """A screen was picked with the mouse."""

        id: str

    def __init__(self, tabs: tuple[ScreenTab, ...] = (), active: str = "", **naming: Unpack[Naming]) -> None:
        super().__init__(**naming)
        self.set_reactive(ScreenTabs.tabs, tabs)
        self.set_reactive(ScreenTabs.active, active)

    def watch_tabs(self) -> None:
        """Show the new badges."""
        self.redraw()

    def watch_active(self) -> None:
        """Show the new active screen."""
        self.redraw()

    def draw_line(self, y: int) -> Strip:
        """Return the line."""
        if y:
            return Strip([])
        parts = [piece for tab in self._fitted() for piece in self._drawn(tab)]
        return Strip(line((Piece(" "), *parts), self.ink))

    def on_click(self, event: events.Click) -> None:
        """Pick the screen under the mouse."""
        edge = 1
        for tab in self._fitted():
            edge += sum(width_of(piece.text) for piece in self._drawn(tab))
            if event.x < edge:
                self.post_message(self.Picked(tab.id))
                return

    def _drawn(self, tab: ScreenTab) -> list[Piece]:
        """Return the pieces of one screen."""
        active = tab.id == self.active
        pieces = [Piece(tab.key, "accent" if active else "faint"), Piece(" ")]
        if tab.title:
            pieces.append(Piece(tab.title, "tab" if active else "muted"))
        if tab.badge:
            pieces.append(Piece(f" {tab.badge}", tab.badge_ink))
        return [*pieces, Piece(" " * GAP)]

    def _fitted(self) -> list[ScreenTab]:
        """Return the screens with names as long as there is room: whole, short, cut, then only the active one's."""
        room = self.extent.width - 1
        for letters in (WHOLE, 7, 5, 4, 3, 0):
            tabs = [self._shortened(tab, letters) for tab in self.tabs]
            if sum(width_of(piece.text) for tab in tabs for piece in self._drawn(tab)) - GAP <= room:
                return tabs
        return tabs if self.tabs else []

    def _shortened(self, tab: ScreenTab, letters: int) -> ScreenTab:
        """Return the screen with at most that many letters in its name, unless it is the active one."""
        if tab.id == self.active or letters == WHOLE:
            return tab
        title = (tab.short or tab.title)[:letters]
        return replace(tab, title=title, badge=tab.badge if letters else "")
