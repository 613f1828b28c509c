"""Turns a frame into the control sequences and text of a terminal (ECMA-48 and DECSTBM)."""

from console.display.front_buffer import Frame, Write
from console.display.pen import PLAIN, Pen, change
from console.display.scroll import Move

_LEAST_BLANKS = 8
_INVISIBLE_ON_BLANKS = frozenset({"1", "2", "3"})


def encode(frame: Frame, width: int, *, erases_in_colour: bool = False) -> str:
    """Return what makes a terminal of this width show the frame, or an empty string where nothing changes.

    A terminal that erases in the background colour (terminfo `bce`) is spared the blanks at the end of a line.
    """
    if frame.move is None and not frame.writes:
        return ""
    script = _Script(width, erases_in_colour=erases_in_colour)
    if frame.move is not None:
        script.move(frame.move)
    for write in frame.writes:
        script.write(write)
    return script.finished()


class _Script:
    """Sequences so far, with the place and the pen they leave the terminal in; both are unknown at first."""

    def __init__(self, width: int, *, erases_in_colour: bool) -> None:
        self._width = width
        self._erases = erases_in_colour
        self._parts: list[str] = []
        self._pen: Pen | None = None
        self._place: tuple[int, int] | None = None

    def move(self, move: Move) -> None:
        """Move rows within margins, and give the margins back; lines that come in have no colour of their own."""
        self._take(PLAIN)
        if move.by > 0:
            place, step = move.bottom, "\n" * move.by
        else:
            place, step = move.top, "\x1bM" * -move.by
        self._parts.append(f"\x1b[{move.top + 1};{move.bottom + 1}r\x1b[{place + 1};1H{step}\x1b[r")
        self._place = None

    def write(self, write: Write) -> None:
        """Write cells; blanks up to the right edge are erased where that is shorter."""
        blanks = self._blanks(write) if self._erases else 0
        end = len(write.cells) - blanks
        self._go(write.y, write.x)
        self._draw(write, end)
        if blanks and (last := write.cells[-1]):
            if self._place != (write.y, write.x + end):
                self._go(write.y, write.x + end)
            self._take(last[1])
            self._parts.append("\x1b[K")

    def _draw(self, write: Write, end: int) -> None:
        parts, pen = self._parts, self._pen
        for offset in range(end):
            cell = write.cells[offset]
            if cell is None:
                continue
            glyph, wanted = cell
            if wanted is not pen:
                self._take(wanted)
                pen = wanted
            if self._place is None and glyph:
                self._go(write.y, write.x + offset)
            parts.append(glyph)
            if len(glyph) > 1:  # terminals disagree about the width of such glyphs
                self._place = None
        column = write.x + end
        self._place = (write.y, column) if self._place and column < self._width else None

    def finished(self) -> str:
        """Return all sequences; the terminal is left with its own colours."""
        self._take(PLAIN)
        return "".join(self._parts)

    def _take(self, pen: Pen) -> None:
        self._parts.append(change(self._pen, pen))
        self._pen = pen

    def _go(self, y: int, x: int) -> None:
        if self._place == (y, x):
            return
        ways = [f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"]
        if self._place and self._place[0] == y and self._place[1] < x:
            steps = x - self._place[1]
            ways.append(f"\x1b[{steps}C" if steps > 1 else "\x1b[C")
        self._parts.append(min(ways, key=len))
        self._place = (y, x)

    def _blanks(self, write: Write) -> int:
        """Return how many blanks of one colour the write ends with, if they reach the right edge and are worth it."""
        last = write.cells[-1]
        if write.x + len(write.cells) != self._width or last is None or last[0] != " " or last[1].link:
            return 0
        if not _INVISIBLE_ON_BLANKS.issuperset(last[1].attributes):
            return 0
        count = 0
        for cell in reversed(write.cells):
            if cell != last:
                break
            count += 1
        return count if count >= _LEAST_BLANKS else 0
