"""The base of everything that draws line by line: inks looked up once, strips kept until something changes."""

from functools import cache
from typing import TypedDict, Unpack

from rich.style import Style
from textual.dom import DOMNode
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from widgets import inks


class Naming(TypedDict, total=False):
    """What every widget may be called by: Textual's `name`, `id` and `classes`."""

    name: str | None
    id: str | None
    classes: str | None


class Canvas(Widget):
    """A widget that draws whole lines in inks of the theme.

    A subclass lists the inks it uses in `COMPONENT_CLASSES` and implements `draw_line`; a line it returned is kept
    until `redraw`, a new size or a new theme.
    """

    COMPONENT_CLASSES = inks.component_classes(inks.BASE)
    DEFAULT_CSS = inks.css("Canvas")

    def __init__(self, **naming: Unpack[Naming]) -> None:
        super().__init__(**naming, markup=False)
        self._lines: dict[int, Strip] = {}
        self._styles: dict[str, Style] = {}
        self._extent = Size(0, 0)
        self._outer = Size(-1, -1)

    @property
    def extent(self) -> Size:
        """The size of the drawing, known without the cost of `size`."""
        return self._extent

    def draw_line(self, y: int) -> Strip:
        """Return line `y` of the drawing; shorter lines are filled up, longer ones cut."""
        raise NotImplementedError

    def on_extent(self) -> None:
        """Take note that the size of the drawing changed."""

    def ink(self, name: str) -> Style:
        """Return the style of an ink; an unknown one is drawn as plain text."""
        style = self._styles.get(name)
        if style is None:
            known = inks.component_class(name)
            style = self._styled(known if known in self._names() else "ink--text")
            self._styles[name] = style
        return style

    def _styled(self, component: str) -> Style:
        """Return the style of a component class, asked of the stylesheet when it is first drawn with."""
        if component not in self._component_styles:
            virtual = DOMNode(classes=component)
            virtual._attach(self)
            self.app.stylesheet.apply(virtual, animate=False)
            self._component_styles[component] = virtual.styles
        return self.get_component_rich_style(component)

    @classmethod
    @cache
    def _get_component_classes(cls) -> frozenset[str]:
        """Return none: Textual would style every ink of every widget several times before the first frame."""
        return frozenset()

    @property
    def ground(self) -> Style:
        """The style of empty cells."""
        style = self._styles.get("")
        if style is None:
            style = self._styles[""] = self.rich_style
        return style

    def redraw(self) -> None:
        """Draw everything anew with the next frame."""
        self._lines.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one line, from the kept ones where possible."""
        width = self._measure().width
        strip = self._lines.get(y)
        if strip is None:
            strip = self._lines[y] = self.draw_line(y).adjust_cell_length(width, self.ground)
        return strip

    def notify_style_update(self) -> None:
        """Forget colours and lines when the theme or the focus changed them."""
        super().notify_style_update()
        self._component_styles.clear()
        self._styles.clear()
        self._lines.clear()

    def _on_resize(self) -> None:
        """Take the new size before the next key, which may come before the next frame."""
        self._measure()

    def _measure(self) -> Size:
        """Return the size of the drawing; only when the widget changed is it asked for, because that costs."""
        outer = self.outer_size
        if outer != self._outer or not self._lines:
            self._outer = outer
            size = self.size
            if size != self._extent:
                self._extent = size
                self._lines.clear()
                self.on_extent()
        return self._extent

    def _names(self) -> frozenset[str]:
        """Return the component classes this widget declares."""
        return super()._get_component_classes()
