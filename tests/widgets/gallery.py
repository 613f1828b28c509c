"""All widgets with plausible data: `python -m tests.widgets.gallery [theme] [page]`; `n` turns the page, `t` the theme."""

import sys

from textual.app import App
from textual.binding import Binding

from tests.widgets import plausible
from themes.loader import available, load
from themes.variables import fallbacks

PAGES = ("alerts", "metrics", "logs", "trace", "states")


class Gallery(App[None]):
    """Shows one page of widgets at a time."""

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    Screen { layout: vertical; background: $background; color: $ink-text; }
    .row { layout: horizontal; height: 1fr; }
    .row > * { margin: 0 1; }
    .short { height: 6; }
    .medium { height: 12; }
    """
    BINDINGS = [Binding("n", "page", "Next page"), Binding("t", "look", "Next theme"), Binding("q", "quit", "Quit")]

    def __init__(self, theme: str = "airis-dark", page: str = "alerts"):
        super().__init__()
        for name in available():
            self.register_theme(load(name))
        self.theme = theme
        self.page = page

    def get_theme_variable_defaults(self):
        return fallbacks(self.current_theme)

    def compose(self):
        yield plausible.status_bar()
        yield plausible.screen_tabs(self.page)
        yield from getattr(plausible, f"{self.page}_page")()
        yield plausible.key_hints()

    async def action_page(self):
        self.page = PAGES[(PAGES.index(self.page) + 1) % len(PAGES)]
        await self.recompose()

    def action_look(self):
        names = list(available())
        self.theme = names[(names.index(self.theme) + 1) % len(names)]


if __name__ == "__main__":
    Gallery(*sys.argv[1:]).run()
