"""A chart of metrics over time, from a small tile to a whole screen."""

from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Unpack

from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from widgets import inks
from widgets.canvas import Canvas, Naming
from widgets.renderables.axis import clock
from widgets.renderables.legend import LEAST_LABEL, legend_head, legend_line, legend_row
from widgets.renderables.line_chart import ChartData, ChartMark, ChartSeries, Plot, Threshold, plan, plot_row
from widgets.renderables.pieces import Piece, cut, draw, line, spread, width_of
from widgets.renderables.units import format_value
from widgets.state_panel import LIVE, PaneKind, PaneState, message

__all__ = ["ChartData", "ChartMark", "ChartSeries", "MetricChart", "Threshold"]

COMPACT_HEIGHT = 8
COMPACT_WIDTH = 34
FIGURES_WIDTH = 60


class MetricChart(Canvas, can_focus=True):
    """Draws `data`: a title line, lines in braille, axes, legend; below 8 rows the plot and the last value only."""

    COMPONENT_CLASSES = inks.component_classes(inks.CHART, inks.STATUS, inks.MARK, inks.SEVERITY)
    BINDINGS = [
        Binding("left", "step(-1)", "Back", id="chart.back", show=False),
        Binding("right", "step(1)", "Forward", id="chart.forward", show=False),
        Binding("shift+left", "step(-10)", "Far back", id="chart.far-back", show=False),
        Binding("shift+right", "step(10)", "Far forward", id="chart.far-forward", show=False),
    ]
    DEFAULT_CSS = """
    MetricChart { width: 1fr; height: 1fr; min-height: 4; }
    """

    data: reactive[ChartData] = reactive(ChartData(), repaint=False)
    """What is drawn; a new value draws anew, the same one costs nothing."""
    cursor: reactive[float | None] = reactive(None, repaint=False)
    """The time of the crosshair, shared between charts by the screen."""
    state: reactive[PaneState] = reactive(LIVE, repaint=False)
    """How true the chart is."""
    zone: reactive[tzinfo] = reactive(UTC, repaint=False)
    """The zone of the time axis."""
    hidden: reactive[frozenset[str]] = reactive(frozenset(), repaint=False)
    """The labels of the series that are switched off."""

    @dataclass
    class CursorMoved(Message):
        """The crosshair is at another moment, in Unix seconds."""

        chart: "MetricChart"
        moment: float

        @property
        def control(self) -> "MetricChart":
            """The chart itself."""
            return self.chart

    def __init__(self, data: ChartData | None = None, **naming: Unpack[Naming]) -> None:
        super().__init__(**naming)
        self._plot: Plot | None = None
        if data is not None:
            self.set_reactive(MetricChart.data, data)

    def watch_data(self) -> None:
        """Plan the new data with the next frame."""
        self._forget()

    def watch_hidden(self) -> None:
        """Plan without the hidden series."""
        self._forget()

    def watch_zone(self) -> None:
        """Label the axis anew."""
        self._forget()

    def watch_cursor(self) -> None:
        """Draw the crosshair over the plot there is."""
        self.redraw()

    def watch_state(self) -> None:
        """Show the new state."""
        self.redraw()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Show by the title whether keys come here."""
        super().watch_has_focus(_has_focus)
        self.redraw()

    def on_extent(self) -> None:
        """Plan for the new size."""
        self._plot = None

    @property
    def compact(self) -> bool:
        """Whether there is room for the plot only."""
        return self.extent.height < COMPACT_HEIGHT or self.extent.width < COMPACT_WIDTH

    def action_step(self, cells: int) -> None:
        """Move the crosshair by cells; without one it starts at the end."""
        scale = self._planned().across
        cell = scale.cells - 1 if self.cursor is None else scale.place(self.cursor) + cells
        self._move_to_cell(cell)

    def on_click(self, event: events.Click) -> None:
        """Put the crosshair under the mouse."""
        place = event.get_content_offset(self)
        if place is not None and self.data.series:
            self._move_to_cell(place.x - self._planned().left)

    def draw_line(self, y: int) -> Strip:
        """Return one line: title, plot, times or legend."""
        width, height = self.extent
        plot = self._planned()
        rows = plot.raster.height
        if y == 0:
            return Strip(self._title(width))
        if self._empty:
            return self._message_line(y - 1, height - 1)
        if y <= rows:
            return Strip(line(plot_row(plot, y - 1, self._crosshair(plot)), self.ink))
        if self.compact:
            return Strip([])
        if y == rows + 1:
            return Strip(line((Piece(plot.time_line, "muted"),), self.ink))
        return Strip(draw(tuple(self._legend(y - rows - 2, width)), width, self.ink))

    @property
    def _empty(self) -> bool:
        """Whether there is no line to draw."""
        return not self.data.series

    def _title(self, width: int) -> list[Segment]:
        """Return the title, at its end the badge of the state and the last or pointed value."""
        title = [Piece("▌" if self.has_focus else " ", "accent"), Piece(self.data.title, "title")]
        parts: list[Piece] = []
        if self.state.kind is not PaneKind.LIVE and not (self._empty and self.state.kind is PaneKind.EMPTY):
            parts.append(self.state.badge)
        if self.compact and self.data.series:
            figures = [format_value(value, self.data.unit) for value in self._values()[:3]]
            parts.append(Piece(" · ".join(figures), "strong"))
        if self.cursor is not None:
            parts.append(Piece(clock(self.cursor, self.zone, self.data.end - self.data.start), "crosshair"))
        room = width - min(sum(width_of(text) for text, _ in title), width // 3) - 2
        right = _fitting(parts, room)
        fill = Piece("─", "rule") if self.compact else Piece(" ")
        return spread(title, right, width, self.ink, fill)

    def _legend(self, row: int, width: int) -> list[Piece]:
        """Return one row of the legend."""
        values = self._values()
        shown = self._legend_rows() - 1
        if shown < 1:
            return legend_line(self.data, width, values, self.hidden) if row == 0 else []
        if row == 0:
            return legend_head(self.data, width, "at cursor" if self.cursor is not None else "")
        if row == shown and shown < len(self.data.series):
            rest = len(self.data.series) - shown + 1
            return [Piece(f"   +{rest} more", "muted")]
        if row <= min(shown, len(self.data.series)):
            return legend_row(self.data, row - 1, width, values[row - 1], self.hidden)
        return []

    def _legend_rows(self) -> int:
        """Return the rows the legend takes: a table where it may, else one line."""
        width, height = self.extent
        if self.compact or self._empty:
            return 0
        wide = width >= max(FIGURES_WIDTH, LEAST_LABEL)
        return 1 + min(len(self.data.series), height // 4) if wide and height >= 14 else 1

    def _values(self) -> list[float | None]:
        """Return the value of each series at the cursor, or its last."""
        if self.cursor is None:
            return [series.last for series in self.data.series]
        cell = (self.data.end - self.data.start) / max(1, self._planned().across.cells)
        reach = max(self.data.step, cell)
        return [series.at(self.cursor, reach) for series in self.data.series]

    def _crosshair(self, plot: Plot) -> int | None:
        """Return the cell of the crosshair, if it is in the range."""
        if self.cursor is None or not self.data.start <= self.cursor <= self.data.end:
            return None
        return plot.across.place(self.cursor)

    def _message_line(self, y: int, height: int) -> Strip:
        """Return one line of what is said where there is nothing to draw."""
        state = self.state if self.state.kind is not PaneKind.LIVE else PaneState(PaneKind.EMPTY, "no series")
        lines = message(state, self.extent.width)
        row = y - max(0, (height - len(lines)) // 2)
        if not 0 <= row < len(lines):
            return Strip([])
        indent = max(0, (self.extent.width - width_of(lines[row].text)) // 2)
        return Strip(line((Piece(" " * indent), lines[row]), self.ink))

    def _planned(self) -> Plot:
        """Return the plot, planned once for data and size."""
        if self._plot is None:
            width, height = self._measure()
            below = 0 if self.compact else 1 + self._legend_rows()
            self._plot = plan(
                self.data,
                max(1, width),
                max(1, height - 1 - below),
                zone=self.zone,
                hidden=self.hidden,
                axes=not self.compact,
            )
        return self._plot

    def _move_to_cell(self, cell: int) -> None:
        """Put the crosshair on a cell of the plot."""
        scale = self._planned().across
        self.cursor = scale.value(max(0, min(scale.cells - 1, cell)))
        self.post_message(self.CursorMoved(self, self.cursor))

    def _forget(self) -> None:
        """Forget the plot and draw anew."""
        self._plot = None
        self.redraw()


def _fitting(parts: list[Piece], room: int) -> list[Piece]:
    """Return the parts that fit, with gaps between them; the first, which may say the data is stale, never goes."""
    pieces: list[Piece] = []
    for part in parts:
        used = sum(width_of(text) for text, _ in pieces)
        if pieces and used + width_of(part.text) + 2 > room:
            continue
        pieces += [Piece("  "), part] if pieces else [Piece(cut(part.text, room), part.ink)]
    return pieces
