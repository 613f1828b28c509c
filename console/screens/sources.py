"""Every source behind the platform: health, lag, rate, what it refused, and its last error."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from console.commands.command import Command, bindings
from console.commands.everywhere import EVERYWHERE
from console.outcome import Facts, Failure
from console.present.panes import show_facts, show_failed
from console.present.sources import COLUMNS
from console.screens.base import ConsoleScreen
from widgets.data_list import DataList
from widgets.pane import Pane
from widgets.state_panel import PaneKind, PaneState

if TYPE_CHECKING:
    from api_client.client import AirisClient


class SourcesScreen(ConsoleScreen):
    """Lists sources, those in trouble first; and how the client itself stands with each service."""

    NAME = "sources"
    OFFERED: ClassVar[tuple[Command, ...]] = ()
    BINDINGS = bindings(*EVERYWHERE)

    _loaded_at: float | None = None

    def compose_body(self) -> ComposeResult:
        """One list."""
        yield Pane("Sources", DataList(COLUMNS, empty_text="No sources", id="list"), id="list-pane")

    async def load(self, client: "AirisClient") -> Any:
        """Fetch the sources."""
        from console.present.sources import source_rows

        sources = await client.system.sources()
        breakers = {name: state.value for name, state in client.breakers().items() if state.value != "closed"}
        return Facts((source_rows(sources, self.desk.now(), brief=False), breakers), self.desk.now())

    def show(self, facts: Any) -> None:
        """Show the list, and which services the client leaves alone."""
        rows, breakers = facts.value
        self._loaded_at = facts.at_s
        self.query_one("#list", DataList).rows = rows
        pane = self.query_one("#list-pane", Pane)
        open_ones = ", ".join(f"{name} {state}" for name, state in breakers.items())
        pane.retitle(note=f"{len(rows)} · {self.desk.link.name}")
        show_facts(pane, partial=f"circuit breakers: {open_ones}" if open_ones else "")

    def show_failure(self, failure: Failure) -> None:
        """Keep the list with its age, or say why there is none."""
        pane = self.query_one("#list-pane", Pane)
        if self._loaded_at is None and self.link_state.kind.value == "starting":
            pane.state = PaneState(PaneKind.LOADING, failure.text)
        else:
            show_failed(pane, failure, self._loaded_at, self.desk.now())

    def copyable(self) -> tuple[str, str]:
        """Copy the row under the cursor."""
        row = self.query_one("#list", DataList).cursor_row
        if row is None:
            return "", ""
        return "  ".join(cell.text for cell in row.cells if hasattr(cell, "text")), "this source"


SCREEN = SourcesScreen
