"""An app for tests and the gallery: our themes and variables, nothing else."""

from textual.app import App

from themes.loader import load
from themes.variables import fallbacks


class Stage(App[None]):
    """Shows the widgets it is given under one of our themes."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, *shown, theme: str = "airis-dark"):
        super().__init__()
        self.shown = shown
        self.heard = []
        self.register_theme(load(theme))
        self.theme = theme

    def get_theme_variable_defaults(self):
        return fallbacks(self.current_theme)

    def compose(self):
        yield from self.shown


def text_of(widget) -> list[str]:
    """Return what the widget shows, line by line."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]
