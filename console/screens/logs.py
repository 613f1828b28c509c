"""Logs: a search that becomes a tail, with a histogram above and the details of a line beside it."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.reactive import var

from console.commands.command import Command, bindings
from console.commands.everywhere import CHARTS, EVERYWHERE, TRACES
from console.commands.logs import COMMANDS
from console.messages import CopyAsked, PivotAsked, TimeChosen
from console.outcome import Failure, failure_of, place_of
from console.present.logs import dropped_marker, line_text, log_lines, marker, record_details, searched_words
from console.present.panes import show_facts, show_failed, show_loading
from console.present.record_shelf import RecordShelf
from console.present.tail_rate import TailRate
from console.screens.base import ConsoleScreen
from console.time_context import TimeContext
from widgets.field_list import FieldList
from widgets.log_histogram import LogHistogram
from widgets.log_view import LogView
from widgets.pane import Pane
from widgets.query_bar import QueryBar, QueryError
from widgets.state_panel import PaneKind, PaneState
from widgets.text import clean

if TYPE_CHECKING:
    from api_client.client import AirisClient
    from api_client.contract.logs import LogRecord
    from console.feeds.logs import LogQuestion

_HISTOGRAM_S = 5.0
_LEVELS = ("", "info", "warn", "error")
_AROUND_S = 300.0


class LogsScreen(ConsoleScreen):
    """Searches, then follows."""

    NAME = "logs"
    OFFERED: ClassVar[tuple[Command, ...]] = (*COMMANDS, TRACES, CHARTS)
    BINDINGS = bindings(*OFFERED, *EVERYWHERE)
    CSS_PATH = "logs.tcss"
    REFRESH_S = _HISTOGRAM_S

    asked: var[str] = var("")
    """The query, in the platform's log language."""
    least_level: var[str] = var("")
    _loaded_at: float | None = None
    _older_cursor: str | None = None
    _wanted = ""

    def __init__(self, desk: Any) -> None:
        super().__init__(desk)
        self._records = RecordShelf()
        self._rate = TailRate()

    def compose_body(self) -> ComposeResult:
        """Histogram, lines, details; the query bar below."""
        yield LogHistogram(id="histogram").data_bind(ConsoleScreen.zone)
        with Container(id="logs-body"):
            yield Pane("Logs", LogView(id="lines"), id="lines-pane")
            yield Pane("Line", FieldList(id="fields"), id="fields-pane")
        bar = QueryBar(
            prompt="/", placeholder='level:error service:checkout "timed out" -healthz /conn.*reset/', id="query"
        )
        bar.display = False
        yield bar

    def on_mount(self) -> None:
        """Keep the details closed at first."""
        super().on_mount()
        self.query_one("#fields-pane").display = False
        self.query_one("#lines").focus()

    # Facts: the histogram is polled, the lines are followed

    def restart(self) -> None:
        """Ask anew for the histogram and for the lines."""
        super().restart()
        if self.is_current and self.is_mounted:
            self._follow(self._question())

    @on(events.ScreenSuspend)
    def _rest(self) -> None:
        self.workers.cancel_group(self, "tail")

    def watch_asked(self) -> None:
        """Ask the new question."""
        self.query_one(LogView).highlight = searched_words(self.asked)
        self.restart()

    def watch_least_level(self) -> None:
        """Ask for other levels."""
        self.restart()

    def _question(self) -> "LogQuestion":
        from console.feeds.logs import LogQuestion

        return LogQuestion(self.asked, self.scope.service, self.least_level, self.window())

    async def load(self, client: "AirisClient") -> Any:
        """Fetch the histogram."""
        from console.feeds.logs import load_histogram

        return await load_histogram(client, self._question())

    def show(self, facts: Any) -> None:
        """Show the histogram."""
        self.query_one(LogHistogram).data = facts.value
        self._show_note()

    def show_failure(self, failure: Failure) -> None:
        """Say it on the lines; the histogram keeps what it has."""
        pane = self.query_one("#lines-pane", Pane)
        if self._loaded_at is None and self.link_state.kind.value == "starting":
            pane.state = PaneState(PaneKind.LOADING, failure.text)
        else:
            show_failed(pane, failure, self._loaded_at, self.desk.now())

    @work(group="tail", exclusive=True, exit_on_error=False, description="Follow the log")
    async def _follow(self, question: "LogQuestion") -> None:
        from api_client.errors import ApiError, Rejected
        from console.feeds.logs import load_page, tail

        show_loading(self.query_one("#lines-pane", Pane), "searching…")
        try:
            client = await self.desk.link.connect()
            if not self.time.live:
                self._take_page(await load_page(client, question))
                return
            async for item in tail(client, question):
                self._take_item(item)
        except Rejected as error:
            self._show_query_error(error)
        except ApiError as error:
            self.show_failure(failure_of(error))

    def _take_item(self, item: Any) -> None:
        from api_client.contract.logs import DroppedSpan, LogStreamBatch
        from console.feeds.logs import LogPage

        view, pane = self.query_one(LogView), self.query_one("#lines-pane", Pane)
        if isinstance(item, LogPage):
            self._take_page(item)
        elif isinstance(item, LogStreamBatch):
            self._records.add(item.logs)
            view.extend(log_lines(item.logs, self.zone))
            self._rate.add(len(item.logs), self.desk.now())
            self._rate.lag_s = item.lag_s if item.logs else 0.0
            if self._loaded_at is not None:
                self._say_live(pane)
        elif isinstance(item, DroppedSpan):
            self._rate.dropped += item.count
            view.extend([dropped_marker(item, self.zone)])
        elif item.connection.value == "lost":
            failure = Failure(
                f"the tail is interrupted: {clean(item.reason, 200)}", "It resumes by itself, without loss"
            )
            show_failed(pane, failure, self._loaded_at, self.desk.now())
        elif item.resumed:
            view.extend(
                [marker(f"resumed-{self.desk.now()}", "reconnected; the tail goes on after the last line above")]
            )

    def _take_page(self, page: Any) -> None:
        view = self.query_one(LogView)
        self._loaded_at = self.desk.now()
        self._older_cursor = page.cursor
        self._records.replace(page.records)
        view.replace(log_lines(page.records, self.zone))
        view.follow = self.time.live
        if self._wanted and view.move_to_id(self._wanted):
            self._wanted = ""
        self._say_live(self.query_one("#lines-pane", Pane))
        self.refresh_hints()

    def _say_live(self, pane: Pane) -> None:
        view = self.query_one(LogView)
        if not view.lines:
            waiting = "; new ones appear by themselves" if self.time.live else "; widen the time range with -"
            show_facts(
                pane,
                empty="No line matches" if self.asked else "No lines in this time",
                hint=f"{self._asked_words()}{waiting}",
            )
        elif self.time.live and not view.follow:
            pane.filled = True
            pane.state = PaneState(PaneKind.PAUSED, f"+{view.new_count:,} new")
        else:
            show_facts(pane)
        self._show_note()

    def _show_note(self) -> None:
        view = self.query_one(LogView)
        rate = self._rate.note(self.desk.now()) if self.time.live else ""
        discarded = f"{view.discarded:,} scrolled out of memory" if view.discarded else ""
        more = "more before: O" if self._older_cursor else ""
        parts = (self._asked_words(), f"{len(view.lines):,} lines", rate, discarded, more)
        self.query_one("#lines-pane", Pane).retitle(note=" · ".join(filter(None, parts)))

    def _asked_words(self) -> str:
        level = f"≥{self.least_level}" if self.least_level else ""
        return " ".join(filter(None, (clean(self.asked, 80), level)))

    def _show_query_error(self, error: Any) -> None:
        bar = self.query_one("#query", QueryBar)
        bar.display = True
        bar.value = self.asked
        bar.error = QueryError(clean(error.message, 200), *place_of(error, len(self.asked)))
        bar.focus_input()
        show_failed(self.query_one("#lines-pane", Pane), Failure(clean(error.message, 200)), None, self.desk.now())

    # Lines

    @property
    def chosen(self) -> "LogRecord | None":
        """The record under the cursor."""
        line = self.query_one(LogView).cursor_line
        return self._records.get(line.id) if line else None

    @on(LogView.Picked)
    def _open_line(self) -> None:
        self._show_fields()
        self.query_one("#fields-pane").display = True
        self.query_one("#fields", FieldList).focus()

    @on(LogView.CursorMoved)
    def _follow_cursor(self) -> None:
        if self.query_one("#fields-pane").display:
            self._show_fields()
        self.refresh_hints()

    @on(LogView.FollowChanged)
    def _follow_changed(self) -> None:
        self._say_live(self.query_one("#lines-pane", Pane))

    def _show_fields(self) -> None:
        record, pane = self.chosen, self.query_one("#fields-pane", Pane)
        self.query_one("#fields", FieldList).groups = record_details(record, self.zone) if record else ()
        show_facts(pane, empty="" if record else "There is no record here")

    @on(LogHistogram.SpanSelected)
    def _narrow(self, message: LogHistogram.SpanSelected) -> None:
        self.post_message(TimeChosen(TimeContext(span_s=message.end - message.start, end_s=message.end)))

    # What can be done

    def why_not(self, action: str) -> str | None:
        """Say why a command does nothing now."""
        if not self.is_mounted:
            return None
        if action == "pause" and not self.time.live:
            return "This time range stands still; 0 follows the clock again"
        if action == "older" and not self._older_cursor:
            return "There are no older lines in this time range"
        if action == "same_trace" and (self.chosen is None or not self.chosen.trace_id):
            return "This line names no trace"
        if action == "match" and not self.query_one(LogView).highlight:
            return "Nothing is searched for; / opens the search"
        return super().why_not(action)

    def action_search(self) -> None:
        """Open the query bar."""
        bar = self.query_one("#query", QueryBar)
        bar.display = True
        bar.error = None
        bar.value = self.asked
        bar.focus_input()

    @on(QueryBar.Submitted)
    def _ask(self, message: QueryBar.Submitted) -> None:
        bar = self.query_one("#query", QueryBar)
        bar.error = None
        self._close_bar()
        if message.text == self.asked:
            self.restart()
        self.asked = message.text.strip()

    @on(QueryBar.Closed)
    def _close_bar(self) -> None:
        self.query_one("#query", QueryBar).display = False
        self.query_one(LogView).focus()

    def action_pause(self) -> None:
        """Hold the tail, or take it up."""
        view = self.query_one(LogView)
        view.follow = not view.follow

    def action_error(self, step: int) -> None:
        """Go to the next or previous error."""
        view = self.query_one(LogView)
        if not (view.next_error() if step > 0 else view.prev_error()):
            self.say("No further error line is loaded", title="Error lines")

    def action_match(self, step: int) -> None:
        """Go to the next or previous match."""
        view = self.query_one(LogView)
        if not (view.next_match() if step > 0 else view.prev_match()):
            self.say("No further match is loaded", title="Search")

    def action_wrap(self) -> None:
        """Fold long lines, or cut them."""
        view = self.query_one(LogView)
        view.wrap = not view.wrap

    def action_level(self) -> None:
        """Raise the least level that is shown; after error, show all."""
        self.least_level = _LEVELS[(_LEVELS.index(self.least_level) + 1) % len(_LEVELS)]

    @on(LogView.TopReached)
    def action_older(self) -> None:
        """Load the page before the first line, where there is one."""
        self._load_older()

    @work(group="older", exclusive=True, exit_on_error=False, description="Load older lines")
    async def _load_older(self) -> None:
        from api_client.errors import ApiError
        from console.feeds.logs import load_page

        if not self._older_cursor:
            return
        try:
            page = await load_page(await self.desk.link.connect(), self._question(), self._older_cursor)
        except ApiError as error:
            self.say(error.message, title="Older lines", bad=True)
            return
        self._older_cursor = page.cursor
        self._records.prepend(page.records)
        self.query_one(LogView).prepend(log_lines(page.records, self.zone))
        self._show_note()
        self.refresh_hints()

    def action_same_trace(self) -> None:
        """Show the lines of the trace of the line under the cursor."""
        if record := self.chosen:
            self.asked = f"trace_id:{record.trace_id}"

    def close_inner(self) -> bool:
        """Close the query bar, then the details, then forget the query."""
        bar, fields = self.query_one("#query", QueryBar), self.query_one("#fields-pane")
        if bar.display:
            self._close_bar()
        elif fields.display:
            fields.display = False
            self.query_one(LogView).focus()
        else:
            return False
        return True

    def cursor_time(self) -> float | None:
        """Return the time of the line under the cursor, unless the tail runs."""
        record = self.chosen
        return record.timestamp.timestamp() if record and not self.query_one(LogView).follow else None

    def copyable(self) -> tuple[str, str]:
        """Copy the field or the line under the cursor."""
        fields = self.query_one("#fields", FieldList)
        if fields.has_focus and fields.cursor_field:
            return fields.cursor_field.value, fields.cursor_field.key
        if record := self.chosen:
            return line_text(record), "this line"
        return "", ""

    @on(FieldList.CopyRequested)
    def _copy_field(self, message: FieldList.CopyRequested) -> None:
        self.post_message(CopyAsked(message.value, message.key))

    def pivot_to(self, screen: str) -> PivotAsked | None:
        """Carry the line's trace, or its service and time."""
        record = self.chosen
        if record is None:
            return PivotAsked(screen)
        if screen == "traces" and record.trace_id:
            return PivotAsked(screen, query=f"trace:{record.trace_id}", focus=record.span_id or "")
        at = record.timestamp.timestamp()
        time = self.time if self.time.live else TimeContext(2 * _AROUND_S, min(self.desk.now(), at + _AROUND_S))
        return PivotAsked(
            screen, time, self.scope.of_service(record.service if screen == "traces" else self.scope.service)
        )

    def query_text(self) -> str:
        """Return the query."""
        return self.asked

    def focus_id(self) -> str:
        """Return the line under the cursor."""
        line = self.query_one(LogView).cursor_line
        return line.id if line else ""

    def arrive(self, query: str, focus: str) -> None:
        """Ask what the other screen wants to know."""
        self._wanted = focus
        self.asked = query
        self.query_one(LogView).focus()


SCREEN = LogsScreen
