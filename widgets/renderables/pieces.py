"""Pieces: text with the name of an ink, fitted into cells and drawn as segments."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

Align = Literal["left", "right"]
Ink = Callable[[str], Style]

BLANK = " "
CUT = "…"


class Piece(NamedTuple):
    """A run of text in one ink; the text is taken as clean already (see `widgets.text`)."""

    text: str
    ink: str = "text"


Cell = str | Piece | tuple[Piece, ...]


def pieces(cell: Cell) -> tuple[Piece, ...]:
    """Return a cell as pieces, whatever form it was given in."""
    if isinstance(cell, str):
        return (Piece(cell),)
    if isinstance(cell, Piece):
        return (cell,)
    return cell


def width_of(text: str) -> int:
    """Return the cells a text takes."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: str, width: int, align: Align = "left") -> str:
    """Return the text in exactly `width` cells, cut with … where it is longer."""
    have = width_of(text)
    if have == width:
        return text
    if have > width:
        return cut(text, width)
    blank = BLANK * (width - have)
    return text + blank if align == "left" else blank + text


def cut(text: str, width: int) -> str:
    """Return at most `width` cells of the text, with … where something was left out."""
    if width_of(text) <= width:
        return text
    if width <= 0:
        return ""
    return (text[: width - 1] if text.isascii() else set_cell_size(text, width - 1)) + CUT


def draw(cell: Cell, width: int, ink: Ink, align: Align = "left") -> list[Segment]:
    """Return the segments of a cell in exactly `width` cells."""
    if width <= 0:
        return []
    if isinstance(cell, str):
        return [Segment(fit(cell, width, align), ink("text"))]
    if isinstance(cell, Piece):
        return [Segment(fit(cell.text, width, align), ink(cell.ink))]
    return _draw_several(cell, width, ink, align)


def _draw_several(cell: Sequence[Piece], width: int, ink: Ink, align: Align) -> list[Segment]:
    """Return the segments of several pieces, the last of them cut where they are too long together."""
    segments: list[Segment] = []
    left = width
    for text, name in cell:
        if left <= 0:
            break
        shown = cut(text, left)
        left -= width_of(shown)
        segments.append(Segment(shown, ink(name)))
    if left > 0:
        blank = Segment(BLANK * left, ink("text"))
        segments.insert(len(segments) if align == "left" else 0, blank)
    return segments


def line(parts: Iterable[Piece], ink: Ink) -> list[Segment]:
    """Return the segments of pieces at their own width."""
    return [Segment(text, ink(name)) for text, name in parts if text]


def spread(
    left: Sequence[Piece], right: Sequence[Piece], width: int, ink: Ink, fill: Piece | None = None
) -> list[Segment]:
    """Return a line with something at each end; the left is cut first, the right is dropped where it cannot fit."""
    room = sum(width_of(text) for text, _ in right)
    if room and room + 4 > width:
        right, room = (), 0
    used = sum(width_of(text) for text, _ in left)
    filler, filler_ink = fill or Piece(BLANK)
    gap = max(2 if room else 0, width - room - used)
    middle = Piece((filler * gap) if gap < 3 or filler == BLANK else f" {filler * (gap - 2)} ", filler_ink)
    head = draw(tuple(left), min(used, width - room - (2 if room else 0)), ink)
    return [*head, *line((middle,), ink), *line(right, ink)]
