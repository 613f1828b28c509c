"""Reads this host's metrics at an interval and hands them to the intake."""

import asyncio
import logging

import numpy as np
import orjson

from backend.clock import Clock
from backend.errors import PlatformError
from backend.host.metrics import HostSample, host_labels, read_host
from backend.ingest.columns import Intake, MetricInfo, SampleColumns

log = logging.getLogger("airis.host")


class HostCollector:
    """Samples the host every few seconds; a full intake costs one round, never the loop."""

    def __init__(self, intake: Intake, clock: Clock, interval_s: float = 5.0) -> None:
        self._intake = intake
        self._clock = clock
        self._interval_s = interval_s
        self._labels = host_labels()

    async def run(self) -> None:
        """Collect until cancelled."""
        due = self._clock.monotonic()
        while True:
            try:
                samples = await asyncio.to_thread(lambda: list(read_host()))
                await self._intake.samples(self.columns(samples, self._clock.time_ns() // 10**6))
            except PlatformError as error:
                log.warning("host metrics of this round were not stored: %s", error)
            due += self._interval_s
            now = self._clock.monotonic()
            if due < now:
                due = now + self._interval_s
            await asyncio.sleep(due - now)

    def columns(self, samples: list[HostSample], at_ms: int) -> SampleColumns:
        """Return the samples of one round as columns."""
        return SampleColumns(
            series=[
                orjson.dumps(
                    {"__name__": sample.name, **sample.labels, **self._labels}, option=orjson.OPT_SORT_KEYS
                ).decode()
                for sample in samples
            ],
            series_index=np.arange(len(samples), dtype=np.int32),
            ts_ms=np.full(len(samples), at_ms, dtype=np.int64),
            value=np.array([sample.value for sample in samples], dtype=np.float64),
            metadata={sample.name: MetricInfo(sample.kind, "", sample.help) for sample in samples},
        )
