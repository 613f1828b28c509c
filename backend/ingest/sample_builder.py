"""Collects samples of many series into columns."""

import struct
from dataclasses import dataclass, field

import numpy as np

from backend.ingest.columns import MetricInfo, SampleColumns

STALE_BITS = 0x7FF0000000000002
"""The bits of the not-a-number with which Prometheus ends a series."""
STALE: float = struct.unpack("<d", struct.pack("<Q", STALE_BITS))[0]


@dataclass(slots=True)
class SampleBuilder:
    """Grows sample by sample; each label set is kept once."""

    numbers: dict[str, int] = field(default_factory=dict)
    index: list[int] = field(default_factory=list)
    ts_ms: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    metadata: dict[str, MetricInfo] = field(default_factory=dict)

    def add(self, series: str, ts_ms: int, value: float) -> None:
        """Add one sample."""
        self.index.append(self.numbers.setdefault(series, len(self.numbers)))
        self.ts_ms.append(ts_ms)
        self.value.append(value)

    def columns(self) -> SampleColumns:
        """Return what was added."""
        return SampleColumns(
            tuple(self.numbers),
            np.array(self.index, np.int32),
            np.array(self.ts_ms, np.int64),
            np.array(self.value, np.float64),
            self.metadata,
        )
