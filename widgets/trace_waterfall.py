"""A trace as a waterfall: a tree that folds, bars on an axis that zooms."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Unpack

from rich.segment import Segment
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive

from widgets import inks
from widgets.canvas import Naming
from widgets.line_list import LineList
from widgets.renderables.pieces import Piece, draw, fit, line
from widgets.renderables.span_tree import ROOT, SpanRow, SpanTree, build_tree
from widgets.renderables.waterfall import TimeWindow, bar_pieces, name_pieces, ruler, service_inks

__all__ = ["SpanRow", "SpanTree", "TraceWaterfall", "build_tree"]

LEAST_NAME, MOST_NAME = 22, 64
CLOSEST_MS = 0.000_1


class TraceWaterfall(LineList):
    """Shows a `span_tree` of spans (see `build_tree`); only what is in view is drawn."""

    COMPONENT_CLASSES = inks.component_classes(inks.SERVICE, inks.STATUS, inks.MARK)
    BINDINGS = [
        Binding("enter", "toggle_fold", "Fold or open", id="trace.toggle", show=False),
        Binding("left", "fold", "Fold", id="trace.fold", show=False),
        Binding("right", "unfold", "Unfold", id="trace.unfold", show=False),
        Binding("plus,equals_sign", "zoom(0.5)", "Zoom in", id="trace.zoom-in", show=False),
        Binding("minus", "zoom(2)", "Zoom out", id="trace.zoom-out", show=False),
        Binding("0", "whole", "Whole trace", id="trace.whole", show=False),
        Binding("shift+left", "pan(-0.25)", "Earlier", id="trace.earlier", show=False),
        Binding("shift+right", "pan(0.25)", "Later", id="trace.later", show=False),
    ]
    HEAD = 1

    span_tree: reactive[SpanTree] = reactive(SpanTree(), repaint=False)
    """The spans, laid out by `build_tree`, which for a large trace belongs into a thread."""
    folded: reactive[frozenset[str]] = reactive(frozenset(), repaint=False)
    """The ids of the spans whose children are hidden."""
    critical: reactive[frozenset[str]] = reactive(frozenset(), repaint=False)
    """The ids of the spans on the critical path; where there are any, the others step back."""
    window: reactive[TimeWindow] = reactive(TimeWindow(0.0, 0.0), repaint=False)
    """The part of the time that is in view."""

    @dataclass
    class CursorMoved(Message):
        """The cursor is on another span."""

        id: str

    @dataclass
    class Picked(Message):
        """A span was picked, by enter where nothing folds or by a double click."""

        id: str

    def __init__(self, tree: SpanTree | None = None, **naming: Unpack[Naming]) -> None:
        super().__init__(**naming)
        self._visible: list[int] = []
        self._inks: dict[str, str] = {}
        self._grid: frozenset[int] = frozenset()
        if tree is not None:
            self.set_reactive(TraceWaterfall.span_tree, tree)
            self._take(tree)

    @property
    def cursor_span(self) -> SpanRow | None:
        """The span under the cursor."""
        return self.span_tree.spans[self._visible[self._cursor]] if self._cursor < len(self._visible) else None

    def watch_span_tree(self, old: SpanTree, tree: SpanTree) -> None:
        """Show another trace, or the same with more spans: then fold, window and cursor stay."""
        known = old is not tree and self._cursor < len(self._visible)
        held = old.spans[self._visible[self._cursor]] if known else None
        keep = held is not None and any(span.id == held.id for span in tree.spans)
        self._take(tree, keep_window=keep)
        self._cursor = 0
        if keep and held is not None:
            self.move_to_id(held.id)
        self.redraw()

    def watch_folded(self) -> None:
        """Hide what is folded; the cursor stays on its span or goes to the one that hides it."""
        place = self._visible[self._cursor] if self._cursor < len(self._visible) else 0
        self._visible = self.span_tree.visible(self.folded)
        self._cursor = self._nearest(place)
        self.show_cursor()
        self.redraw()

    def watch_critical(self) -> None:
        """Show the critical path."""
        self.redraw()

    def watch_window(self) -> None:
        """Show another part of the time."""
        self.redraw()

    def move_to_id(self, span_id: str) -> bool:
        """Put the cursor on a span, unfolding what hides it; tell whether there is one."""
        place = next((n for n, span in enumerate(self.span_tree.spans) if span.id == span_id), ROOT)
        if place == ROOT:
            return False
        hiding = set()
        parent = self.span_tree.parents[place]
        while parent != ROOT:
            hiding.add(self.span_tree.spans[parent].id)
            parent = self.span_tree.parents[parent]
        self.folded -= hiding
        self.move_to(self._nearest(place))
        return True

    def fold_all(self) -> None:
        """Hide everything below the roots."""
        self.folded = frozenset(s.id for n, s in enumerate(self.span_tree.spans) if self.span_tree.has_children(n))

    def unfold_all(self) -> None:
        """Show every span."""
        self.folded = frozenset()

    def fold_level(self, depth: int) -> None:
        """Hide everything deeper than a level, roots being level 0."""
        tree = self.span_tree
        self.folded = frozenset(
            s.id for n, s in enumerate(tree.spans) if tree.depths[n] >= depth and tree.has_children(n)
        )

    def next_error(self) -> bool:
        """Go to the next failed span, unfolding what hides it; tell whether there is one."""
        return self._go_to_error(1)

    def prev_error(self) -> bool:
        """Go to the failed span before, unfolding what hides it; tell whether there is one."""
        return self._go_to_error(-1)

    def action_toggle_fold(self) -> None:
        """Fold or unfold the span under the cursor; pick it if there is nothing to fold."""
        span = self.cursor_span
        if span is None:
            return
        if self.span_tree.has_children(self._visible[self._cursor]):
            self.folded ^= {span.id}
        else:
            self.row_picked()

    def action_fold(self) -> None:
        """Fold the span under the cursor, or go to its parent."""
        span = self.cursor_span
        if span is None:
            return
        place = self._visible[self._cursor]
        if self.span_tree.has_children(place) and span.id not in self.folded:
            self.folded |= {span.id}
        elif self.span_tree.parents[place] != ROOT:
            self.move_to(self._nearest(self.span_tree.parents[place]))

    def action_unfold(self) -> None:
        """Unfold the span under the cursor, or go to its first child."""
        span = self.cursor_span
        if span is None or not self.span_tree.has_children(self._visible[self._cursor]):
            return
        if span.id in self.folded:
            self.folded -= {span.id}
        else:
            self.move_to(self._cursor + 1)

    def action_zoom(self, factor: float) -> None:
        """Zoom around the middle of the span under the cursor, or of the view where it is outside."""
        span, window = self.cursor_span, self.window
        middle = (window.start_ms + window.end_ms) / 2
        wanted = (span.offset_ms + span.end_ms) / 2 if span else middle
        around = wanted if window.start_ms <= wanted <= window.end_ms else middle
        closer = window.zoomed(factor, around)
        if closer.end_ms - closer.start_ms >= CLOSEST_MS:
            self.window = closer.within(self.span_tree.start_ms, self.span_tree.end_ms)

    def action_pan(self, share: float) -> None:
        """Move the view by a share of its length."""
        step = (self.window.end_ms - self.window.start_ms) * share
        moved = TimeWindow(self.window.start_ms + step, self.window.end_ms + step)
        self.window = moved.within(self.span_tree.start_ms, self.span_tree.end_ms)

    def action_whole(self) -> None:
        """Show the whole trace."""
        self.window = TimeWindow(self.span_tree.start_ms, self.span_tree.end_ms)

    def line_total(self) -> int:
        """Return how many spans are not hidden."""
        return len(self._visible)

    def draw_head(self, y: int, width: int) -> list[Segment]:
        """Return the ruler."""
        del y, width
        name, bars = self._split()
        times, self._grid = ruler(self.window, bars)
        title = f"{len(self.span_tree.spans):,} spans"
        return line((Piece(" " * self.GUTTER + fit(title, name + 1), "muted"), Piece(times, "muted")), self.ink)

    def draw_row(self, index: int, width: int) -> list[Segment]:
        """Return a span: its name and its bar."""
        del width
        name, bars = self._split()
        place = self._visible[index]
        span = self.span_tree.spans[place]
        ink = self._inks[span.service]
        pieces = name_pieces(self.span_tree, place, folded=span.id in self.folded, ink=ink, width=name)
        bar = ink if not self.critical or span.id in self.critical else "faint"
        return [
            *draw(tuple(pieces), name, self.ink),
            Segment(" ", self.ground),
            *line(bar_pieces(span, self.window, bars, bar, self._grid), self.ink),
        ]

    def draw_nothing(self, y: int, width: int) -> list[Segment]:
        """Return the text of an empty trace."""
        return draw((Piece("  "), Piece("No spans", "muted")), width, self.ink) if y == 0 else []

    def cursor_moved(self) -> None:
        """Tell which span the cursor is on."""
        if (span := self.cursor_span) is not None:
            self.post_message(self.CursorMoved(span.id))

    def row_picked(self) -> None:
        """Tell which span was picked."""
        if (span := self.cursor_span) is not None:
            self.post_message(self.Picked(span.id))

    def _take(self, tree: SpanTree, *, keep_window: bool = False) -> None:
        """Lay out a tree."""
        self._visible = tree.visible(self.folded)
        self._inks = service_inks(span.service for span in tree.spans)
        if not keep_window:
            self.set_reactive(TraceWaterfall.window, TimeWindow(tree.start_ms, tree.end_ms))

    def _split(self) -> tuple[int, int]:
        """Return the cells of the names and of the bars."""
        room = self.extent.width - self.GUTTER - 2
        name = max(LEAST_NAME, min(MOST_NAME, room * 2 // 5))
        return min(name, max(1, room - 1)), max(1, room - name)

    def _nearest(self, place: int) -> int:
        """Return the visible row of a place, or of the span that hides it."""
        return max(0, bisect_right(self._visible, place) - 1)

    def _go_to_error(self, step: int) -> bool:
        """Go to the nearest failed span in one direction, folded or not."""
        place = (self._visible[self._cursor] if self._visible else 0) + step
        while 0 <= place < len(self.span_tree.spans):
            if self.span_tree.spans[place].error:
                return self.move_to_id(self.span_tree.spans[place].id)
            place += step
        return False
