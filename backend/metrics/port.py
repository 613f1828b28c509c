"""What a metric engine must do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from api_client.contract.base import Labels
from api_client.contract.metrics import Metadata, ResultType
from backend.window import Window


@dataclass(frozen=True, slots=True)
class Matcher:
    """One label matcher: `op` is `=`, `!=`, `=~` or `!~`; regular expressions are anchored at both ends."""

    label: str
    op: str
    value: str


@dataclass(frozen=True, slots=True)
class SeriesColumns:
    """One series: ascending Unix milliseconds and their values, of equal length; NaN and infinities are values."""

    labels: Labels
    timestamps_ms: NDArray[np.int64]
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an expression came to; `truncated` when a limit cut series, never silently."""

    result_type: ResultType
    series: tuple[SeriesColumns, ...]
    warnings: tuple[str, ...] = ()
    truncated: bool = False


class MetricEngine(Protocol):
    """Evaluates PromQL and lists what is stored.

    Nothing stored is an empty answer, never an error. A wrong expression raises `QueryInvalid` with the position; a
    part of the language that the engine lacks raises `NotSupported` naming it; a limit passed raises `QueryInvalid`
    that says the limit; an engine that does not answer raises `Unavailable`.
    """

    async def evaluate_range(self, expr: str, window: Window, step_ms: int) -> Evaluation:
        """Evaluate at start, start + step … up to and including the end of the window."""
        ...

    async def evaluate_at(self, expr: str, at_ms: int) -> Evaluation:
        """Evaluate at one instant; each series then has one point."""
        ...

    async def label_names(self, selectors: Sequence[Sequence[Matcher]], window: Window) -> list[str]:
        """Return label names in use, sorted."""
        ...

    async def label_values(self, name: str, selectors: Sequence[Sequence[Matcher]], window: Window) -> list[str]:
        """Return the values of one label, sorted; `__name__` gives the metric names."""
        ...

    async def series(self, selectors: Sequence[Sequence[Matcher]], window: Window, limit: int) -> list[Labels]:
        """Return label sets of matching series, at most `limit`."""
        ...

    async def metadata(self, name: str | None, limit: int) -> list[Metadata]:
        """Return what is known of one or all metrics."""
        ...

    async def delete(self, name: str, window: Window) -> int:
        """Delete the samples of a metric in a window; return how many."""
        ...
