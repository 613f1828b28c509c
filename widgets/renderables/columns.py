"""Columns: which fit a width, and how wide each may be."""

from collections.abc import Sequence
from dataclasses import dataclass

from widgets.renderables.pieces import Align

GAP = 2


@dataclass(frozen=True)
class Column:
    """A column of a list: at least `width` cells, sharing what is left over by `grow`.

    Where not all fit, the column with the highest `priority` number goes first; 0 never goes.
    """

    key: str
    title: str
    width: int
    priority: int = 0
    align: Align = "left"
    grow: int = 0
    most: int = 0


def fit_columns(columns: Sequence[Column], width: int, gap: int = GAP) -> tuple[tuple[int, int], ...]:
    """Return the index and width of every column that is shown, left to right; nothing ever wraps."""
    shown = list(range(len(columns)))
    while len(shown) > 1 and _needed(columns, shown, gap) > width:
        least = max(shown, key=lambda index: (columns[index].priority, index))
        if columns[least].priority == 0:
            break
        shown.remove(least)
    widths = {index: columns[index].width for index in shown}
    spare = width - _needed(columns, shown, gap)
    if spare < 0:
        _squeeze(widths, columns, -spare)
    else:
        _share(widths, columns, spare)
    return tuple((index, widths[index]) for index in shown)


def _needed(columns: Sequence[Column], shown: Sequence[int], gap: int) -> int:
    """Return the cells the columns take at their least width."""
    return sum(columns[index].width for index in shown) + gap * (len(shown) - 1)


def _squeeze(widths: dict[int, int], columns: Sequence[Column], missing: int) -> None:
    """Take missing cells from the growing columns first, then from the widest."""
    for index in sorted(widths, key=lambda index: (-columns[index].grow, -widths[index])):
        taken = min(missing, max(0, widths[index] - 1))
        widths[index] -= taken
        missing -= taken


def _share(widths: dict[int, int], columns: Sequence[Column], spare: int) -> None:
    """Give spare cells to the growing columns by their weight, up to their most."""
    growing = [index for index in widths if columns[index].grow]
    while spare > 0 and growing:
        total = sum(columns[index].grow for index in growing)
        given = 0
        for index in tuple(growing):
            part = max(1, spare * columns[index].grow // total)
            most = columns[index].most or widths[index] + part
            part = max(0, min(part, most - widths[index], spare - given))
            if part == 0:
                growing.remove(index)
            widths[index] += part
            given += part
        spare -= given
