"""Every private name of Textual that the display layer leans on, in one place, with a check that it is as expected."""

import inspect
from collections.abc import Iterable, Iterator
from typing import Any

from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.driver import Driver

_SHAPES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (LayoutUpdate.__init__, ("self", "strips", "region")),
    (ChopsUpdate.__init__, ("self", "chops", "spans", "chop_ends")),
    (CompositorUpdate.render_segments, ("self", "console")),
    (App._display, ("self", "screen", "renderable")),
    (App._begin_batch, ("self",)),
    (App._end_batch, ("self",)),
)
_STATE = ("_batch_count", "_running", "_closed", "_driver")


class Written(CompositorUpdate):
    """A frame that is encoded already."""

    def __init__(self, text: str) -> None:
        self.text = text

    def render_segments(self, console: Console) -> str:
        """Return the frame as it is."""
        del console
        return self.text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        del console, options
        yield Segment(self.text)


def misfit(app: App[Any]) -> str:
    """Return the first private name that is not as expected, or an empty string where all are."""
    for function, names in _SHAPES:
        if tuple(inspect.signature(function).parameters) != names:
            return str(function.__qualname__)
    return next((name for name in _STATE if not hasattr(app, name)), "")


def terminal_driver(app: App[Any]) -> Driver | None:
    """Return the driver if it draws full screen on a terminal that can answer."""
    driver = app._driver
    if driver is None or driver.is_headless or driver.is_inline or driver.is_web:
        return None
    return driver if getattr(driver, "input_tty", False) else None


def is_drawing(app: App[Any]) -> bool:
    """Return whether a frame given to Textual now would be written."""
    return bool(app._running and not app._closed and not app._batch_count)


def hold(app: App[Any]) -> None:
    """Let changes gather without drawing them."""
    app._begin_batch()


def release(app: App[Any]) -> None:
    """Draw what has gathered; every screen in view is told, because only an idle screen draws."""
    app._end_batch()
    if app._running and not app._closed:
        for screen in app.screen_stack:
            screen.check_idle()


def colours(app: App[Any]) -> ColorSystem:
    """Return how many colours the terminal has."""
    return app.console._color_system or ColorSystem.TRUECOLOR


def pieces(update: RenderableType | None) -> Iterator[tuple[int, int, Iterable[Segment]]] | None:
    """Return row, column and segments of all that an update draws, or `None` where it is another kind of update."""
    if isinstance(update, LayoutUpdate):
        return _layout_pieces(update)
    if isinstance(update, ChopsUpdate):
        return _chops_pieces(update)
    return None


def _layout_pieces(update: LayoutUpdate) -> Iterator[tuple[int, int, Iterable[Segment]]]:
    for y, line in enumerate(update.strips, update.region.y):
        yield y, update.region.x, [segment for strip in line for segment in strip]


def _chops_pieces(update: ChopsUpdate) -> Iterator[tuple[int, int, Iterable[Segment]]]:
    for y, first, last in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x > last or end <= first:
                continue
            inside = first <= x < last and end <= last
            yield y, x, strip if inside else strip.crop(0, min(end, last) - x)
