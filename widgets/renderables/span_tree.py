"""The tree of a trace, made from spans as they come: parents missing, doubled, in circles, or several roots."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

ROOT = -1


@dataclass(frozen=True)
class SpanRow:
    """One span; times in milliseconds from the start of the trace, texts clean already."""

    id: str
    parent_id: str
    service: str
    operation: str
    offset_ms: float
    duration_ms: float
    error: bool = False
    events: tuple[float, ...] = ()

    @property
    def end_ms(self) -> float:
        """When the span ended."""
        return self.offset_ms + self.duration_ms


@dataclass(frozen=True)
class SpanTree:
    """The spans in the order of the tree, children below their parent by time; lists run in parallel."""

    spans: tuple[SpanRow, ...] = ()
    depths: tuple[int, ...] = ()
    parents: tuple[int, ...] = ()
    sizes: tuple[int, ...] = ()
    errors: tuple[int, ...] = ()
    orphans: frozenset[str] = field(default_factory=frozenset)
    doubles: int = 0

    @property
    def end_ms(self) -> float:
        """When the last span ended."""
        return max((span.end_ms for span in self.spans), default=0.0)

    @property
    def start_ms(self) -> float:
        """When the first span began."""
        return min((span.offset_ms for span in self.spans), default=0.0)

    def has_children(self, place: int) -> bool:
        """Tell whether the span has any below it."""
        return self.sizes[place] > 1

    def errors_below(self, place: int) -> int:
        """Return how many spans below this one failed."""
        return self.errors[place] - self.spans[place].error

    def visible(self, folded: frozenset[str]) -> list[int]:
        """Return the places of the spans that no folded span hides."""
        if not folded:
            return list(range(len(self.spans)))
        places: list[int] = []
        place, total = 0, len(self.spans)
        while place < total:
            places.append(place)
            place += self.sizes[place] if self.spans[place].id in folded else 1
        return places


def build_tree(spans: Iterable[SpanRow]) -> SpanTree:
    """Return the tree of any spans: each id once, orphans as roots, every circle cut at its earliest span."""
    by_id: dict[str, SpanRow] = {}
    doubles = 0
    for span in spans:
        doubles += span.id in by_id
        by_id.setdefault(span.id, span)
    ordered = sorted(by_id.values(), key=lambda span: (span.offset_ms, -span.duration_ms, span.id))
    children: dict[str, list[SpanRow]] = {}
    roots: list[SpanRow] = []
    orphans: set[str] = set()
    for span in ordered:
        if span.parent_id in by_id and span.parent_id != span.id:
            children.setdefault(span.parent_id, []).append(span)
        else:
            roots.append(span)
            if span.parent_id and span.parent_id != span.id:
                orphans.add(span.id)
    return _laid_out(ordered, roots, children, frozenset(orphans), doubles)


def _laid_out(
    ordered: Sequence[SpanRow],
    roots: Sequence[SpanRow],
    children: dict[str, list[SpanRow]],
    orphans: frozenset[str],
    doubles: int,
) -> SpanTree:
    """Walk from the roots, then from what no root reaches."""
    rows: list[SpanRow] = []
    depths: list[int] = []
    parents: list[int] = []
    seen: set[str] = set()
    for root in (*roots, *ordered):
        stack = [(root, 0, ROOT)]
        while stack:
            span, depth, parent = stack.pop()
            if span.id in seen:
                continue
            seen.add(span.id)
            place = len(rows)
            rows.append(span)
            depths.append(depth)
            parents.append(parent)
            stack.extend((child, depth + 1, place) for child in reversed(children.get(span.id, ())))
    sizes, errors = _sums(rows, parents)
    return SpanTree(tuple(rows), tuple(depths), tuple(parents), sizes, errors, orphans, doubles)


def _sums(rows: Sequence[SpanRow], parents: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the size of each subtree and the errors in it, both with its own span."""
    sizes = [1] * len(rows)
    errors = [int(span.error) for span in rows]
    for place in range(len(rows) - 1, -1, -1):
        if (parent := parents[place]) != ROOT:
            sizes[parent] += sizes[place]
            errors[parent] += errors[place]
    return tuple(sizes), tuple(errors)
