"""Help: everything that is possible on the screen below, and why the rest is not; enter runs it."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.screen import ModalScreen

from console.commands.command import Command
from console.screens.base import ConsoleScreen
from widgets.data_list import DataList, ListRow
from widgets.pane import Pane
from widgets.renderables.columns import Column
from widgets.renderables.pieces import Piece
from widgets.state_panel import LIVE

COLUMNS = (
    Column("key", "Key", 12),
    Column("title", "Command", 16, grow=1, most=24),
    Column("help", "What it does, or why it does nothing now", 30, priority=1, grow=6),
)

_LISTS = (
    ("j k ↑ ↓", "Move", "In every list; g and G go to its ends, ctrl+d and ctrl+u move half a page"),
    ("← →", "Crosshair", "In charts and histograms; shift moves further, or extends the chosen span"),
    ("⏎", "Open", "Open the thing under the cursor; in a waterfall fold it"),
)


class HelpScreen(ModalScreen[None]):
    """Lists commands; what is possible can be run from here."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar = [
        Binding("escape,q,question_mark,f1", "leave", "Leave", id="dialog.leave", show=False),
    ]

    def __init__(self, below: ConsoleScreen) -> None:
        super().__init__()
        self._below = below
        self._commands = {command.id: command for command in below.commands()}
        self._rows = tuple(_row(command, below) for command in self._commands.values())

    def compose(self) -> ComposeResult:
        """One list."""
        with Container(classes="dialog"):
            yield Pane(f"Help: {self._below.NAME}", DataList(COLUMNS, id="commands"), id="pane")

    def on_mount(self) -> None:
        """Show the commands of the screen below, then those of all lists."""
        always = tuple(
            ListRow(title, (Piece(keys, "accent"), Piece(title, "strong"), Piece(text, "muted")))
            for keys, title, text in _LISTS
        )
        commands = self.query_one("#commands", DataList)
        commands.rows = (*self._rows, *always)
        commands.focus()
        pane = self.query_one("#pane", Pane)
        pane.filled, pane.state = True, LIVE
        pane.retitle(note="⏎ runs the command · esc closes · every key can be changed in the configuration")

    @on(DataList.Picked)
    async def _run(self, message: DataList.Picked) -> None:
        command = self._commands.get(message.key)
        self.dismiss()
        if command and self._below.why_not(command.action_name) is None:
            self._below.call_later(self._below.run_action, command.action)

    def action_leave(self) -> None:
        """Close the help."""
        self.dismiss()


def _row(command: Command, below: ConsoleScreen) -> ListRow:
    """Return a command with its keys, dimmed and with the reason where it does nothing now."""
    reason = below.why_not(command.action_name)
    keys = below.keys_of(command) or "—"
    if reason:
        return ListRow(
            command.id, (Piece(keys, "faint"), Piece(command.title, "faint"), Piece(f"Not now: {reason}", "muted"))
        )
    return ListRow(command.id, (Piece(keys, "accent"), Piece(command.title, "strong"), Piece(command.help, "muted")))
