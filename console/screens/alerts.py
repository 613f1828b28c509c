"""The alerts: a list that keeps its place, the details of one, and taking it."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.reactive import var

from console.commands.alerts import COMMANDS
from console.commands.command import Command, bindings
from console.commands.everywhere import CHARTS, EVERYWHERE, LOGS, TRACES
from console.guard import Guard
from console.messages import CopyAsked, PivotAsked
from console.outcome import Facts, Failure, failure_of
from console.present.alerts import alert_details, alert_rows, traced_service_of
from console.present.panes import show_facts, show_failed
from console.screens.base import ConsoleScreen
from console.time_context import TimeContext
from widgets.alert_table import AlertTable
from widgets.field_list import FieldList
from widgets.metric_chart import MetricChart
from widgets.pane import Pane
from widgets.query_bar import QueryBar
from widgets.state_panel import PaneKind, PaneState
from widgets.text import clean

if TYPE_CHECKING:
    from api_client.client import AirisClient
    from api_client.contract.alerts import AlertEvent, TimelineEntry

_AROUND_S = 900.0
_NOT_DELIVERED_S = 20.0


class AlertsScreen(ConsoleScreen):
    """Lists alerts and lets the user take them."""

    NAME = "alerts"
    OFFERED: ClassVar[tuple[Command, ...]] = (*COMMANDS, CHARTS, LOGS, TRACES)
    BINDINGS = bindings(*OFFERED, *EVERYWHERE)
    CSS_PATH = "alerts.tcss"

    events: var[tuple[Any, ...]] = var(())
    """The alerts as the platform last told them."""
    under_way: var[dict[str, str]] = var(dict)
    """Writes not yet confirmed, by alert: `acking`, `failed`."""
    resolved: var[bool] = var(False)
    words: var[tuple[str, ...]] = var(())
    _wanted = ""
    _loaded_at: float | None = None

    def compose_body(self) -> ComposeResult:
        """List above or left, details below or right."""
        with Container(id="alerts-body"):
            yield Pane("Alerts", AlertTable(empty_text="No alert matches the filter", id="list"), id="list-pane")
            with Container(id="detail"):
                yield MetricChart(id="rule-chart").data_bind(ConsoleScreen.zone)
                yield Pane("Details", FieldList(id="fields"), id="detail-pane")
        bar = QueryBar(prompt="/", placeholder="words to look for; !word leaves out", id="filter")
        bar.display = False
        yield bar

    # Facts

    async def load(self, client: "AirisClient") -> Any:
        """Fetch alerts; details follow the cursor."""
        from console.feeds.alerts import load_alerts

        return Facts(await load_alerts(client, self.window(), resolved=self.resolved), self.desk.now())

    def show(self, facts: Any) -> None:
        """Take the alerts as the platform tells them."""
        self._loaded_at = facts.at_s
        self.events = tuple(facts.value)

    def show_failure(self, failure: Failure) -> None:
        """Keep the list with its age, or say why there is none."""
        pane = self.query_one("#list-pane", Pane)
        if self._loaded_at is None and self.link_state.kind.value == "starting":
            pane.state = PaneState(PaneKind.LOADING, failure.text)
        else:
            show_failed(pane, failure, self._loaded_at, self.desk.now())

    def watch_open_alerts(self) -> None:
        """Ask at once when the stream says that something changed."""
        if self._loaded_at is not None:
            self.restart()

    def watch_events(self) -> None:
        """Show the list anew."""
        self._show_list()

    def watch_under_way(self) -> None:
        """Show what is not confirmed yet."""
        self._show_list()

    def watch_words(self) -> None:
        """Show what passes the filter."""
        self._show_list()

    def watch_resolved(self) -> None:
        """Ask for resolved alerts, or leave them out."""
        self.restart()

    def _show_list(self) -> None:
        if not self.is_mounted or self._loaded_at is None:
            return
        from console.feeds.alerts import matches

        shown = [event for event in self.events if matches(event, self.words)]
        table = self.query_one("#list", AlertTable)
        table.rows = alert_rows(shown, self.desk.now(), self.under_way)
        pane = self.query_one("#list-pane", Pane)
        hidden = len(self.events) - len(shown)
        filtered = f"filter “{clean(' '.join(self.words), 40)}” hides {hidden}" if self.words else ""
        pane.retitle(note=" · ".join(filter(None, (f"{len(shown)} shown", filtered))))
        hint = (
            "esc clears the filter" if self.words else "Rules are evaluated every ten seconds; o shows resolved alerts"
        )
        show_facts(pane, empty="" if shown else ("No alert matches" if self.words else "Nothing fires"), hint=hint)
        if self._wanted and table.move_to_key(self._wanted):
            self._wanted = ""
        self._show_details()
        self.refresh_hints()

    # Details of the alert under the cursor

    @property
    def chosen(self) -> "AlertEvent | None":
        """The alert under the cursor."""
        key = self.query_one("#list", AlertTable).cursor_key
        return next((event for event in self.events if event.id == key), None)

    @on(AlertTable.CursorMoved)
    def _follow_cursor(self) -> None:
        self._show_details()
        self.refresh_hints()

    def _show_details(self) -> None:
        pane, event = self.query_one("#detail-pane", Pane), self.chosen
        self.query_one("#detail").display = event is not None
        if event is None:
            return
        pane.retitle(title=clean(event.rule_name, 60))
        if not pane.filled:
            self.query_one("#fields", FieldList).groups = alert_details(event, (), self.zone)
            show_facts(pane)
        self._load_details(event)

    @work(group="details", exclusive=True, exit_on_error=False, description="Load details")
    async def _load_details(self, event: "AlertEvent") -> None:
        from api_client.errors import ApiError
        from console.feeds.alerts import load_rule_chart, load_timeline

        client = await self.desk.link.connect()
        end = event.resolved_at.timestamp() + _AROUND_S if event.resolved_at else self.desk.now()
        window = (min(event.started_at.timestamp() - _AROUND_S, end - 60), min(end, self.desk.now()))
        try:
            timeline = await load_timeline(client, event.id)
        except ApiError as error:
            self._take_details(event, (), failure_of(error))
        else:
            self._take_details(event, timeline, None)
        self._take_chart(event, await load_rule_chart(client, event, window))

    def _take_details(self, event: "AlertEvent", timeline: "tuple[TimelineEntry, ...] | list[TimelineEntry]",
                      failure: Failure | None) -> None:  # fmt: skip
        if self.chosen is None or self.chosen.id != event.id:
            return
        self.query_one("#fields", FieldList).groups = alert_details(self.chosen, timeline, self.zone)
        show_facts(self.query_one("#detail-pane", Pane), partial=f"no timeline: {failure.text}" if failure else "")

    def _take_chart(self, event: "AlertEvent", outcome: Any) -> None:
        chart = self.query_one("#rule-chart", MetricChart)
        if self.chosen is None or self.chosen.id != event.id:
            return
        chart.set_class(outcome is None, "-absent")
        if isinstance(outcome, Facts):
            chart.data = outcome.value
            chart.state = PaneState(PaneKind.LIVE)
        elif isinstance(outcome, Failure):
            chart.state = PaneState(PaneKind.FAILED, outcome.text, outcome.hint)

    # What can be done

    def why_not(self, action: str) -> str | None:
        """Say why a command does nothing now."""
        event = self.chosen if self.is_mounted else None
        if action in {"ack", "unack"}:
            if reason := Guard(self.read_only).reason_against("take alerts"):
                return reason
            if event is None:
                return "There is no alert under the cursor"
            if event.status.value == "resolved":
                return "This alert has resolved"
            if action == "unack" and event.ack is None:
                return "Nobody has taken this alert"
        if action == "mark" and event is None:
            return "There is no alert under the cursor"
        return super().why_not(action)

    def action_ack(self) -> None:
        """Take the marked alerts, or the one under the cursor."""
        table = self.query_one("#list", AlertTable)
        chosen = [key for key in table.marks if any(event.id == key for event in self.events)]
        self._ack(tuple(chosen or [key for key in (table.cursor_key,) if key]))
        table.marks = frozenset()

    def action_unack(self) -> None:
        """Give the alert under the cursor back."""
        if event := self.chosen:
            self._unack(event.id)

    @work(group="ack", exit_on_error=False, description="Acknowledge")
    async def _ack(self, event_ids: tuple[str, ...]) -> None:
        from console.feeds.alerts import ack_all

        self.under_way = {**self.under_way, **dict.fromkeys(event_ids, "acking")}
        failed = await ack_all(await self.desk.link.connect(), event_ids)
        self._delivered(event_ids, failed)
        if failed:
            self.say(next(iter(failed.values())), title=f"{len(failed)} not acknowledged", bad=True)
        elif len(event_ids) == 1:
            self.say("Acknowledged; A gives it back", title="Ack")
        else:
            self.say(f"{len(event_ids)} alerts acknowledged", title="Ack")

    @work(group="ack", exit_on_error=False, description="Give back")
    async def _unack(self, event_id: str) -> None:
        from api_client.errors import ApiError
        from console.feeds.alerts import unack

        self.under_way = {**self.under_way, event_id: "acking"}
        try:
            await unack(await self.desk.link.connect(), event_id)
        except ApiError as error:
            self._delivered((event_id,), {event_id: error.message})
            self.say(error.message, title="Not given back", bad=True)
        else:
            self._delivered((event_id,), {})

    def _delivered(self, event_ids: tuple[str, ...], failed: dict[str, str]) -> None:
        """Take what was confirmed off the list of what is under way; what failed stays visible for a while."""
        rest = {key: state for key, state in self.under_way.items() if key not in event_ids}
        self.under_way = {**rest, **dict.fromkeys(failed, "failed")}
        if failed:
            self.set_timer(_NOT_DELIVERED_S, lambda: self._forget_failed(tuple(failed)))
        self.restart()

    def _forget_failed(self, event_ids: tuple[str, ...]) -> None:
        self.under_way = {key: state for key, state in self.under_way.items() if key not in event_ids}

    def action_mark(self) -> None:
        """Mark the alert under the cursor."""
        self.query_one("#list", AlertTable).toggle_mark()

    def action_toggle_resolved(self) -> None:
        """Show resolved alerts as well, or leave them out."""
        self.resolved = not self.resolved

    def action_filter(self) -> None:
        """Open the filter."""
        bar = self.query_one("#filter", QueryBar)
        bar.display = True
        bar.value = " ".join(self.words)
        bar.focus_input()

    @on(QueryBar.Changed)
    def _narrow(self, message: QueryBar.Changed) -> None:
        self.words = tuple(message.text.casefold().split())

    @on(QueryBar.Submitted)
    @on(QueryBar.Closed)
    def _close_filter(self) -> None:
        self.query_one("#filter", QueryBar).display = False
        self.query_one("#list", AlertTable).focus()

    def close_inner(self) -> bool:
        """Close the filter, then forget it, then the marks."""
        bar, table = self.query_one("#filter", QueryBar), self.query_one("#list", AlertTable)
        if bar.display:
            self._close_filter()
        elif self.words:
            self.words = ()
        elif table.marks:
            table.marks = frozenset()
        else:
            return False
        return True

    def copyable(self) -> tuple[str, str]:
        """Copy a summary for chat, or the field under the cursor."""
        fields = self.query_one("#fields", FieldList)
        if fields.has_focus and fields.cursor_field:
            return fields.cursor_field.value, fields.cursor_field.key
        if event := self.chosen:
            from console.present.alerts import chat_line

            return chat_line(event), "a summary of this alert"
        return "", ""

    @on(FieldList.CopyRequested)
    def _copy_field(self, message: FieldList.CopyRequested) -> None:
        self.post_message(CopyAsked(message.value, message.key))

    @on(AlertTable.Picked)
    def _open_details(self) -> None:
        self.query_one("#fields", FieldList).focus()

    def pivot_to(self, screen: str) -> PivotAsked | None:
        """Carry the alert's service, its time, and what its rule watches."""
        event = self.chosen
        if event is None:
            return PivotAsked(screen)
        from console.feeds.alerts import is_promql

        service = traced_service_of(event)
        query = ""
        if screen == "metrics":
            query = event.generator if is_promql(event) else ""
        elif screen == "logs":
            query = "" if is_promql(event) else event.generator
        elif screen == "traces":
            query = "error:true" if service else ""
        return PivotAsked(screen, self._time_of(event), self.scope.of_service(service), query)

    def _time_of(self, event: "AlertEvent") -> TimeContext:
        """Return the time of an alert with what came before it; live while it is open and young."""
        start = event.started_at.timestamp() - _AROUND_S
        if event.resolved_at is None:
            return TimeContext(span_s=max(1800.0, min(86_400.0, self.desk.now() - start)))
        end = min(self.desk.now(), event.resolved_at.timestamp() + _AROUND_S / 3)
        return TimeContext(span_s=end - start, end_s=end)

    def focus_id(self) -> str:
        """Return the alert under the cursor."""
        return self.query_one("#list", AlertTable).cursor_key or ""

    def arrive(self, query: str, focus: str) -> None:
        """Put the cursor on the alert that was asked for, now or when it has been loaded."""
        del query
        self._wanted = focus
        table = self.query_one("#list", AlertTable)
        if focus and table.move_to_key(focus):
            self._wanted = ""
        table.focus()


SCREEN = AlertsScreen
