"""A keyed list of rows in columns, whose cursor stays with its row through every refresh."""

from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, Unpack

from rich.segment import Segment
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive

from widgets import inks
from widgets.canvas import Naming
from widgets.line_list import LineList
from widgets.renderables.columns import GAP, Column, fit_columns
from widgets.renderables.pieces import Cell, Piece, draw, fit

NOTHING = "Nothing to show"


class Keyed(Protocol):
    """Anything a list can hold: it has a key that stays the same through refreshes."""

    @property
    def key(self) -> str:
        """The key that names the row."""
        ...


@dataclass(frozen=True)
class ListRow:
    """A row of ready cells, one for each column."""

    key: str
    cells: tuple[Cell, ...]


RowT = TypeVar("RowT", bound=Keyed)


class KeyedList(LineList, Generic[RowT]):
    """Draws rows of any keyed type; a subclass turns a row into cells when it comes into view."""

    COMPONENT_CLASSES = inks.component_classes(inks.SEVERITY, inks.STATUS, inks.LEVEL, inks.CHART)
    BINDINGS = [Binding("enter", "pick", "Open", id="list.pick", show=False)]
    HEAD = 1

    columns: reactive[tuple[Column, ...]] = reactive((), repaint=False)
    """What each row shows, left to right."""
    rows: reactive[tuple[RowT, ...]] = reactive((), repaint=False)
    """The rows, in order; keys are unique."""
    marks: reactive[frozenset[str]] = reactive(frozenset(), repaint=False)
    """The keys of the rows the user has marked."""
    empty_text: reactive[str] = reactive(NOTHING, repaint=False)
    """What an empty list says."""
    sorted_by: reactive[tuple[str, bool]] = reactive(("", False), repaint=False)
    """The key of the column the rows are sorted by, and whether downwards; only shown, never done here."""

    @dataclass
    class CursorMoved(Message):
        """The cursor is on another row; no key if the list became empty."""

        list: "KeyedList[Any]"
        key: str | None

        @property
        def control(self) -> "KeyedList[Any]":
            """The list itself."""
            return self.list

    @dataclass
    class Picked(Message):
        """A row was picked, by enter or by a double click."""

        list: "KeyedList[Any]"
        key: str

        @property
        def control(self) -> "KeyedList[Any]":
            """The list itself."""
            return self.list

    def __init__(
        self,
        columns: tuple[Column, ...] = (),
        *,
        empty_text: str = NOTHING,
        **naming: Unpack[Naming],
    ) -> None:
        super().__init__(**naming)
        self._places: dict[str, int] = {}
        self._fitted: tuple[tuple[int, int], ...] = ()
        self._fitted_for = -1
        self.set_reactive(KeyedList.columns, columns)
        self.set_reactive(KeyedList.empty_text, empty_text)

    def row_cells(self, row: RowT) -> tuple[Cell, ...]:
        """Return the cells of a row, one for each column."""
        raise NotImplementedError

    @property
    def cursor_key(self) -> str | None:
        """The key of the row under the cursor."""
        return self.rows[self._cursor].key if self._cursor < len(self.rows) else None

    @property
    def cursor_row(self) -> RowT | None:
        """The row under the cursor."""
        return self.rows[self._cursor] if self._cursor < len(self.rows) else None

    def move_to_key(self, key: str) -> bool:
        """Put the cursor on the row of that key; tell whether there is one."""
        if key not in self._places:
            return False
        self.move_to(self._places[key])
        return True

    def toggle_mark(self) -> None:
        """Mark the row under the cursor, or take its mark away, and go on to the next row."""
        if (key := self.cursor_key) is not None:
            self.marks ^= {key}
            self.move_to(self._cursor + 1)

    def line_total(self) -> int:
        """Return how many rows there are."""
        return len(self.rows)

    def watch_rows(self, old: tuple[RowT, ...], rows: tuple[RowT, ...]) -> None:
        """Keep the cursor on its row and the row at its height on the screen."""
        key = old[self._cursor].key if self._cursor < len(old) else None
        self._places = {row.key: index for index, row in enumerate(rows)}
        place = self._places.get(key, -1) if key is not None else -1
        if place >= 0:
            self._top += place - self._cursor
            self._cursor = place
        self._cursor = max(0, min(self._cursor, len(rows) - 1))
        self.show_cursor()
        self.redraw()
        if self.cursor_key != key:
            self.post_message(self.CursorMoved(self, self.cursor_key))

    def watch_columns(self) -> None:
        """Fit the new columns."""
        self._fitted_for = -1
        self.redraw()

    def watch_marks(self) -> None:
        """Show the marks."""
        self.redraw()

    def watch_empty_text(self) -> None:
        """Show the new text."""
        self.redraw()

    def watch_sorted_by(self) -> None:
        """Show the new order."""
        self.redraw()

    def is_marked(self, index: int) -> bool:
        """Tell whether a row is marked."""
        return bool(self.marks) and self.rows[index].key in self.marks

    def cursor_moved(self) -> None:
        """Tell which row the cursor is on."""
        self.post_message(self.CursorMoved(self, self.cursor_key))

    def row_picked(self) -> None:
        """Tell which row was picked."""
        if (key := self.cursor_key) is not None:
            self.post_message(self.Picked(self, key))

    def action_pick(self) -> None:
        """Pick the row under the cursor."""
        self.row_picked()

    def draw_head(self, y: int, width: int) -> list[Segment]:
        """Return the titles of the columns."""
        del y
        segments = [Segment(" " * self.GUTTER, self.ground)]
        gap = Segment(" " * GAP, self.ground)
        sort_key, downwards = self.sorted_by
        for index, cells in self._fit(width - self.GUTTER - 1):
            column = self.columns[index]
            arrow = ("▾" if downwards else "▴") if column.key == sort_key else ""
            segments += [Segment(fit(column.title + arrow, cells, column.align), self.ink("muted")), gap]
        return segments

    def draw_row(self, index: int, width: int) -> list[Segment]:
        """Return the cells of a row."""
        del width  # one width for head and rows, whether there is a scroll bar or not: columns must not jump
        cells = self.row_cells(self.rows[index])
        gap = Segment(" " * GAP, self.ground)
        segments: list[Segment] = []
        for place, room in self._fit(self.extent.width - self.GUTTER - 1):
            segments += draw(cells[place] if place < len(cells) else "", room, self.ink, self.columns[place].align)
            segments.append(gap)
        return segments

    def draw_nothing(self, y: int, width: int) -> list[Segment]:
        """Return the text of an empty list."""
        if y != min(1, self.page - 1):
            return []
        return draw((Piece(" " * self.GUTTER), Piece(self.empty_text, "muted")), width, self.ink)

    def _fit(self, width: int) -> tuple[tuple[int, int], ...]:
        """Return the columns that are shown at a width."""
        if self._fitted_for != width:
            self._fitted = fit_columns(self.columns, width)
            self._fitted_for = width
        return self._fitted


class DataList(KeyedList[ListRow]):
    """A list of ready rows: `DataList(columns)` and then `rows = (ListRow(key, cells), …)`."""

    def row_cells(self, row: ListRow) -> tuple[Cell, ...]:
        """Return the cells the row came with."""
        return row.cells
