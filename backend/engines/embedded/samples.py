"""Rows of samples as series in columns."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api_client.contract.base import Labels
from backend.ingest.sample_builder import STALE
from backend.metrics.port import SeriesColumns


def columns_of(labels: Mapping[int, Labels], rows: Mapping[str, NDArray[Any]]) -> list[SeriesColumns]:
    """Sort samples into series; of several at one time the last to arrive counts; empty series are left out."""
    number = np.asarray(rows["series_id"], np.int64)
    ts_ms = np.asarray(rows["ts_ms"], np.int64)
    value = np.ma.filled(rows["value"], np.nan).astype(np.float64)
    value[np.asarray(rows["stale"], np.bool_)] = STALE
    if not len(number):
        return []
    order = np.lexsort((ts_ms, number))  # stable: equal times stay in order of arrival
    number, ts_ms, value = number[order], ts_ms[order], value[order]
    last = np.append((number[1:] != number[:-1]) | (ts_ms[1:] != ts_ms[:-1]), True)
    number, ts_ms, value = number[last], ts_ms[last], value[last]
    starts = np.concatenate(([0], np.flatnonzero(np.diff(number)) + 1))
    ends = np.append(starts[1:], len(number))
    return [
        SeriesColumns(labels[int(number[start])], ts_ms[start:end], value[start:end])
        for start, end in zip(starts, ends, strict=True)
    ]
