"""Counts by level over time as stacked columns; the gravest level stands at the bottom and never vanishes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from widgets.renderables.words import LEVEL_WORDS

EIGHTHS = 8
BLOCKS = " ▁▂▃▄▅▆▇█"
ORDER = tuple(LEVEL_WORDS)


@dataclass(frozen=True)
class Bucket:
    """How many lines of each level there were from a Unix time on, until the next bucket."""

    time: float
    counts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class HistogramData:
    """Counts over time; `step` is the length of a bucket in seconds."""

    start: float = 0.0
    end: float = 0.0
    step: float = 0.0
    buckets: tuple[Bucket, ...] = ()

    def totals(self) -> dict[str, int]:
        """Return the count of every level that occurs, gravest first."""
        sums: dict[str, int] = {}
        for bucket in self.buckets:
            for level, count in bucket.counts.items():
                sums[level] = sums.get(level, 0) + count
        return {level: sums[level] for level in sorted(sums, key=_rank) if sums[level]}


def _rank(level: str) -> int:
    """Return the place of a level in the stack; an unknown one stands on top."""
    return ORDER.index(level) if level in ORDER else len(ORDER)


def columns(data: HistogramData, width: int) -> list[dict[str, float]]:
    """Return the counts in each of `width` cells; a bucket is shared out over the cells it covers."""
    cells: list[dict[str, float]] = [{} for _ in range(width)]
    whole = data.end - data.start
    if whole <= 0 or width <= 0:
        return cells
    length = max(data.step / whole * width, 1e-9)
    for bucket in data.buckets:
        first = (bucket.time - data.start) / whole * width
        last = first + length
        for cell in range(max(0, int(first)), min(width, int(last) + 1)):
            share = (min(last, cell + 1) - max(first, cell)) / length
            if share > 0:
                counts = cells[cell]
                for level, count in bucket.counts.items():
                    counts[level] = counts.get(level, 0.0) + count * share
    return cells


@dataclass(frozen=True)
class Block:
    """One cell of a column: a block of the lower level, and above it the level that fills the rest, if any."""

    glyph: str = " "
    lower: str = ""
    upper: str = ""


NO_BLOCK = Block()


def stack(counts: Mapping[str, float], most: float, height: int) -> list[Block]:
    """Return the cells of one column from the bottom up."""
    bounds = _bounds(counts, most, height)
    return [_block(bounds, row * EIGHTHS) for row in range(height)]


def _bounds(counts: Mapping[str, float], most: float, height: int) -> list[tuple[int, str]]:
    """Return up to which eighth of a cell each level reaches; a level that occurs takes at least one."""
    bounds: list[tuple[int, str]] = []
    reached = 0
    for level in sorted(counts, key=_rank):
        if counts[level] > 0.05 and most > 0:
            reached += max(1, round(counts[level] / most * height * EIGHTHS))
            bounds.append((min(reached, height * EIGHTHS), level))
    return bounds


def _block(bounds: Sequence[tuple[int, str]], bottom: int) -> Block:
    """Return the cell that starts at an eighth: of more than two levels in it, the lowest and the one on top."""
    inside = [(bound, level) for bound, level in bounds if bound > bottom]
    if not inside:
        return NO_BLOCK
    bound, level = inside[0]
    filled = min(EIGHTHS, bound - bottom)
    if filled == EIGHTHS:
        return Block(BLOCKS[EIGHTHS], level)
    above = next((name for end, name in inside if end >= bottom + EIGHTHS and name != level), "")
    if not above and len(inside) > 1:
        filled = min(EIGHTHS, inside[-1][0] - bottom)
    return Block(BLOCKS[filled], level, above)
