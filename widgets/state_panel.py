"""How true a pane is: live, paused, loading, empty, partial, stale or failed, in one look everywhere."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Unpack

from textual.reactive import reactive
from textual.strip import Strip

from widgets import inks
from widgets.canvas import Canvas, Naming
from widgets.renderables.pieces import Piece, cut, draw, line, width_of
from widgets.renderables.words import STATE_MARKS


class PaneKind(StrEnum):
    """The states a pane can be in."""

    LIVE = "live"
    PAUSED = "paused"
    LOADING = "loading"
    EMPTY = "empty"
    PARTIAL = "partial"
    STALE = "stale"
    FAILED = "failed"


@dataclass(frozen=True)
class PaneState:
    """The state of a pane: what is the case, and in `hint` what the user can do about it; both clean already."""

    kind: PaneKind
    text: str = ""
    hint: str = ""

    @property
    def ink(self) -> str:
        """The ink the state is drawn in."""
        return f"status-{self.kind.value}"

    @property
    def badge(self) -> Piece:
        """The state in a few words, for a title line."""
        words = f"{self.kind.value} {self.text}" if self.kind is PaneKind.PAUSED and self.text else self.text
        return Piece(f"{STATE_MARKS[self.kind.value]} {words or self.kind.value}", self.ink)


LIVE = PaneState(PaneKind.LIVE)
LOADING = PaneState(PaneKind.LOADING, "loading…")


class StateBadge(Canvas):
    """One line that says how true its pane is; as wide as its words."""

    COMPONENT_CLASSES = inks.component_classes(inks.STATUS)
    DEFAULT_CSS = """
    StateBadge { width: auto; height: 1; }
    """
    state: reactive[PaneState] = reactive(LIVE, layout=True)

    def __init__(self, state: PaneState = LIVE, **naming: Unpack[Naming]) -> None:
        super().__init__(**naming)
        self.set_reactive(StateBadge.state, state)

    def get_content_width(self, *_sizes: object) -> int:
        """Return the width of the words."""
        return width_of(self.state.badge.text)

    def watch_state(self) -> None:
        """Show the new state."""
        self.redraw()

    def draw_line(self, y: int) -> Strip:
        """Return the badge."""
        return Strip(line((self.state.badge,), self.ink) if y == 0 else [])


class StatePanel(Canvas):
    """Fills a pane with its state: a glyph and the fact, under it what to do."""

    COMPONENT_CLASSES = inks.component_classes(inks.STATUS)
    DEFAULT_CSS = """
    StatePanel { width: 1fr; height: 1fr; }
    """
    state: reactive[PaneState] = reactive(LOADING, repaint=False)

    def __init__(self, state: PaneState = LOADING, **naming: Unpack[Naming]) -> None:
        super().__init__(**naming)
        self.set_reactive(StatePanel.state, state)

    def watch_state(self) -> None:
        """Show the new state."""
        self.redraw()

    def draw_line(self, y: int) -> Strip:
        """Return one line of the message, which stands a little above the middle."""
        lines = message(self.state, self.extent.width)
        start = max(0, (self.extent.height - len(lines)) * 2 // 5)
        if not start <= y < start + len(lines):
            return Strip([])
        piece = lines[y - start]
        indent = max(0, (self.extent.width - width_of(piece.text)) // 2)
        return Strip(draw((Piece(" " * indent), piece), self.extent.width, self.ink))


def message(state: PaneState, width: int) -> list[Piece]:
    """Return the lines of a message that fills a pane."""
    text = state.text or state.kind.value
    lines = [Piece(cut(f"{STATE_MARKS[state.kind.value]}  {text}", width), state.ink)]
    if state.hint:
        lines += [Piece(""), *(Piece(part, "muted") for part in folded(state.hint, max(10, width - 4)))]
    return lines


def folded(text: str, width: int) -> list[str]:
    """Return a text in lines of at most `width` cells, broken between words."""
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        longer = f"{current} {word}" if current else word
        if current and width_of(longer) > width:
            lines.append(current)
            current = word
        else:
            current = longer
    return [cut(part, width) for part in (*lines, current)]
