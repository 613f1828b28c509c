"""A list whose lines may take several rows each."""

from rich.segment import Segment
from textual.strip import Strip

from widgets.line_list import LineList

Row = list[Segment]


class TallList(LineList):
    """Lays out lines of differing heights; a subclass answers `height_of_line` and `draw_parts`."""

    _places: list[tuple[int, int]] | None = None

    def height_of_line(self, index: int) -> int:
        """Return the rows a line takes, at least one."""
        raise NotImplementedError

    def draw_parts(self, index: int) -> list[Row]:
        """Return the rows of a line, as many as `height_of_line` says."""
        raise NotImplementedError

    def lit_from(self, index: int) -> int:
        """Return the first row of a line that the cursor lights."""
        del index
        return 0

    def redraw(self) -> None:
        """Draw everything anew with the next frame."""
        self._places = None
        super().redraw()

    def on_extent(self) -> None:
        """Lay out for the new size."""
        self._places = None
        super().on_extent()

    def top_to_show(self, index: int) -> int:
        """Return the least top from which line `index` is in view to its end."""
        rows = 0
        top = index
        while top >= 0:
            rows += self.height_of_line(top)
            if rows > self.page:
                break
            top -= 1
        return min(index, top + 1)

    def index_at(self, y: int) -> int:
        """Return the line at row `y`."""
        places = self.places()
        if y < len(places):
            return places[y][0]
        return self.line_total() if y >= 0 and not places else places[-1][0]

    def places(self) -> list[tuple[int, int]]:
        """Return the line and the part of it that each row of the view shows."""
        if self._places is None:
            places: list[tuple[int, int]] = []
            index, total = self.top, self.line_total()
            while index < total and len(places) < self.page:
                places += [(index, part) for part in range(self.height_of_line(index))]
                index += 1
            self._places = places[: self.page]
        return self._places

    def draw_place(self, y: int, width: int) -> Strip:
        """Return row `y` of the view in exactly `width` cells."""
        places = self.places()
        if y >= len(places):
            return Strip.blank(width, self.ground)
        index, part = places[y]
        here = index == self.cursor_index and part >= self.lit_from(index)
        gutter = Segment("▌ " if here else "  ", self.ink("accent" if self.has_focus else "faint"))
        strip = Strip([gutter, *self.draw_parts(index)[part]]).adjust_cell_length(width, self.ground)
        return self.under_cursor(strip, self.has_focus) if here else strip
