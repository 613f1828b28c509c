"""Metrics: a wall of charts under one crosshair, and any PromQL expression above it."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.reactive import var

from console.commands.command import Command, bindings
from console.commands.everywhere import EVERYWHERE, LOGS, TRACES
from console.commands.metrics import COMMANDS
from console.messages import PivotAsked
from console.outcome import Facts, Failure
from console.present.charts import Panel
from console.screens.base import ConsoleScreen
from console.time_context import TimeContext
from widgets.metric_chart import ChartData, MetricChart
from widgets.query_bar import QueryBar, QueryError
from widgets.state_panel import PaneKind, PaneState
from widgets.text import clean

if TYPE_CHECKING:
    from api_client.client import AirisClient

MOST_CHARTS = 12
_COLUMNS_BY_WIDTH = ((160, 3), (76, 2), (0, 1))
_AROUND_S = 300.0


class MetricsScreen(ConsoleScreen):
    """Shows the host, or the service in scope; and what is typed."""

    NAME = "metrics"
    OFFERED: ClassVar[tuple[Command, ...]] = (*COMMANDS, LOGS, TRACES)
    BINDINGS = bindings(*OFFERED, *EVERYWHERE)
    CSS_PATH = "metrics.tcss"

    expression: var[str] = var("")
    maximised: var[str] = var("")
    """The id of the chart that has the whole screen."""
    _history: tuple[str, ...] = ()
    _panels: tuple[Panel, ...] = ()

    def compose_body(self) -> ComposeResult:
        """Put the typed expression above, the wall below."""
        with VerticalScroll(id="wall", can_focus=False):
            yield MetricChart(id="adhoc").data_bind(ConsoleScreen.zone)
            with Container(id="charts"):
                for number in range(MOST_CHARTS):
                    yield MetricChart(id=f"chart-{number}").data_bind(ConsoleScreen.zone)
        bar = QueryBar(prompt="PromQL ", placeholder="sum by (mode) (rate(node_cpu_seconds_total[1m]))", id="query")
        bar.display = False
        yield bar

    def on_mount(self) -> None:
        """Begin with the wall alone."""
        super().on_mount()
        self.query_one("#adhoc").display = False
        self.query_one("#chart-0").focus()

    # Facts

    async def load(self, client: "AirisClient") -> Any:
        """Fetch the wall in one call, and the typed expression beside it."""
        from console.feeds.charts import load_charts, load_wall

        points = 300 if self.maximised else 200
        panels, charts = await load_wall(client, self.scope.service, self.window(), MOST_CHARTS, points)
        if not self.expression:
            return panels, charts
        typed = Panel("adhoc", clean(self.expression, 100), self.expression)
        return (typed, *panels), {**charts, **await load_charts(client, (typed,), self.window(), points)}

    def show(self, facts: Any) -> None:
        """Show each chart, or why there is none."""
        panels, charts = facts
        self._panels = panels
        slots = [chart for chart in self.query(MetricChart) if chart.id != "adhoc"]
        for panel in panels:
            chart = self.query_one("#adhoc", MetricChart) if panel.id == "adhoc" else slots.pop(0)
            self._show_chart(chart, panel, charts[panel.id])
        for chart in slots:
            chart.display = False

    def _show_chart(self, chart: MetricChart, panel: Panel, outcome: Any) -> None:
        chart.display = not self.maximised or chart.id == self.maximised
        if isinstance(outcome, Facts):
            chart.data = outcome.value
            empty = PaneState(PaneKind.EMPTY, "no data in this time")
            chart.state = PaneState(PaneKind.LIVE) if outcome.value.series else empty
            return
        if panel.title != chart.data.title:
            chart.data = ChartData(title=panel.title)
        kind = PaneKind.STALE if chart.data.series else PaneKind.FAILED
        chart.state = PaneState(kind, outcome.text, outcome.hint)
        if panel.id == "adhoc":
            bar = self.query_one("#query", QueryBar)
            bar.error = QueryError(outcome.text, 0, len(self.expression))

    def show_failure(self, failure: Failure) -> None:
        """Say it on every chart; what they show stays."""
        starting = self.link_state.kind.value == "starting"
        for chart in self.query(MetricChart):
            kind = PaneKind.STALE if chart.data.series else PaneKind.LOADING if starting else PaneKind.FAILED
            chart.state = PaneState(kind, failure.text, failure.hint)

    def watch_expression(self) -> None:
        """Ask for what was typed."""
        if self.is_mounted:
            self.query_one("#adhoc").display = bool(self.expression)
            self.restart()

    # Room

    def on_resize(self) -> None:
        """Put the charts into as many columns as look well."""
        columns = next(columns for width, columns in _COLUMNS_BY_WIDTH if self.size.width >= width)
        self.query_one("#charts", Container).styles.grid_size_columns = columns

    def watch_maximised(self) -> None:
        """Give one chart the screen, or all their places back."""
        if not self.is_mounted:
            return
        self.set_class(bool(self.maximised), "-maximised")
        for chart in self.query(MetricChart):
            chart.display = chart.id == self.maximised if self.maximised else bool(chart.data.title)
        adhoc = self.query_one("#adhoc")
        if not self.maximised:
            adhoc.display = bool(self.expression)
        self.query_one("#charts").display = self.maximised != "adhoc"
        self.restart()

    # What can be done

    @property
    def chosen(self) -> MetricChart | None:
        """The chart under the cursor."""
        return self.focused if isinstance(self.focused, MetricChart) else None

    def why_not(self, action: str) -> str | None:
        """Say why a command does nothing now."""
        if action == "maximise" and self.chosen is None and not self.maximised:
            return "No chart is chosen; tab goes from chart to chart"
        if action == "cursor_off" and self.cursor_time() is None:
            return "There is no crosshair; ← and → set one"
        return super().why_not(action)

    def action_query_bar(self) -> None:
        """Open the query bar."""
        bar = self.query_one("#query", QueryBar)
        bar.display = True
        bar.history = self._history
        bar.value = self.expression
        bar.focus_input()

    @on(QueryBar.Submitted)
    def _ask(self, message: QueryBar.Submitted) -> None:
        text = message.text.strip()
        if text:
            self._history = (*(entry for entry in self._history if entry != text), text)[-50:]
        self.query_one("#query", QueryBar).error = None
        self._close_bar()
        self.expression = text
        if text:
            self.query_one("#adhoc").focus()

    @on(QueryBar.Closed)
    def _close_bar(self) -> None:
        self.query_one("#query", QueryBar).display = False
        first = next(chart for chart in self.query(MetricChart) if chart.display)
        first.focus()

    def action_maximise(self) -> None:
        """Give the chosen chart the screen, or take it back."""
        self.maximised = "" if self.maximised or self.chosen is None else self.chosen.id or ""

    def action_cursor_off(self) -> None:
        """Take the crosshair away."""
        for chart in self.query(MetricChart):
            chart.cursor = None
        self.refresh_hints()

    @on(MetricChart.CursorMoved)
    def _share_cursor(self, message: MetricChart.CursorMoved) -> None:
        for chart in self.query(MetricChart):
            chart.cursor = message.moment
        self.refresh_hints()

    def cursor_time(self) -> float | None:
        """Return the moment under the crosshair."""
        return next((chart.cursor for chart in self.query(MetricChart) if chart.cursor is not None), None)

    def close_inner(self) -> bool:
        """Close the query bar, then the maximised chart, then the crosshair, then the typed expression."""
        if self.query_one("#query", QueryBar).display:
            self._close_bar()
        elif self.maximised:
            self.maximised = ""
        elif self.cursor_time() is not None:
            self.action_cursor_off()
        else:
            return False
        return True

    def pivot_to(self, screen: str) -> PivotAsked | None:
        """Carry the moment under the crosshair, or the whole range."""
        at = self.cursor_time()
        if at is None:
            return PivotAsked(screen)
        return PivotAsked(screen, TimeContext(2 * _AROUND_S, min(self.desk.now(), at + _AROUND_S)))

    def copyable(self) -> tuple[str, str]:
        """Copy the expression of the chosen chart."""
        if self.chosen is None:
            return "", ""
        place = next((panel for panel in self._panels if panel.title == self.chosen.data.title.split(" (", 1)[0]), None)
        return (place.expr, "the PromQL of this chart") if place else ("", "")

    def query_text(self) -> str:
        """Return the typed expression."""
        return self.expression

    def arrive(self, query: str, focus: str) -> None:
        """Show the expression that another screen asks about."""
        del focus
        self.expression = query
        if query:
            self.query_one("#adhoc").focus()


SCREEN = MetricsScreen
