"""Rows of a waterfall: a name in the tree, and a bar on the axis of time."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from widgets.renderables.axis import label_line
from widgets.renderables.pieces import Piece, cut, width_of
from widgets.renderables.scale import value_ticks
from widgets.renderables.span_tree import SpanRow, SpanTree
from widgets.renderables.units import Unit, format_value

SERVICE_INKS = 12
LEFT_HALF, RIGHT_HALF, WHOLE, EVENT = "╸", "╺", "━", "◆"
DEEPEST_INDENT = 24


@dataclass(frozen=True)
class TimeWindow:
    """The part of a trace that is in view, in milliseconds."""

    start_ms: float
    end_ms: float

    def half_cell(self, moment_ms: float, width: int) -> float:
        """Return where a moment is in half cells; outside the window it is outside 0..2 x width."""
        return (moment_ms - self.start_ms) / max(self.end_ms - self.start_ms, 1e-9) * width * 2

    def zoomed(self, factor: float, around_ms: float) -> "TimeWindow":
        """Return the window made `factor` times as long around a moment that stays where it is."""
        return TimeWindow(
            around_ms - (around_ms - self.start_ms) * factor, around_ms + (self.end_ms - around_ms) * factor
        )

    def within(self, start_ms: float, end_ms: float) -> "TimeWindow":
        """Return the window moved and cut so that it lies within a range."""
        length = min(self.end_ms - self.start_ms, end_ms - start_ms)
        start = max(start_ms, min(self.start_ms, end_ms - length))
        return TimeWindow(start, start + length)


def service_inks(services: Iterable[str]) -> dict[str, str]:
    """Return an ink for each service, by a hash of its name; two of one trace share one only if there are too many."""
    taken: set[int] = set()
    result = {}
    for service in sorted(set(services)):
        place = zlib.crc32(service.encode()) % SERVICE_INKS
        while place in taken and len(taken) < SERVICE_INKS:
            place = (place + 1) % SERVICE_INKS
        taken.add(place)
        result[service] = f"service-{place + 1}"
    return result


def name_pieces(tree: SpanTree, place: int, *, folded: bool, ink: str, width: int) -> list[Piece]:
    """Return the name of a span in its tree, in at most `width` cells; what a fold hides is counted."""
    span = tree.spans[place]
    indent = min(tree.depths[place] * 2, DEEPEST_INDENT, max(0, width - 12))
    fold = ("▸ " if folded else "▾ ") if tree.has_children(place) else "  "
    hidden = f" +{tree.sizes[place] - 1:,}" if folded else ""
    failed = tree.errors_below(place) if folded else 0
    below = f" ✗{failed:,}" if failed else ""
    head = [Piece(" " * indent + fold, "faint")]
    if span.error:
        head.append(Piece("✗ ", "status-failed"))
    if span.id in tree.orphans:
        head.append(Piece("⋯ ", "gap"))
    room = width - sum(width_of(piece.text) for piece in head) - width_of(hidden + below)
    service = cut(span.service, max(0, room))
    operation = cut(f" {span.operation}", max(0, room - width_of(service)))
    ends = [Piece(hidden, "muted"), Piece(below, "status-failed")]
    return [*head, Piece(service, ink), Piece(operation, "status-failed" if span.error else "text"), *ends]


def bar_pieces(span: SpanRow, window: TimeWindow, width: int, ink: str, grid: frozenset[int]) -> list[Piece]:
    """Return the bar of a span in exactly `width` cells, its duration beside it, its events on it."""
    first, last = window.half_cell(span.offset_ms, width), window.half_cell(span.end_ms, width)
    cells = [("┊", "rule") if cell in grid else (" ", "text") for cell in range(width)]
    if last < 0 or first >= width * 2:
        edge = 0 if last < 0 else width - 1
        cells[edge] = ("‹" if last < 0 else "›", "faint")
        return _runs(cells)
    begin, finish = max(0, int(first)), min(width * 2 - 1, max(int(first), int(last - 1e-6)))
    for cell in range(begin // 2, finish // 2 + 1):
        left, right = cell * 2 >= begin, cell * 2 + 1 <= finish
        cells[cell] = (WHOLE if left and right else RIGHT_HALF if right else LEFT_HALF, ink)
    for event in span.events:
        at = int(window.half_cell(event, width)) // 2
        if 0 <= at < width:
            cells[at] = (EVENT, "strong")
    _write(cells, format_value(span.duration_ms, Unit.MILLISECONDS), begin // 2, finish // 2, error=span.error)
    return _runs(cells)


def _write(cells: list[tuple[str, str]], label: str, begin: int, finish: int, *, error: bool) -> None:
    """Write the duration after the bar, before it where there is no room, or else into it."""
    length = len(label)
    if finish + 2 + length <= len(cells):
        start = finish + 2
    elif begin - 1 - length >= 0:
        start = begin - 1 - length
    elif finish - begin >= length + 6:
        start, label = begin + 2, f" {label} "
    else:
        return
    for number, char in enumerate(label):
        cells[start + number] = (char, "status-failed" if error else "muted")


def _runs(cells: list[tuple[str, str]]) -> list[Piece]:
    """Return cells as pieces, neighbours of one ink together."""
    pieces: list[Piece] = []
    text, ink = "", ""
    for char, wanted in cells:
        if wanted != ink and text:
            pieces.append(Piece(text, ink))
            text = ""
        text += char
        ink = wanted
    return [*pieces, Piece(text, ink)]


def ruler(window: TimeWindow, width: int) -> tuple[str, frozenset[int]]:
    """Return the line of times above the bars, and the cells of its ticks."""
    ticks = value_ticks(window.start_ms, window.end_ms, max(2, width // 14))
    places = [(int(window.half_cell(tick, width)) // 2, format_value(tick, Unit.MILLISECONDS)) for tick in ticks]
    inside = [(cell, label) for cell, label in places if 0 <= cell < width]
    return label_line(inside, width), frozenset(cell for cell, _ in inside)
