"""Cells of the screen: one glyph each, where the right half of a double-width glyph is an empty one."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from unicodedata import category

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.segment import Segment

from console.display.pen import Pen, pen_of

Cell = tuple[str, Pen]
Row = list[Cell | None]
"""A line of the screen; `None` is a cell of which nothing is known."""

# Glyphs of one cell that need no look at the width tables: printable Latin, box drawing, blocks, shapes, braille.
_NARROW = frozenset(
    chr(code)
    for first, last in ((0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x2FF), (0x2500, 0x25FC), (0x2800, 0x28FF))
    for code in range(first, last + 1)
)


@dataclass(frozen=True, slots=True)
class Patch:
    """Cells that a frame puts at column `x` of row `y`."""

    y: int
    x: int
    cells: tuple[Cell, ...]


def cells_of(segments: Iterable[Segment], system: ColorSystem) -> tuple[Cell, ...]:
    """Return the cells that segments of one line take."""
    cells: list[Cell] = []
    for text, style, control in segments:
        if control:
            continue
        pen = pen_of(style, system)
        if _NARROW.issuperset(text):
            cells.extend(map(_alphabet(pen).__getitem__, text))
            continue
        lead, glyphs = _glyphs(text)
        if lead and cells:
            _join(cells, lead)
        cells.extend(zip(glyphs, repeat(pen)))
    return tuple(cells)


class _Alphabet(dict[str, Cell]):
    """The cells of one pen, each made once: screens full of new tuples would keep the garbage collector busy."""

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self._pen = pen

    def __missing__(self, glyph: str) -> Cell:
        cell = self[glyph] = (glyph, self._pen)
        return cell


@lru_cache(1024)
def _alphabet(pen: Pen) -> _Alphabet:
    return _Alphabet(pen)


@lru_cache(4096)
def _glyphs(text: str) -> tuple[str, tuple[str, ...]]:
    """Return what belongs to the glyph before the text, and one string per cell."""
    text = "".join(character for character in text if category(character) != "Cc")
    lead, cells = "", list[str]()
    for start, end, width in split_graphemes(text)[0]:
        if width:
            cells += (text[start:end], *repeat("", width - 1))
        else:
            lead += text[start:end]
    return lead, tuple(cells)


def _join(cells: list[Cell], marks: str) -> None:
    place = len(cells) - 1
    while place and not cells[place][0]:
        place -= 1
    glyph, pen = cells[place]
    cells[place] = (glyph + marks, pen)


def is_half(row: Row, x: int) -> bool:
    """Return whether the cell is the right half of a double-width glyph."""
    cell = row[x]
    return cell is not None and not cell[0]


def overlaid(row: Row, patch: Patch) -> Row:
    """Return the row with a patch on it; a glyph that the patch cuts in half becomes a blank in its own colours."""
    if patch.x < 0 or patch.x >= len(row):
        return row
    cells = patch.cells[: len(row) - patch.x]
    end = patch.x + len(cells)
    new = row.copy()
    if patch.x and is_half(new, patch.x):
        _blank(new, patch.x - 1)
    if end < len(new) and is_half(new, end):
        _blank(new, end)
    new[patch.x : end] = cells
    if len(cells) < len(patch.cells) and not patch.cells[len(cells)][0]:
        _blank(new, end - 1)
    return new


def _blank(row: Row, x: int) -> None:
    cell = row[x]
    if cell is not None:
        row[x] = (" ", cell[1])
