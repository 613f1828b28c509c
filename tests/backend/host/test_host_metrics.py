"""The host's metrics bear node_exporter's names, and tell what the kernel tells."""

import asyncio

import numpy as np
import orjson
import psutil
import pytest

from backend.clock import SystemClock
from backend.errors import Overloaded
from backend.host.collector import HostCollector
from backend.host.metrics import host_labels, read_host


class Shelf:
    """An intake that keeps what it is given, and can be full."""

    def __init__(self):
        self.taken = []
        self.full = 0

    async def samples(self, columns):
        if self.full:
            self.full -= 1
            raise Overloaded("full", retry_after_s=1.0)
        self.taken.append(columns)


@pytest.fixture(scope="module")
def twice():
    return list(read_host()), list(read_host())


def keyed(samples):
    return {(sample.name, *sorted(sample.labels.items())): sample for sample in samples}


def test_names_that_dashboards_ask_for_are_there(twice):
    names = {sample.name for sample in twice[0]}
    assert {
        "node_cpu_seconds_total", "node_load1", "node_load5", "node_load15", "node_memory_MemTotal_bytes",
        "node_memory_MemAvailable_bytes", "node_boot_time_seconds", "node_context_switches_total", "node_uname_info",
        "node_network_receive_bytes_total", "node_network_transmit_errs_total", "node_filesystem_size_bytes",
        "node_filesystem_avail_bytes",
    } <= names  # fmt: skip
    for name in names:
        assert name.startswith("node_")
        assert name.isascii()
        assert name.replace("_", "").isalnum()


def test_each_series_comes_once_a_round(twice):
    assert len(keyed(twice[0])) == len(twice[0])


def test_labels_are_those_of_node_exporter(twice):
    wanted = {
        "node_cpu_seconds_total": {"cpu", "mode"},
        "node_filesystem_size_bytes": {"device", "fstype", "mountpoint"},
        "node_disk_read_bytes_total": {"device"},
        "node_network_receive_bytes_total": {"device"},
        "node_load1": set(),
    }
    for sample in twice[0]:
        if sample.name in wanted:
            assert set(sample.labels) == wanted[sample.name]
    modes = {sample.labels["mode"] for sample in twice[0] if sample.name == "node_cpu_seconds_total"}
    assert {"user", "system", "idle"} <= modes
    assert not {"guest", "guest_nice"} & modes


def test_counters_are_named_so_and_never_fall(twice):
    earlier, later = map(keyed, twice)
    assert all(sample.name.endswith("_total") == (sample.kind == "counter") for sample in twice[0])
    for key, sample in earlier.items():
        if sample.kind == "counter" and key in later:
            assert later[key].value >= sample.value >= 0, key


def test_the_figures_are_those_of_the_kernel(twice):
    by_name = {sample.name: sample.value for sample in twice[0]}
    assert by_name["node_memory_MemTotal_bytes"] == psutil.virtual_memory().total
    assert by_name["node_boot_time_seconds"] == pytest.approx(psutil.boot_time(), abs=2)
    cpus = {sample.labels["cpu"] for sample in twice[0] if sample.name == "node_cpu_seconds_total"}
    assert len(cpus) == len(psutil.cpu_times(percpu=True))
    free = {
        sample.labels["mountpoint"]: sample.value for sample in twice[0] if sample.name == "node_filesystem_free_bytes"
    }
    sizes = {
        sample.labels["mountpoint"]: sample.value for sample in twice[0] if sample.name == "node_filesystem_size_bytes"
    }
    assert sizes
    assert all(0 <= free[place] <= sizes[place] for place in sizes)


def test_columns_are_one_series_a_sample_at_one_moment(twice):
    columns = HostCollector(Shelf(), SystemClock()).columns(twice[0], 1_768_478_400_000)
    count = len(twice[0])
    assert columns.rows == len(columns.series) == len(columns.value) == count
    assert columns.series_index.tolist() == list(range(count))
    assert set(columns.ts_ms.tolist()) == {1_768_478_400_000}
    assert np.isfinite(columns.value).all()
    for text, sample in zip(columns.series, twice[0], strict=True):
        labels = orjson.loads(text)
        assert list(labels) == sorted(labels)
        assert labels == {"__name__": sample.name, **sample.labels, **host_labels()}
        assert columns.metadata[sample.name].type == sample.kind
    assert all(info.help for info in columns.metadata.values())


async def test_a_full_store_costs_a_round_only():
    shelf = Shelf()
    shelf.full = 1
    collecting = asyncio.create_task(HostCollector(shelf, SystemClock(), interval_s=0.05).run())
    for _ in range(100):
        await asyncio.sleep(0.05)
        if len(shelf.taken) > 1:
            break
    collecting.cancel()
    moments = [int(columns.ts_ms[0]) for columns in shelf.taken]
    assert len(moments) > 1
    assert moments == sorted(set(moments))
