"""Asks for the service that all screens show."""

from datetime import UTC, datetime

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container

from console.outcome import Failure, failure_of
from console.scope import Scope
from console.screens.base import Desk
from console.screens.dialogs.dialog import Dialog
from console.time_context import TimeContext
from widgets.data_list import DataList, ListRow
from widgets.pane import Pane
from widgets.query_bar import QueryBar
from widgets.renderables.columns import Column
from widgets.renderables.pieces import Piece
from widgets.state_panel import LIVE, PaneKind, PaneState
from widgets.text import clean

ALL = "\x00all"


class ScopePicker(Dialog[Scope]):
    """Answers with a scope, or with None when the user leaves it as it is."""

    def __init__(self, desk: Desk, present: Scope, time: TimeContext) -> None:
        super().__init__()
        self._desk = desk
        self._present = present
        self._time = time
        self._services: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Services above, the line to narrow them below."""
        with Container(classes="dialog"):
            yield Pane("Service", DataList((Column("service", "Service", 20, grow=1),), id="services"), id="pane")
            yield QueryBar(prompt="narrow ", placeholder="part of a name; enter takes the first", id="typed")

    def on_mount(self) -> None:
        """Ask for the services of the present time."""
        self._load()
        self.query_one("#services").focus()

    @work(group="services", exclusive=True, exit_on_error=False, description="Load services")
    async def _load(self) -> None:
        from api_client.errors import ApiError
        from console.feeds.services import service_names

        window = [datetime.fromtimestamp(at, UTC) for at in self._time.window(self._desk.now())]
        try:
            names = await service_names(await self._desk.link.connect(), window[0], window[1])
        except ApiError as error:
            self._fail(failure_of(error))
        else:
            self._services = names
            self._show("")

    def _fail(self, failure: Failure) -> None:
        self.query_one("#pane", Pane).state = PaneState(PaneKind.FAILED, failure.text, failure.hint)

    def _show(self, part: str) -> None:
        fitting = [name for name in self._services if part.casefold() in name.casefold()]
        everything = [ListRow(ALL, (Piece("all services", "accent"),))] if not part else []
        services = self.query_one("#services", DataList)
        services.rows = (*everything, *(ListRow(name, (Piece(clean(name, 80), "strong"),)) for name in fitting))
        services.move_to_key(self._present.service or ALL)
        pane = self.query_one("#pane", Pane)
        pane.filled, pane.state = True, LIVE
        pane.retitle(note=f"{len(fitting)} of {len(self._services)}")

    @on(QueryBar.Changed)
    def _narrow(self, message: QueryBar.Changed) -> None:
        self._show(message.text)

    @on(QueryBar.Submitted)
    def _take_first(self) -> None:
        services = self.query_one("#services", DataList)
        if services.cursor_key:
            self._answer(services.cursor_key)

    @on(DataList.Picked)
    def _take(self, message: DataList.Picked) -> None:
        self._answer(message.key)

    def _answer(self, key: str) -> None:
        self.dismiss(self._present.of_service(None if key == ALL else key))

    @on(QueryBar.Closed)
    def _stop_typing(self) -> None:
        self.query_one("#services").focus()
