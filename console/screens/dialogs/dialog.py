"""What all dialogs share: a way out, a line to type in, and a word about what was not foreseen."""

from typing import ClassVar, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.worker import Worker, WorkerState

from widgets.query_bar import QueryBar
from widgets.text import clean

T = TypeVar("T")


class Dialog(ModalScreen[T | None]):
    """Answers with a value, or with None when the user leaves things as they are."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Leave", id="dialog.leave", show=False),
        Binding("slash,t", "type", "Type", id="dialog.type", show=False),
    ]

    def action_type(self) -> None:
        """Go to the line to type in."""
        self.query_one("#typed", QueryBar).focus_input()

    def action_leave(self) -> None:
        """Leave things as they are."""
        self.dismiss(None)

    @on(Worker.StateChanged)
    def _report_unforeseen(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            self.notify(clean(str(event.worker.error), 300), severity="error", markup=False)
