"""The line a query is typed into: with history, and errors shown where they are."""

from dataclasses import dataclass
from typing import Unpack

from rich.highlighter import Highlighter
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input

from widgets import inks
from widgets.canvas import Canvas, Naming
from widgets.renderables.pieces import Piece, cut, line, width_of
from widgets.text import clean


@dataclass(frozen=True)
class QueryError:
    """What is wrong with a query, and where: characters `start` up to, not with, `end`; the text is clean already."""

    text: str
    start: int = 0
    end: int = 0


class QueryBar(Widget):
    """A prompt, an input and below it a line for errors or hints; enter submits, escape closes, up and down recall."""

    BINDINGS = [
        Binding("up", "recall(-1)", "Older query", id="query.older", show=False),
        Binding("down", "recall(1)", "Newer query", id="query.newer", show=False),
        Binding("escape", "close", "Close", id="query.close", show=False),
    ]
    DEFAULT_CSS = """
    QueryBar { width: 1fr; height: auto; layout: grid; grid-size: 2; grid-columns: auto 1fr; grid-rows: 1; }
    QueryBar > QueryNote { column-span: 2; display: none; }
    QueryBar.-noted > QueryNote { display: block; }
    """

    prompt: reactive[str] = reactive("/")
    """What stands before the input."""
    value: reactive[str] = reactive("", repaint=False)
    """What is typed."""
    error: reactive[QueryError | None] = reactive(None, repaint=False)
    """What is wrong with it."""
    hint: reactive[str] = reactive("", repaint=False)
    """What is said while nothing is wrong."""
    history: reactive[tuple[str, ...]] = reactive((), repaint=False)
    """Earlier queries, oldest first."""

    @dataclass
    class Submitted(Message):
        """The query is to be run."""

        bar: "QueryBar"
        text: str

    @dataclass
    class Changed(Message):
        """The query was edited."""

        bar: "QueryBar"
        text: str

        def can_replace(self, message: Message) -> bool:
            """Tell that the newest text is the only one that matters."""
            return isinstance(message, QueryBar.Changed) and message.bar is self.bar

    @dataclass
    class Closed(Message):
        """The user left the query as it was."""

        bar: "QueryBar"

    def __init__(
        self,
        value: str = "",
        *,
        prompt: str = "/",
        placeholder: str = "",
        suggester: Suggester | None = None,
        **naming: Unpack[Naming],
    ) -> None:
        super().__init__(**naming, markup=False)
        self._recalled = 0
        self._draft = ""
        self._input = _QueryInput(placeholder=clean(placeholder), suggester=suggester)
        self._prompt = QueryPrompt(prompt)
        self._note = QueryNote()
        self.set_reactive(QueryBar.value, clean(value))
        self.set_reactive(QueryBar.prompt, prompt)

    def compose(self) -> ComposeResult:
        """Return the prompt, the input and the line below."""
        yield self._prompt
        yield self._input
        yield self._note

    def on_mount(self) -> None:
        """Show what was set before there was an app to show it in."""
        if self.value:
            self._input.value = self.value
            self._input.cursor_position = len(self.value)
        self._say()

    def focus_input(self) -> None:
        """Let keys go to the input."""
        self._input.focus()

    def watch_value(self, value: str) -> None:
        """Show a value that was set from outside."""
        if self.is_mounted and self._input.value != value:
            self._input.value = clean(value)
            self._input.cursor_position = len(self._input.value)

    def watch_prompt(self, prompt: str) -> None:
        """Show the new prompt."""
        self._prompt.text = prompt

    def watch_error(self) -> None:
        """Underline what is wrong and say it below."""
        self._say()

    def watch_hint(self) -> None:
        """Show the new hint."""
        self._say()

    def watch_history(self) -> None:
        """Recall from the newest again."""
        self._recalled = 0

    def action_recall(self, steps: int) -> None:
        """Put an earlier query in, or what was being typed."""
        if self._recalled == 0:
            self._draft = self._input.value
        self._recalled = max(0, min(len(self.history), self._recalled - steps))
        text = self.history[-self._recalled] if self._recalled else self._draft
        self._input.value = clean(text)
        self._input.cursor_position = len(self._input.value)

    def action_close(self) -> None:
        """Tell that the user is done."""
        self.post_message(self.Closed(self))

    @on(Input.Changed)
    def _take_change(self, event: Input.Changed) -> None:
        """Tell what was typed; an error of the text before no longer holds."""
        event.stop()
        if event.value == self.value:
            return
        self.value = event.value
        self.error = None
        self.post_message(self.Changed(self, event.value))

    @on(Input.Submitted)
    def _take_submission(self, event: Input.Submitted) -> None:
        """Tell that the query is to be run."""
        event.stop()
        self._recalled = 0
        self.post_message(self.Submitted(self, event.value))

    def _say(self) -> None:
        """Show the error, or the hint."""
        self.set_class(self.error is not None or bool(self.hint), "-noted")
        self._input.show_error(self.error)
        self._note.show(self.error, self.hint, width_of(self.prompt) + 2)


