"""What burns now: alerts, services, the host, log volume, and whether the sources can be trusted."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from console.commands.command import Command, bindings
from console.commands.everywhere import CHARTS, EVERYWHERE, LOGS, TRACES
from console.link import LinkKind
from console.messages import PivotAsked, ScopeChosen
from console.outcome import Facts, Failure, Outcome
from console.present.panes import show_facts, show_failed
from console.present.times import age
from console.scope import Scope
from console.screens.base import ConsoleScreen, Desk
from console.time_context import TimeContext
from widgets.alert_table import AlertTable
from widgets.data_list import DataList, KeyedList
from widgets.log_histogram import LogHistogram
from widgets.metric_chart import MetricChart
from widgets.pane import Pane
from widgets.state_panel import PaneKind, PaneState

if TYPE_CHECKING:
    from typing import Any

    from api_client.client import AirisClient

MOST_CHARTS = 12
_COLUMNS_BY_WIDTH = ((160, 4), (100, 3), (0, 2))
_CHART_HEIGHT = 7
_NEXT_FRAME_S = 0.03

ALL_SERVICES = Command(id="overview.all", title="All services", help="Take the service out of the scope",
                       action="all_services", key="x", hint=6)  # fmt: skip


class OverviewScreen(ConsoleScreen):
    """One look at everything."""

    NAME = "overview"
    OFFERED: ClassVar[tuple[Command, ...]] = (LOGS, TRACES, CHARTS, ALL_SERVICES)
    BINDINGS = bindings(*OFFERED, *EVERYWHERE)
    CSS_PATH = "overview.tcss"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._fresh: dict[str, float] = {}
        """When each pane and chart last had good facts, by its id."""
        self._furnished = False

    def compose_body(self) -> ComposeResult:
        """Leave room for the panes, which come right after the first frame."""
        yield Container(id="overview")

    def on_mount(self) -> None:
        """Paint the frame first."""
        super().on_mount()
        self.set_timer(_NEXT_FRAME_S, self._furnish)

    async def _furnish(self) -> None:
        """Put alerts and services above, charts between, logs and sources below; then say how things stand."""
        alerts = AlertTable(empty_text="Nothing fires", id="alerts")
        services = DataList(_service_columns(), empty_text="No spans yet", id="services")
        volume = LogHistogram(id="volume").data_bind(ConsoleScreen.zone)
        sources = DataList(_source_columns(), empty_text="No sources", id="sources")
        top = Container(
            Pane("Alerts", alerts, id="alerts-pane"), Pane("Services", services, id="services-pane"), id="top"
        )
        bottom = Container(
            Pane("Log volume", volume, id="volume-pane"), Pane("Sources", sources, id="sources-pane"), id="bottom"
        )
        await self.query_one("#overview").mount_all([top, Container(id="charts"), bottom])
        self._furnished = True
        if self.link_state.kind is not LinkKind.CONNECTED:
            self.show_failure(Failure(self.link_state.text, self.link_state.hint))
        alerts.focus()
        self._arrange()

    # Facts

    async def load(self, client: "AirisClient") -> "Any":
        """Fetch all panes at once."""
        from console.feeds.overview import load_overview

        return await load_overview(client, self.scope, self.window(), self._room_for_charts())

    def restart(self) -> None:
        """Ask now, unless nobody is connected yet: the screen asks by itself as soon as the link is there."""
        if self._furnished and self.link_state.kind is not LinkKind.STARTING:
            super().restart()

    def show(self, facts: "Any") -> None:
        """Fill each pane by its own outcome."""
        self._show_alerts()
        services = self._settled("services-pane", facts.services, "No service has sent spans in this time")
        if services is not None:
            self.query_one("#services", DataList).rows = services
        volume = self._settled("volume-pane", facts.logs, "")
        if volume is not None:
            self.query_one("#volume", LogHistogram).data = volume
        sources = self._settled("sources-pane", facts.sources, "")
        if sources is not None:
            self.query_one("#sources", DataList).rows = sources
        self._show_charts(facts.charts)

    def show_failure(self, failure: Failure) -> None:
        """Say it on every pane; what they hold stays, with its age."""
        for pane in self.query(Pane):
            if not self._fresh and self.link_state.kind.value == "starting":
                pane.state = PaneState(PaneKind.LOADING, failure.text)
            else:
                show_failed(pane, failure, self._fresh.get(pane.id or ""), self.desk.now())
        for chart in self.query(MetricChart):
            kind = PaneKind.LOADING if self.link_state.kind.value == "starting" else PaneKind.FAILED
            chart.state = self._failed_chart(chart, failure, kind)

    def watch_open_alerts(self) -> None:
        """Show alerts as soon as they change."""
        if self._furnished and self._fresh:
            self._show_alerts()

    def _show_alerts(self) -> None:
        from console.present.alerts import alert_rows

        rows = alert_rows(self.open_alerts, self.desk.now())
        self.query_one("#alerts", AlertTable).rows = rows
        self._fresh["alerts-pane"] = self.desk.now()
        pane = self.query_one("#alerts-pane", Pane)
        pane.retitle(note=f"{len(rows)} open" if rows else "")
        show_facts(pane, empty="" if rows else "Nothing fires", hint="Rules are evaluated every ten seconds")

    def _settled(self, pane_id: str, outcome: "Outcome[Any]", empty: str) -> "Any":
        pane = self.query_one(f"#{pane_id}", Pane)
        if isinstance(outcome, Failure):
            show_failed(pane, outcome, self._fresh.get(pane_id), self.desk.now())
            return None
        self._fresh[pane_id] = outcome.at_s
        show_facts(pane, empty=empty if empty and not outcome.value else "")
        return outcome.value

    def _show_charts(self, charts: "dict[str, Outcome[Any]]") -> None:
        widgets = list(self.query(MetricChart))
        for widget, outcome in zip(widgets, charts.values(), strict=False):
            widget.display = True
            widget.zone = self.zone
            if isinstance(outcome, Facts):
                widget.data = outcome.value
                widget.state = _chart_state(outcome.value)
                self._fresh[widget.id or ""] = outcome.at_s
            else:
                widget.state = self._failed_chart(widget, outcome, PaneKind.FAILED)
        for widget in widgets[len(charts) :]:
            widget.display = False

    def _failed_chart(self, chart: MetricChart, failure: Failure, bare: PaneKind) -> PaneState:
        """Return the state of a chart whose request failed: what it shows stays, with its age."""
        since = self._fresh.get(chart.id or "")
        if since is None or not chart.data.series:
            return PaneState(bare, failure.text, failure.hint)
        return PaneState(PaneKind.STALE, f"{age(self.desk.now() - since)} old: {failure.text}", failure.hint)

    # Room

    def on_resize(self) -> None:
        """Make use of the new room."""
        if self._furnished:
            self._arrange()

    def _arrange(self) -> None:
        """Show as many charts as have room, in as many columns as look well; new ones come after the frame."""
        self.query_one("#charts", Container).styles.grid_size_columns = self._chart_columns()
        shown = self._room_for_charts()
        for number, chart in enumerate(self.query(MetricChart)):
            chart.display = number < shown
        self.set_timer(_NEXT_FRAME_S, self._add_charts)
        self.restart()

    def _add_charts(self) -> None:
        """Make the charts that there is room for and that are not there yet."""
        numbers = range(len(self.query(MetricChart)), self._room_for_charts())
        if numbers:
            self.query_one("#charts", Container).mount_all(MetricChart(id=f"chart-{number}") for number in numbers)
            self.restart()

    def _chart_columns(self) -> int:
        return next(columns for width, columns in _COLUMNS_BY_WIDTH if self.size.width >= width)

    def _room_for_charts(self) -> int:
        rows = max(1, min(3, (self.size.height - 20) // _CHART_HEIGHT))
        return min(MOST_CHARTS, self._chart_columns() * rows)

    # What can be done

    def why_not(self, action: str) -> str | None:
        """Say why a command does nothing here."""
        if action == "all_services" and self.scope.service is None:
            return "All services are shown already"
        return super().why_not(action)

    def action_all_services(self) -> None:
        """Take the service out of the scope."""
        self.post_message(ScopeChosen(Scope()))

    def copyable(self) -> tuple[str, str]:
        """Copy the row under the cursor."""
        focused = self.focused
        if isinstance(focused, KeyedList) and focused.cursor_key:
            return focused.cursor_key, "the key of this row"
        return "", ""

    def pivot_to(self, screen: str) -> PivotAsked | None:
        """Carry the service under the cursor."""
        return PivotAsked(screen, scope=self._chosen_scope())

    def _chosen_scope(self) -> Scope:
        focused = self.focused
        if isinstance(focused, DataList) and focused.id == "services" and focused.cursor_key:
            return self.scope.of_service(focused.cursor_key)
        return self.scope

    @on(DataList.Picked, "#services")
    def _look_at_service(self) -> None:
        self.post_message(PivotAsked("traces", scope=self._chosen_scope()))

    @on(DataList.Picked, "#sources")
    def _look_at_sources(self) -> None:
        self.post_message(PivotAsked("sources"))

    @on(AlertTable.Picked)
    def _look_at_alert(self, message: AlertTable.Picked) -> None:
        self.post_message(PivotAsked("alerts", focus=message.key))

    @on(LogHistogram.SpanSelected)
    def _look_at_span(self, message: LogHistogram.SpanSelected) -> None:
        time = TimeContext(span_s=message.end - message.start, end_s=message.end)
        self.post_message(PivotAsked("logs", context=time))

    @on(MetricChart.CursorMoved)
    def _share_cursor(self, message: MetricChart.CursorMoved) -> None:
        for chart in self.query(MetricChart):
            chart.cursor = message.moment

    def cursor_time(self) -> float | None:
        """Return the moment under the crosshair of the focused chart."""
        return self.focused.cursor if isinstance(self.focused, MetricChart) else None


def _chart_state(data: "Any") -> PaneState:
    return PaneState(PaneKind.LIVE) if data.series else PaneState(PaneKind.EMPTY, "no data in this time")


def _service_columns() -> "Any":
    from console.present.services import COLUMNS

    return COLUMNS


def _source_columns() -> "Any":
    from console.present.sources import BRIEF_COLUMNS

    return BRIEF_COLUMNS


SCREEN = OverviewScreen
