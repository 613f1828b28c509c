"""Traces: a search whose rows show what decides, and from there the waterfall."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.reactive import var

from console.commands.command import Command, bindings
from console.commands.everywhere import CHARTS, EVERYWHERE, LOGS
from console.commands.traces import LIST_COMMANDS
from console.messages import PivotAsked
from console.outcome import Facts, Failure
from console.present.panes import show_facts, show_failed
from console.present.times import clock_ms
from console.present.traces import COLUMNS, TraceList, TraceRow
from console.screens.base import ConsoleScreen
from console.time_context import TimeContext
from widgets.pane import Pane
from widgets.query_bar import QueryBar, QueryError
from widgets.state_panel import PaneKind, PaneState
from widgets.text import clean

if TYPE_CHECKING:
    from api_client.client import AirisClient

_SORTS = ("start", "duration", "errors", "spans")
_AROUND_S = 60.0


class TracesScreen(ConsoleScreen):
    """Lists traces of the scope and time."""

    NAME = "traces"
    OFFERED: ClassVar[tuple[Command, ...]] = (*LIST_COMMANDS, LOGS, CHARTS)
    BINDINGS = bindings(*OFFERED, *EVERYWHERE)

    asked: var[str] = var("")
    sort: var[str] = var("start")
    _rows: tuple[TraceRow, ...] = ()
    _more: bool = False
    _loaded_at: float | None = None
    _wanted = ""

    def compose_body(self) -> ComposeResult:
        """One list; the query bar below."""
        yield Pane("Traces", TraceList(COLUMNS, empty_text="No traces", id="list"), id="list-pane")
        bar = QueryBar(
            prompt="/", placeholder="error:true service:checkout duration:>100ms http.route:/cart words", id="query"
        )
        bar.display = False
        yield bar

    # Facts

    async def load(self, client: "AirisClient") -> Any:
        """Search."""
        from console.feeds.traces import QueryUnclear, parse_search, search_traces

        try:
            search = parse_search(self.asked)
        except QueryUnclear as error:
            return error
        return Facts(await search_traces(client, search, self.scope.service, self.window()), self.desk.now())

    def show(self, facts: Any) -> None:
        """Show what was found, or what is wrong with the search."""
        if not isinstance(facts, Facts):
            self.query_one("#query", QueryBar).error = QueryError(clean(str(facts), 200), 0, len(self.asked))
            self.query_one("#list-pane", Pane).state = PaneState(PaneKind.FAILED, clean(str(facts), 200))
            return
        self._rows, self._more = facts.value
        self._loaded_at = facts.at_s
        self._show_rows()

    def show_failure(self, failure: Failure) -> None:
        """Keep the list with its age, or say why there is none."""
        pane = self.query_one("#list-pane", Pane)
        if self._loaded_at is None and self.link_state.kind.value == "starting":
            pane.state = PaneState(PaneKind.LOADING, failure.text)
        else:
            show_failed(pane, failure, self._loaded_at, self.desk.now())

    def watch_asked(self) -> None:
        """Search anew."""
        self.restart()

    def watch_sort(self) -> None:
        """Sort what there is."""
        if self._loaded_at is not None:
            self._show_rows()

    def watch_zone(self) -> None:
        """Show times in another zone."""
        if self._loaded_at is not None:
            self._show_rows()

    def _show_rows(self) -> None:
        slowest = max((row.duration_ms for row in self._rows), default=0.0) or 1.0
        rows = [
            replace(
                row,
                share=row.duration_ms / slowest,
                start=clock_ms(datetime.fromtimestamp(row.start_s, UTC), self.zone),
            )
            for row in self._rows
        ]
        keys = {"start": lambda row: row.start_s, "duration": lambda row: row.duration_ms,
                "errors": lambda row: (row.errors, row.start_s), "spans": lambda row: row.spans}  # fmt: skip
        traces = self.query_one("#list", TraceList)
        traces.sorted_by = (self.sort, True)
        traces.rows = tuple(sorted(rows, key=keys[self.sort], reverse=True))
        if self._wanted and traces.move_to_key(self._wanted):
            self._wanted = ""
        pane = self.query_one("#list-pane", Pane)
        more = "the newest of more" if self._more else ""
        pane.retitle(note=" · ".join(filter(None, (clean(self.asked, 60), f"{len(rows)} shown", more))))
        hint = (
            "esc clears the search"
            if self.asked
            else "Send spans to the OTLP address on the Sources screen, or widen with -"
        )
        show_facts(
            pane, empty="" if rows else "No trace matches" if self.asked else "No traces in this time", hint=hint
        )
        self.refresh_hints()

    # What can be done

    @property
    def chosen(self) -> TraceRow | None:
        """The trace under the cursor."""
        return self.query_one("#list", TraceList).cursor_row

    @on(TraceList.Picked)
    def _open(self, message: TraceList.Picked) -> None:
        self.open_trace(message.key)

    def open_trace(self, trace_id: str, span_id: str = "") -> None:
        """Show a trace as a waterfall."""
        self.call_later(self._push_trace, trace_id, span_id)

    def _push_trace(self, trace_id: str, span_id: str) -> None:
        """Push the waterfall, bound to what this screen shares."""
        from console.screens.trace import TraceScreen

        self.app.push_screen(self.bind_shared(TraceScreen(self.desk, trace_id, span_id)))

    def action_search(self) -> None:
        """Open the query bar."""
        bar = self.query_one("#query", QueryBar)
        bar.display = True
        bar.error = None
        bar.value = self.asked
        bar.focus_input()

    @on(QueryBar.Submitted)
    def _ask(self, message: QueryBar.Submitted) -> None:
        self._close_bar()
        self.asked = message.text.strip()

    @on(QueryBar.Closed)
    def _close_bar(self) -> None:
        self.query_one("#query", QueryBar).display = False
        self.query_one("#list", TraceList).focus()

    def action_errors_only(self) -> None:
        """Show failed traces only, or all."""
        words = [word for word in self.asked.split() if not word.startswith("error:")]
        self.asked = " ".join(words if "error:true" in self.asked.split() else [*words, "error:true"])

    def action_sort(self) -> None:
        """Sort by the next column."""
        self.sort = _SORTS[(_SORTS.index(self.sort) + 1) % len(_SORTS)]

    def close_inner(self) -> bool:
        """Close the query bar."""
        if not self.query_one("#query", QueryBar).display:
            return False
        self._close_bar()
        return True

    def copyable(self) -> tuple[str, str]:
        """Copy the trace id."""
        return (self.chosen.key, "the trace id") if self.chosen else ("", "")

    def pivot_to(self, screen: str) -> PivotAsked | None:
        """Carry the trace under the cursor."""
        row = self.chosen
        if row is None:
            return PivotAsked(screen)
        if screen == "logs":
            return PivotAsked(screen, scope=self.scope.of_service(None), query=f"trace_id:{row.key}")
        end = min(self.desk.now(), row.start_s + row.duration_ms / 1000 + _AROUND_S * 5)
        return PivotAsked(screen, TimeContext(_AROUND_S * 10, end), self.scope.of_service(row.service))

    def query_text(self) -> str:
        """Return the search."""
        return self.asked

    def focus_id(self) -> str:
        """Return the trace under the cursor."""
        return self.chosen.key if self.chosen else ""

    def arrive(self, query: str, focus: str) -> None:
        """Search for what another screen asks; a single trace is opened at once."""
        from console.feeds.traces import parse_search

        search = parse_search(query)
        self.query_one("#list", TraceList).focus()
        if search.trace_id:
            self.open_trace(search.trace_id, focus)
            return
        self._wanted = focus
        self.asked = query


SCREEN = TracesScreen
