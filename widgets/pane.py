"""A pane: a title line that says how true it is, and under it the content, or why there is none."""

from typing import Unpack

from textual.app import ComposeResult
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from widgets import inks
from widgets.canvas import Canvas, Naming
from widgets.renderables.pieces import Piece, spread
from widgets.state_panel import LIVE, LOADING, PaneKind, PaneState, StatePanel

_QUIET = {PaneKind.LIVE}


class PaneTitle(Canvas):
    """The first line of a pane: its title, a note, and the badge of its state."""

    COMPONENT_CLASSES = inks.component_classes(inks.STATUS)
    DEFAULT_CSS = """
    PaneTitle { width: 1fr; height: 1; }
    """
    title: reactive[str] = reactive("", repaint=False)
    note: reactive[str] = reactive("", repaint=False)
    state: reactive[PaneState] = reactive(LOADING, repaint=False)
    lit: reactive[bool] = reactive(False, repaint=False)

    def watch_title(self) -> None:
        """Show the new title."""
        self.redraw()

    def watch_note(self) -> None:
        """Show the new note."""
        self.redraw()

    def watch_state(self) -> None:
        """Show the new state."""
        self.redraw()

    def watch_lit(self) -> None:
        """Show whether keys go to this pane."""
        self.redraw()

    def draw_line(self, y: int) -> Strip:
        """Return the line."""
        if y:
            return Strip([])
        left = [Piece("▍", "accent" if self.lit else "rule"), Piece(self.title, "title" if self.lit else "strong")]
        if self.note:
            left.append(Piece(f"  {self.note}", "muted"))
        right = [] if self.state.kind in _QUIET else [self.state.badge, Piece(" ")]
        return Strip(spread(left, right, self.extent.width, self.ink, Piece(" ", "text")))


class Pane(Widget):
    """Holds one content widget; shows the state in its place while there is nothing to show."""

    DEFAULT_CSS = """
    Pane { width: 1fr; height: 1fr; layout: vertical; }
    Pane > StatePanel { display: none; }
    Pane.-bare > StatePanel { display: block; }
    Pane.-bare > .pane--content { display: none; }
    """
    state: reactive[PaneState] = reactive(LOADING)
    """How true the content is; loading, empty and failed take its place while `filled` is False."""
    filled: reactive[bool] = reactive(False)
    """Whether there is content worth keeping on the screen."""

    def __init__(self, title: str, content: Widget, **naming: Unpack[Naming]) -> None:
        super().__init__(**naming, markup=False)
        self._title = PaneTitle()
        self._title.title = title
        self._panel = StatePanel()
        self._content = content
        content.add_class("pane--content")

    def compose(self) -> ComposeResult:
        """Title, state, content."""
        yield self._title
        yield self._panel
        yield self._content

    def retitle(self, title: str | None = None, note: str | None = None) -> None:
        """Change the title or the note beside it; both are clean already."""
        if title is not None:
            self._title.title = title
        if note is not None:
            self._title.note = note

    def watch_state(self, state: PaneState) -> None:
        """Show the state as a badge, or in place of the content."""
        bare = not self.filled and state.kind is not PaneKind.LIVE
        self._title.state = LIVE if bare else state
        self._panel.state = state
        self.set_class(bare, "-bare")

    def watch_filled(self) -> None:
        """Show content or state."""
        self.watch_state(self.state)

    def on_descendant_focus(self) -> None:
        """Light the title while keys go to the content."""
        self._title.lit = True

    def on_descendant_blur(self) -> None:
        """Dim the title again."""
        self._title.lit = False
