"""One trace: its waterfall, and the details of the span under the cursor."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from console.commands.command import Command, bindings
from console.commands.everywhere import CHARTS, EVERYWHERE, LOGS
from console.commands.traces import TRACE_COMMANDS
from console.messages import CopyAsked, PivotAsked
from console.outcome import Facts, Failure
from console.present.panes import show_facts, show_failed
from console.present.traces import span_details, trace_title
from console.screens.base import ConsoleScreen, Desk
from console.time_context import TimeContext
from widgets.field_list import FieldList
from widgets.pane import Pane
from widgets.text import clean
from widgets.trace_waterfall import TraceWaterfall

if TYPE_CHECKING:
    from api_client.client import AirisClient
    from api_client.contract.traces import Span, Trace

_LATE_SPANS_S = 15.0
_AROUND_S = 300.0


class TraceScreen(ConsoleScreen):
    """Shows a trace; spans that arrive late are added while it is open."""

    NAME = "traces"
    OFFERED: ClassVar[tuple[Command, ...]] = (*TRACE_COMMANDS, LOGS, CHARTS)
    BINDINGS = bindings(*(command for command in EVERYWHERE if not command.id.startswith("time.")), *OFFERED)
    CSS_PATH = "trace.tcss"
    REFRESH_S = _LATE_SPANS_S

    def __init__(self, desk: Desk, trace_id: str, span_id: str = "") -> None:
        super().__init__(desk)
        self._trace_id = trace_id
        self._wanted = span_id
        self._trace: Trace | None = None
        self._spans: dict[str, Span] = {}
        self._loaded_at: float | None = None

    def compose_body(self) -> ComposeResult:
        """Waterfall above or left, span below or right."""
        with Container(id="trace-body"):
            yield Pane("Trace", TraceWaterfall(id="waterfall"), id="trace-pane")
            yield Pane("Span", FieldList(id="fields"), id="fields-pane")

    # Facts

    async def load(self, client: "AirisClient") -> Any:
        """Fetch the trace, and its tree."""
        from console.feeds.traces import load_trace

        return Facts(await load_trace(client, self._trace_id), self.desk.now())

    def show(self, facts: Any) -> None:
        """Show the trace; fold, zoom and cursor stay when it is the same with more spans."""
        trace, tree = facts.value
        self._loaded_at = facts.at_s
        fresh = self._trace is None or trace.span_count != self._trace.span_count
        self._trace = trace
        self._spans = {span.span_id: span for span in trace.spans}
        waterfall = self.query_one(TraceWaterfall)
        if fresh:
            waterfall.span_tree = tree
        if self._wanted:
            waterfall.move_to_id(self._wanted)
            self._wanted = ""
        pane = self.query_one("#trace-pane", Pane)
        pane.retitle(title=f"Trace {trace.trace_id[:16]}…", note=trace_title(trace))
        show_facts(pane, empty="" if trace.spans else "This trace has no spans")
        self._show_span()
        if not waterfall.has_focus and not self.query_one("#fields").has_focus:
            waterfall.focus()

    def show_failure(self, failure: Failure) -> None:
        """Say why there is no trace."""
        show_failed(self.query_one("#trace-pane", Pane), failure, self._loaded_at, self.desk.now())

    # The span under the cursor

    @property
    def chosen(self) -> "Span | None":
        """The span under the cursor."""
        row = self.query_one(TraceWaterfall).cursor_span
        return self._spans.get(row.id) if row else None

    @on(TraceWaterfall.CursorMoved)
    def _show_span(self) -> None:
        span, pane = self.chosen, self.query_one("#fields-pane", Pane)
        self.query_one("#fields", FieldList).groups = span_details(span, self.zone) if span else ()
        if span:
            pane.retitle(title=clean(f"{span.service_name}: {span.operation_name}", 80))
        show_facts(pane, empty="" if span else "No span is chosen")
        self.refresh_hints()

    @on(TraceWaterfall.Picked)
    def _look_at_span(self) -> None:
        self.query_one("#fields").focus()

    # What can be done

    def why_not(self, action: str) -> str | None:
        """Say why a command does nothing now."""
        if action == "error" and self._trace is not None and not self._trace.error_count:
            return "No span of this trace failed"
        if action == "span_logs" and self.is_mounted and self.chosen is None:
            return "No span is chosen"
        return super().why_not(action)

    def action_error(self, step: int) -> None:
        """Go to the next or previous failed span, in the order of the waterfall."""
        waterfall = self.query_one(TraceWaterfall)
        failed = [row.id for row in waterfall.span_tree.spans if row.error]
        here = waterfall.cursor_span
        order = {row.id: place for place, row in enumerate(waterfall.span_tree.spans)}
        place = order.get(here.id, -1) if here else -1
        ahead = [span_id for span_id in failed if (order[span_id] - place) * step > 0]
        if ahead:
            waterfall.move_to_id(ahead[0] if step > 0 else ahead[-1])
        else:
            self.say("No further failed span", title="Errors")

    def action_fold_all(self) -> None:
        """Fold everything, or open it."""
        waterfall = self.query_one(TraceWaterfall)
        if waterfall.folded:
            waterfall.unfold_all()
        else:
            waterfall.fold_all()

    def action_span_logs(self) -> None:
        """Show the lines of the span under the cursor."""
        if span := self.chosen:
            self.post_message(PivotAsked("logs", self._time(), self.scope.of_service(None), f"span_id:{span.span_id}"))

    def pivot_to(self, screen: str) -> PivotAsked | None:
        """Carry the trace to its logs, the span's service to its charts."""
        if self._trace is None:
            return None
        if screen == "logs":
            return PivotAsked(screen, self._time(), self.scope.of_service(None), f"trace_id:{self._trace.trace_id}")
        service = self.chosen.service_name if self.chosen else None
        return PivotAsked(screen, self._time(), self.scope.of_service(service))

    def _time(self) -> TimeContext:
        """Return the time of the trace with some minutes around it."""
        if self._trace is None:
            return self.time
        end = self._trace.start_time.timestamp() + self._trace.total_duration_ms / 1000 + _AROUND_S
        return TimeContext(2 * _AROUND_S, min(self.desk.now(), end))

    def close_inner(self) -> bool:
        """Return from the details to the waterfall, then to the list."""
        if self.query_one("#fields").has_focus:
            self.query_one(TraceWaterfall).focus()
        else:
            self.dismiss()
        return True

    def copyable(self) -> tuple[str, str]:
        """Copy the field under the cursor, or the trace id."""
        fields = self.query_one("#fields", FieldList)
        if fields.has_focus and fields.cursor_field:
            return fields.cursor_field.value, fields.cursor_field.key
        return self._trace_id, "the trace id"

    @on(FieldList.CopyRequested)
    def _copy_field(self, message: FieldList.CopyRequested) -> None:
        self.post_message(CopyAsked(message.value, message.key))

    def query_text(self) -> str:
        """Return what leads back to this trace."""
        return f"trace:{self._trace_id}"

    def arrive(self, query: str, focus: str) -> None:
        """Stay for the way back to this trace; for anything else make room for the list."""
        if query != self.query_text():
            below = self.app.screen_stack[-2]
            self.dismiss()
            if isinstance(below, ConsoleScreen):
                below.arrive(query, focus)

    def focus_id(self) -> str:
        """Return the span under the cursor."""
        row = self.query_one(TraceWaterfall).cursor_span
        return row.id if row else ""