class QueryPrompt(Canvas):
    """The mark before the input."""

    DEFAULT_CSS = """
    QueryPrompt { width: auto; height: 1; }
    """
    text: reactive[str] = reactive("", layout=True)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.set_reactive(QueryPrompt.text, text)

    def get_content_width(self, *_sizes: object) -> int:
        """Return the width of the mark with a blank on each side."""
        return width_of(self.text) + 2

    def watch_text(self) -> None:
        """Show the new mark."""
        self.redraw()

    def draw_line(self, y: int) -> Strip:
        """Return the mark."""
        return Strip(line((Piece(f" {self.text} ", "accent"),), self.ink) if y == 0 else [])


class QueryNote(Canvas):
    """The line below the input: what is wrong, under the place where it is, or a hint."""

    COMPONENT_CLASSES = inks.component_classes(("status-failed",))
    DEFAULT_CSS = """
    QueryNote { width: 1fr; height: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._piece = Piece("")
        self._indent = 0

    def show(self, error: QueryError | None, hint: str, indent: int) -> None:
        """Say something else."""
        self._piece = Piece(f"✗ {error.text}", "status-failed") if error else Piece(hint, "muted")
        self._indent = indent + (error.start if error else 0)
        self.redraw()

    def draw_line(self, y: int) -> Strip:
        """Return the line."""
        if y:
            return Strip([])
        width = self.extent.width
        text = cut(self._piece.text, width - 1)
        indent = max(1, min(self._indent, width - width_of(text)))
        return Strip(line((Piece(" " * indent), Piece(text, self._piece.ink)), self.ink))


class _ErrorMark(Highlighter):
    """Underlines a part of the text."""

    def __init__(self) -> None:
        self.error: QueryError | None = None

    def highlight(self, text: Text) -> None:
        """Underline the part that is wrong; at the end there is nothing to underline but the last character."""
        if self.error is not None and len(text):
            start = max(0, min(self.error.start, len(text) - 1))
            text.stylize("underline bold", start, max(start + 1, self.error.end))


class _QueryInput(Input):
    """An input of one line that takes in clean text only."""

    DEFAULT_CSS = """
    _QueryInput { width: 1fr; }
    """

    def __init__(self, *, placeholder: str, suggester: Suggester | None) -> None:
        self._mark = _ErrorMark()
        super().__init__(
            placeholder=placeholder,
            highlighter=self._mark,
            suggester=suggester,
            compact=True,
            select_on_focus=False,
        )

    def show_error(self, error: QueryError | None) -> None:
        """Underline what is wrong."""
        self._mark.error = error
        self.refresh()

    def insert_text_at_cursor(self, text: str) -> None:
        """Insert text as it will be shown."""
        super().insert_text_at_cursor(clean(text))
