"""Details as keys and values in groups: of a log line, a span, an alert."""

from dataclasses import dataclass
from typing import Unpack

from rich.segment import Segment
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive

from widgets import inks
from widgets.canvas import Naming
from widgets.renderables.log_row import chopped
from widgets.renderables.pieces import Piece, draw, fit, line, width_of
from widgets.tall_list import Row, TallList

KEY_CELLS = 28


@dataclass(frozen=True)
class Field:
    """A key and its value; both clean already, lines of the value set apart by newlines."""

    key: str
    value: str
    ink: str = "text"


@dataclass(frozen=True)
class FieldGroup:
    """Fields that belong together, under a title."""

    title: str
    fields: tuple[Field, ...]


class FieldList(TallList):
    """Shows `groups`; long values wrap, the cursor goes from field to field."""

    COMPONENT_CLASSES = inks.component_classes(inks.SEVERITY, inks.LEVEL, inks.STATUS)
    BINDINGS = [
        Binding("enter", "pick", "Open", id="list.pick", show=False),
        Binding("c", "copy", "Copy value", id="fields.copy", show=False),
    ]

    groups: reactive[tuple[FieldGroup, ...]] = reactive((), repaint=False)
    """What is shown."""
    empty_text: reactive[str] = reactive("No details", repaint=False)
    """What an empty list says."""

    @dataclass
    class CopyRequested(Message):
        """The value under the cursor is to be copied."""

        key: str
        value: str

    @dataclass
    class Picked(Message):
        """A field was picked, by enter or by a double click."""

        key: str
        value: str

    def __init__(self, groups: tuple[FieldGroup, ...] = (), **naming: Unpack[Naming]) -> None:
        super().__init__(**naming)
        self._fields: list[tuple[str, Field]] = []
        self._parts: dict[int, list[Row]] = {}
        self.set_reactive(FieldList.groups, groups)
        self._flatten()

    @property
    def cursor_field(self) -> Field | None:
        """The field under the cursor."""
        return self._fields[self._cursor][1] if self._cursor < len(self._fields) else None

    def watch_groups(self) -> None:
        """Show the new fields; the cursor stays with its key."""
        held = self.cursor_field
        self._flatten()
        keys = [field.key for _, field in self._fields]
        if held is not None and held.key in keys:
            self._cursor = keys.index(held.key)
        self._cursor = max(0, min(self._cursor, len(keys) - 1))
        self._parts.clear()
        self.show_cursor()
        self.redraw()

    def watch_empty_text(self) -> None:
        """Show the new text."""
        self.redraw()

    def line_total(self) -> int:
        """Return how many fields there are."""
        return len(self._fields)

    def height_of_line(self, index: int) -> int:
        """Return the rows a field takes, with the title of its group if it is the first."""
        return len(self.draw_parts(index))

    def lit_from(self, index: int) -> int:
        """Return the first row that is the field's own."""
        return len(self._heading(index))

    def draw_parts(self, index: int) -> list[Row]:
        """Return the rows of a field."""
        rows = self._parts.get(index)
        if rows is None:
            heading = [line((piece,), self.ink) for piece in self._heading(index)]
            rows = self._parts[index] = [*heading, *self._field_rows(self._fields[index][1])]
        return rows

    def draw_nothing(self, y: int, width: int) -> list[Segment]:
        """Return the text of an empty list."""
        return draw((Piece("  "), Piece(self.empty_text, "muted")), width, self.ink) if y == 0 else []

    def action_copy(self) -> None:
        """Ask for the value to be copied."""
        if (field := self.cursor_field) is not None:
            self.post_message(self.CopyRequested(field.key, field.value))

    def action_pick(self) -> None:
        """Pick the field under the cursor."""
        self.row_picked()

    def row_picked(self) -> None:
        """Tell which field was picked."""
        if (field := self.cursor_field) is not None:
            self.post_message(self.Picked(field.key, field.value))

    def on_extent(self) -> None:
        """Wrap for the new width."""
        self._parts.clear()
        super().on_extent()

    def notify_style_update(self) -> None:
        """Forget rows in the colours of before."""
        super().notify_style_update()
        self._parts.clear()

    def _flatten(self) -> None:
        """List the fields, the first of each group with its title."""
        self._fields = [
            (group.title if number == 0 else "", field)
            for group in self.groups
            for number, field in enumerate(group.fields)
        ]

    def _heading(self, index: int) -> list[Piece]:
        """Return the rows before a field: nothing, or the title of its group with a blank line above."""
        title = self._fields[index][0]
        if not title:
            return []
        return [Piece(" "), Piece(title, "title")] if index else [Piece(title, "title")]

    def _field_rows(self, field: Field) -> list[Row]:
        """Return the rows of one field: the key beside the value, or above it where it is narrow."""
        width = max(1, self.extent.width - self.GUTTER - 1)
        longest = max(width_of(each.key) for _, each in self._fields)
        key_cells = min(longest, KEY_CELLS, width // 3) + 2
        parts = [part for text in field.value.split("\n") for part in chopped(text, max(1, width - key_cells))]
        rows = [line((Piece(fit(field.key, key_cells - 2) + "  ", "muted"), Piece(parts[0], field.ink)), self.ink)]
        rows += [line((Piece(" " * key_cells), Piece(part, field.ink)), self.ink) for part in parts[1:]]
        return rows
