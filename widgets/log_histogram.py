"""How many lines there were, by level and over time, with a span to choose."""

from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Unpack

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from widgets import inks
from widgets.canvas import Canvas, Naming
from widgets.renderables import words
from widgets.renderables.axis import clock, label_line, time_ticks
from widgets.renderables.histogram_bars import Block, Bucket, HistogramData, columns, stack
from widgets.renderables.pieces import Piece, line, spread
from widgets.renderables.scale import Scale
from widgets.renderables.units import count

__all__ = ["Bucket", "HistogramData", "LogHistogram"]

ABOVE, BELOW = 1, 1
SHADE = "░"
CALM = {"info": "faint", "debug": "calm", "trace": "calm"}


class LogHistogram(Canvas, can_focus=True):
    """Draws a summary line, stacked columns and a time axis; left and right choose a time, with shift a span."""

    COMPONENT_CLASSES = inks.component_classes(inks.LEVEL, inks.MARK, ("calm",))
    BINDINGS = [
        Binding("left", "step(-1)", "Back", id="histogram.back", show=False),
        Binding("right", "step(1)", "Forward", id="histogram.forward", show=False),
        Binding("shift+left", "extend(-1)", "Extend back", id="histogram.extend-back", show=False),
        Binding("shift+right", "extend(1)", "Extend forward", id="histogram.extend-forward", show=False),
        Binding("enter", "choose", "Narrow to the span", id="histogram.choose", show=False),
    ]
    DEFAULT_CSS = """
    LogHistogram { width: 1fr; height: 7; min-height: 3; }
    LogHistogram > .ink--calm { color: $ink-faint 60%; }
    """

    data: reactive[HistogramData] = reactive(HistogramData(), repaint=False)
    """What is drawn."""
    zone: reactive[tzinfo] = reactive(UTC, repaint=False)
    """The zone of the time axis."""
    span: reactive[tuple[float, float] | None] = reactive(None, repaint=False)
    """The chosen span in Unix seconds."""

    @dataclass
    class SpanSelected(Message):
        """A span was chosen to be looked at alone."""

        histogram: "LogHistogram"
        start: float
        end: float

    def __init__(self, data: HistogramData | None = None, **naming: Unpack[Naming]) -> None:
        super().__init__(**naming)
        self._stacks: list[list[Block]] | None = None
        self._anchor = 0
        self._cell = -1
        if data is not None:
            self.set_reactive(LogHistogram.data, data)

    def watch_data(self) -> None:
        """Stack the new counts with the next frame."""
        self._stacks = None
        self.redraw()

    def watch_zone(self) -> None:
        """Label the axis anew."""
        self.redraw()

    def watch_span(self, span: tuple[float, float] | None) -> None:
        """Show the span; without one the next starts at the newest time."""
        if span is None:
            self._cell = -1
        self.redraw()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Show by the summary whether keys come here."""
        super().watch_has_focus(_has_focus)
        self.redraw()

    def on_extent(self) -> None:
        """Stack for the new size."""
        self._stacks = None

    def action_step(self, cells: int) -> None:
        """Choose one column, further on."""
        self._cell = self._moved(cells)
        self._anchor = self._cell
        self._choose()

    def action_extend(self, cells: int) -> None:
        """Make the span longer or shorter."""
        fresh = self._cell < 0
        self._cell = self._moved(cells)
        self._anchor = self._cell if fresh else self._anchor
        self._choose()

    def action_choose(self) -> None:
        """Tell the span."""
        if self.span is not None:
            self.post_message(self.SpanSelected(self, *self.span))

    def on_click(self, event: events.Click) -> None:
        """Choose the column under the mouse; with shift up to it; a second click tells the span."""
        place = event.get_content_offset(self)
        if place is None:
            return
        self._cell = max(0, min(self.extent.width - 1, place.x))
        self._anchor = self._anchor if event.shift and self.span else self._cell
        self._choose()
        if event.chain >= 2:
            self.action_choose()

    def draw_line(self, y: int) -> Strip:
        """Return the summary, a row of columns or the axis."""
        width, height = self.extent
        if y == 0:
            return Strip(self._summary(width))
        if y == height - BELOW:
            ticks = time_ticks(self.data.start, self.data.end, max(1, width // 12), self.zone)
            places = [(self._scale().place(tick.at), tick.label) for tick in ticks]
            return Strip(line((Piece(label_line(places, width), "muted"),), self.ink))
        return Strip(self._row(height - BELOW - 1 - y))

    def _row(self, level: int) -> list[Segment]:
        """Return row `level` of the columns, counted from the bottom."""
        first, last = self._chosen_cells()
        segments: list[Segment] = []
        for cell, blocks in enumerate(self._stacked()):
            block = blocks[level] if level < len(blocks) else Block()
            chosen = first <= cell <= last
            if chosen and not block.lower and self.ink("cursor").reverse:
                segments.append(Segment(SHADE, self.ink("chosen")))  # no backgrounds to choose from
            else:
                segments.append(Segment(block.glyph, self._style(block, chosen)))
        return list(Segment.simplify(segments))

    def _style(self, block: Block, chosen: bool) -> Style:
        """Return the colours of a block: the lower level, and behind it the upper one or the chosen span."""
        style = self.ink(_ink(block.lower)) if block.lower else self.ground
        if block.upper:
            return style + Style(bgcolor=self.ink(_ink(block.upper)).color)
        look = self.ink("cursor")
        return style + Style(bgcolor=look.bgcolor) if chosen and not look.reverse else style

    def _summary(self, width: int) -> list[Segment]:
        """Return the counts in words, and the chosen span at the end."""
        totals = self.data.totals()
        pieces = [Piece("▌" if self.has_focus else " ", "accent")]
        pieces += [Piece(count(sum(totals.values())), "title"), Piece(" lines", "muted")]
        for level, number in totals.items():
            ink = "muted" if level in CALM else f"level-{level}"
            pieces += [Piece(f"   {words.level(level).text} ", ink), Piece(count(number), "text")]
        return spread(pieces, [Piece(self._span_text(), "chosen")] if self.span else [], width, self.ink)

    def _span_text(self) -> str:
        """Return the chosen span in words."""
        start, end = self.span or (0.0, 0.0)
        whole = self.data.end - self.data.start
        return f"{clock(start, self.zone, whole)} → {clock(end, self.zone, whole)} ⏎"

    def _stacked(self) -> list[list[Block]]:
        """Return the columns, stacked once for data and size."""
        if self._stacks is None:
            width, height = self._measure()
            counts = columns(self.data, width)
            most = max((sum(cell.values()) for cell in counts), default=0)
            self._stacks = [stack(cell, most, max(1, height - ABOVE - BELOW)) for cell in counts]
        return self._stacks

    def _scale(self) -> Scale:
        """Return the scale from times to cells."""
        return Scale(self.data.start, self.data.end, self.extent.width)

    def _moved(self, cells: int) -> int:
        """Return the cell further on; without one yet, the newest."""
        last = self.extent.width - 1
        return last if self._cell < 0 else max(0, min(last, self._cell + cells))

    def _choose(self) -> None:
        """Choose the span from the anchor to the cell, both included."""
        width = max(1, self.extent.width)
        length = (self.data.end - self.data.start) / width
        first, last = sorted((self._anchor, self._cell))
        self.span = (self.data.start + first * length, self.data.start + (last + 1) * length)

    def _chosen_cells(self) -> tuple[int, int]:
        """Return the first and last cell of the span, (1, 0) for none."""
        whole = self.data.end - self.data.start
        if self.span is None or whole <= 0:
            return 1, 0
        start, end = ((moment - self.data.start) / whole * self.extent.width for moment in self.span)
        return round(start), round(end) - 1


def _ink(level: str) -> str:
    """Return the ink of a level; what is harmless stays in the background, so that errors stand out."""
    return CALM.get(level, f"level-{level}")
