"""The front buffer: what the terminal shows, and so the least that a frame has to write."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from console.display.cells import Patch, Row, is_half, overlaid
from console.display.scroll import Move, find_move, moved

_GAP = 4
"""So many unchanged cells are cheaper to write again than to step over."""


@dataclass(frozen=True, slots=True)
class Write:
    """Cells to write from column `x` of row `y` on; never half a double-width glyph."""

    y: int
    x: int
    cells: Row


@dataclass(frozen=True, slots=True)
class Frame:
    """One step of the terminal: a move first, where there is one, then writes from top to bottom."""

    move: Move | None
    writes: tuple[Write, ...]


class FrontBuffer:
    """Holds the rows that the terminal shows and the rows that it should show."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._wanted: list[Row] = [[None] * width for _ in range(height)]
        self._shown = self._wanted.copy()
        self._forgotten = False

    def forget(self) -> None:
        """Take nothing for granted of what the terminal shows; the next frame writes everything."""
        self._shown = [[None] * self.width for _ in range(self.height)]
        self._forgotten = True

    def take(self, patches: Iterable[Patch]) -> Frame:
        """Return what to write so that the terminal shows the patches too."""
        changed = set()
        for patch in patches:
            if 0 <= patch.y < self.height:
                self._wanted[patch.y] = overlaid(self._wanted[patch.y], patch)
                changed.add(patch.y)
        move = None if self._forgotten else find_move(self._shown, self._wanted, sorted(changed))
        if move is not None:
            self._shown = moved(self._shown, move)
            changed |= set(range(move.top, move.bottom + 1))
        if self._forgotten:
            changed = set(range(self.height))
        writes = tuple(write for y in sorted(changed) for write in differences(y, self._shown[y], self._wanted[y]))
        for y in changed:
            self._shown[y] = self._wanted[y]
        self._forgotten = False
        return Frame(move, writes)


def differences(y: int, shown: Row, wanted: Row) -> Iterator[Write]:
    """Yield the writes that turn one row into another; cells of which nothing is wanted are left alone."""
    if shown is wanted or shown == wanted:
        return
    spots = [x for x, (old, new) in enumerate(zip(shown, wanted, strict=True)) if old != new and new is not None]
    gap = 0 if None in wanted else _GAP
    done = 0
    for first, last in _runs(spots, gap):
        start, end = max(first, done), last + 1
        while start > done and is_half(wanted, start):
            start -= 1
        while end < len(wanted) and is_half(wanted, end):
            end += 1
        if start < end:
            yield Write(y, start, wanted[start:end])
        done = max(done, end)


def _runs(spots: list[int], gap: int) -> Iterator[tuple[int, int]]:
    """Yield first and last of each run of columns with no more than `gap` columns missing between two."""
    if not spots:
        return
    first = last = spots[0]
    for spot in spots[1:]:
        if spot - last > gap + 1:
            yield first, last
            first = spot
        last = spot
    yield first, last
