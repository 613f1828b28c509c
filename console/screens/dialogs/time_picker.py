"""Asks for a range of time: presets under the cursor, or anything typed."""

from datetime import tzinfo

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from console.screens.dialogs.dialog import Dialog
from console.time_context import PRESETS, Now, TimeContext, TimeUnclear, parse_time, span_words
from widgets.data_list import DataList, ListRow
from widgets.pane import Pane
from widgets.query_bar import QueryBar, QueryError
from widgets.renderables.columns import Column
from widgets.renderables.pieces import Piece
from widgets.state_panel import LIVE


class TimePicker(Dialog[TimeContext]):
    """Answers with a range, or with None when the user leaves it as it is."""

    def __init__(self, present: TimeContext, now: Now, zone: tzinfo) -> None:
        super().__init__()
        self._present = present
        self._now = now
        self._zone = zone

    def compose(self) -> ComposeResult:
        """Presets above, the line to type below."""
        with Container(classes="dialog"):
            columns = (Column("range", "Last", 8), Column("now", "", 12))
            yield Pane("Time range", DataList(columns, id="presets"), id="pane")
            yield QueryBar(prompt="or type ", placeholder="45m · 10:00..10:30 · 2026-11-21 10:00 · now-6h", id="typed")

    def on_mount(self) -> None:
        """Begin on the present range."""
        presets = self.query_one("#presets", DataList)
        presets.rows = tuple(
            ListRow(span_words(span), (Piece(span_words(span), "strong"), Piece(self._note(span), "muted")))
            for span in PRESETS
        )
        pane = self.query_one("#pane", Pane)
        pane.filled, pane.state = True, LIVE
        pane.retitle(note=f"now {self._present.words(self._zone)}")
        presets.move_to_key(span_words(self._present.span_s))
        presets.focus()

    def _note(self, span: float) -> str:
        return "current" if self._present.live and span == self._present.span_s else ""

    @on(DataList.Picked)
    def _take_preset(self, message: DataList.Picked) -> None:
        self.dismiss(parse_time(message.key, self._now(), self._zone))

    @on(QueryBar.Submitted)
    def _take_typed(self, message: QueryBar.Submitted) -> None:
        try:
            chosen = parse_time(message.text, self._now(), self._zone)
        except TimeUnclear as error:
            self.query_one("#typed", QueryBar).error = QueryError(str(error), 0, len(message.text))
        else:
            self.dismiss(chosen)

    @on(QueryBar.Closed)
    def _stop_typing(self) -> None:
        self.query_one("#presets", DataList).focus()
