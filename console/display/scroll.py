"""Finds a block of rows that moved up or down as a whole, so that the terminal can move it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import gt, ne

from console.display.cells import Row

_LEAST_ROWS = 3
_COST_CELLS = 20
"""What the margins and the move cost, in cells that could have been written instead."""
_START_CELLS = 6
"""What it costs to go to where a change begins."""


@dataclass(frozen=True, slots=True)
class Move:
    """Rows `top` to `bottom`, both included, went up by `by` rows; a negative number went down."""

    top: int
    bottom: int
    by: int


def moved(rows: Sequence[Row], move: Move) -> list[Row]:
    """Return the rows after a move; nothing is known of those that came in."""
    block = list(rows[move.top : move.bottom + 1])
    fresh: list[Row] = [[None] * len(row) for row in block[: abs(move.by)]]
    block = block[move.by :] + fresh if move.by > 0 else fresh + block[: move.by]
    return [*rows[: move.top], *block, *rows[move.bottom + 1 :]]


def find_move(shown: Sequence[Row], wanted: Sequence[Row], changed: Iterable[int]) -> Move | None:
    """Return the move after which least is left to write, or `None` where a move saves nothing."""
    candidates = [y for y in changed if shown[y] != wanted[y]]
    if len(candidates) < _LEAST_ROWS:
        return None
    move = _likeliest(shown, wanted, candidates)
    if move is None or not _is_known(shown, wanted, move):
        return None
    block = slice(move.top, move.bottom + 1)
    before = _distance(shown[block], wanted[block])
    after = _distance(moved(shown, move)[block], wanted[block])
    return move if after + _COST_CELLS < before else None


def _likeliest(shown: Sequence[Row], wanted: Sequence[Row], candidates: Sequence[int]) -> Move | None:
    """Return the move that most rows agree on, judged by the columns that changed at all."""
    columns = _changed_columns(shown, wanted, candidates)
    places: dict[str, int] = {}
    for y in candidates:
        text = _text(shown[y][columns])
        places[text] = -1 if text in places or text.isspace() else y
    sources = {y: places.get(_text(wanted[y][columns]), -1) for y in candidates}
    votes = Counter(source - y for y, source in sources.items() if source >= 0 and source != y)
    if not votes:
        return None
    by, count = votes.most_common(1)[0]
    if count < _LEAST_ROWS:
        return None
    targets = [y for y, source in sources.items() if source >= 0 and source - y == by]
    touched = [*targets, *(y + by for y in targets)]
    return Move(min(touched), max(touched), by)


def _changed_columns(shown: Sequence[Row], wanted: Sequence[Row], rows: Sequence[int]) -> slice:
    first, last = len(wanted[0]), 0
    for y in rows:
        different = list(map(ne, shown[y], wanted[y]))
        first = min(first, different.index(True))
        last = max(last, len(different) - different[::-1].index(True))
    return slice(first, last)


def _text(cells: Row) -> str:
    return "".join([cell[0] if cell else "\0" for cell in cells])


def _is_known(shown: Sequence[Row], wanted: Sequence[Row], move: Move) -> bool:
    return not any(None in shown[y] or None in wanted[y] for y in range(move.top, move.bottom + 1))


def _distance(shown: Sequence[Row], wanted: Sequence[Row]) -> int:
    """Return what it costs to write the difference, in cells."""
    distance = 0
    for before, after in zip(shown, wanted, strict=True):
        different = list(map(ne, before, after))
        starts = sum(map(gt, different, [False, *different]))
        distance += sum(different) + starts * _START_CELLS
    return distance
