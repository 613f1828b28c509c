"""The top line: where you are, what you look at, how bad it is, and whether it can be trusted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Unpack

from textual.reactive import reactive
from textual.strip import Strip

from widgets import inks
from widgets.canvas import Canvas, Naming
from widgets.renderables import words
from widgets.renderables.pieces import Piece, spread, width_of


@dataclass(frozen=True, kw_only=True)
class StatusLine:
    """What the top line says; every text is clean already (see `widgets.text`)."""

    product: str = "AIRIS"
    context: str = ""
    scope: str = ""
    time_range: str = ""
    live: bool = True
    firing: tuple[tuple[str, int], ...] = ()
    connection: str = "ok"
    connection_text: str = ""
    simulation: bool = False
    read_only: bool = False
    clock: str = ""


class StatusBar(Canvas):
    """Draws the top line in one row; the least important parts go first where the screen is narrow."""

    COMPONENT_CLASSES = inks.component_classes(inks.BAR, inks.SEVERITY, inks.STATUS)
    DEFAULT_CSS = """
    StatusBar { width: 1fr; height: 1; background: $bar-background; }
    StatusBar > .ink--text { background: $bar-background; }
    """
    status: reactive[StatusLine] = reactive(StatusLine(), repaint=False)

    def __init__(self, status: StatusLine | None = None, **naming: Unpack[Naming]) -> None:
        super().__init__(**naming)
        if status is not None:
            self.set_reactive(StatusBar.status, status)

    def watch_status(self) -> None:
        """Show the new facts."""
        self.redraw()

    def draw_line(self, y: int) -> Strip:
        """Return the line."""
        if y:
            return Strip([])
        left, right = _arranged(self.status, self.extent.width)
        return Strip(spread(left, right, self.extent.width, self.ink, Piece(" ", "bar")))


def _arranged(status: StatusLine, width: int) -> tuple[list[Piece], list[Piece]]:
    """Return the two ends of the line with as many parts as fit, the most important first."""
    parts = sorted(_parts(status), key=lambda part: part[0])
    chosen: list[tuple[int, bool, int, list[Piece]]] = []
    room = width - 1
    for importance, at_right, place, part in parts:
        cells = sum(width_of(text) for text, _ in part) + 2
        if cells <= room:
            room -= cells
            chosen.append((place, at_right, importance, part))
    chosen.sort(key=lambda part: part[0])
    gap = Piece("  ", "bar")
    left = [piece for _, at_right, _, part in chosen if not at_right for piece in (*part, gap)]
    right = [piece for _, at_right, _, part in chosen if at_right for piece in (gap, *part)]
    return [Piece(" ", "bar"), *left[:-1]], [*right[1:], Piece(" ", "bar")]


def _parts(status: StatusLine) -> Iterator[tuple[int, bool, int, list[Piece]]]:
    """Yield the parts as importance (0 first), whether at the right end, place, pieces."""
    yield 1, False, 0, [Piece(status.product, "bar-accent")]
    if status.simulation:
        yield 0, False, 1, [Piece(" SIMULATION ", "simulation")]
    if status.context:
        yield 2, False, 2, [Piece(status.context, "bar-strong")]
    if status.read_only:
        yield 6, False, 3, [Piece("read-only", "bar-muted")]
    if status.scope:
        yield 5, False, 4, [Piece("◎ ", "bar-muted"), Piece(status.scope, "bar")]
    if status.firing:
        yield 3, True, 5, list(_firing(status.firing))
    if status.time_range:
        mark = Piece("● " if status.live else "‖ ", "status-live" if status.live else "status-paused")
        word = "" if status.live else " paused"
        yield 4, True, 6, [mark, Piece(status.time_range + word, "bar")]
    connection_ink = f"status-{status.connection}"
    mark = Piece(words.STATE_MARKS.get(status.connection, "?"), connection_ink)
    trouble = status.connection not in {"ok", "live"}
    text = status.connection_text or (status.connection if trouble else "")
    yield 2 if trouble else 7, True, 7, [mark, Piece(f" {text}" if text else "", connection_ink if trouble else "bar")]
    if status.clock:
        yield 6, True, 8, [Piece(status.clock, "bar-strong")]


def _firing(firing: tuple[tuple[str, int], ...]) -> Iterator[Piece]:
    """Yield the counts of firing alerts by severity; nothing firing is said too."""
    shown = [(severity, count) for severity, count in firing if count]
    if not shown:
        yield Piece("✓ none firing", "status-ok")
    for number, (severity, count) in enumerate(shown):
        yield Piece(f"{'  ' if number else ''}{words.severity_glyph(severity)} {count:,}", f"severity-{severity}")
