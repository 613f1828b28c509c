"""Results of PromQL as charts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from widgets.metric_chart import ChartData, ChartSeries, Threshold
from widgets.text import clean

if TYPE_CHECKING:
    from api_client.contract.metrics import PromqlResult

MOST_SERIES = 24
"""More lines than this nobody can tell apart; the chart says how many it leaves out."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart to be asked for: a title, an expression, its unit, and how its series are called."""

    id: str
    title: str
    expr: str
    unit: str = ""
    legend: tuple[str, ...] = ()
    """Labels whose values name a series; all labels where empty."""
    lowest: float | None = None
    highest: float | None = None
    threshold: float | None = None


def chart(panel: Panel, result: "PromqlResult", window: tuple[float, float], step_s: float) -> ChartData:
    """Return the chart of a result; where there are too many series, those that end highest are kept."""
    found = sorted(result.series, key=lambda item: -_last(item.values))
    left_out = len(found) - MOST_SERIES
    title = panel.title if left_out <= 0 else f"{panel.title} ({left_out} more series not drawn)"
    kept = sorted(found[:MOST_SERIES], key=lambda item: sorted(item.labels.items()))
    return ChartData(
        title=title,
        series=tuple(ChartSeries(name(item.labels, panel.legend), item.timestamps, item.values) for item in kept),
        unit=panel.unit,
        start=window[0],
        end=window[1],
        step=step_s,
        thresholds=(Threshold(panel.threshold),) if panel.threshold is not None else (),
    )


def name(labels: Mapping[str, str], legend: Iterable[str]) -> str:
    """Return what a series is called."""
    chosen = [labels[label] for label in legend if labels.get(label)]
    if chosen:
        return clean(" ".join(chosen), 80)
    own = ",".join(f"{key}={value}" for key, value in labels.items() if key != "__name__")
    metric = labels.get("__name__", "")
    return clean(f"{metric}{{{own}}}" if own else metric, 120) or "value"


def _last(values: tuple[float | None, ...]) -> float:
    return next((value for value in reversed(values) if value is not None), float("-inf"))
