"""The smallest Textual application: what the start of the console is compared with."""

from textual.app import App, ComposeResult
from textual.widgets import Label


class Hello(App[None]):
    """Says one word."""

    def compose(self) -> ComposeResult:
        """Yield the word."""
        yield Label("Overview")


if __name__ == "__main__":
    Hello().run()
