"""This host's metrics under node_exporter's names and labels, so that known dashboards and rules fit.

Names: https://github.com/prometheus/node_exporter — counters in seconds and bytes, `instance` is the host name.
"""

import platform
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from api_client.contract.base import Labels

Kind = Literal["counter", "gauge"]

_PSEUDO = {"autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "devtmpfs", "fusectl",
           "hugetlbfs", "mqueue", "nsfs", "proc", "pstore", "securityfs", "squashfs", "sysfs", "tracefs"}  # fmt: skip
_SECTOR_MS = 1000.0


@dataclass(frozen=True, slots=True)
class HostSample:
    """One value of one metric, without the labels that all share."""

    name: str
    kind: Kind
    help: str
    labels: Labels
    value: float


def host_labels() -> Labels:
    """Return the labels that every metric of this host carries."""
    return {"job": "node", "instance": socket.gethostname() or "localhost"}


def read_host() -> Iterator[HostSample]:
    """Read everything once; what this system does not offer is left out."""
    for part in (_cpu, _load, _memory, _filesystems, _disks, _network, _system):
        try:
            yield from part()
        except (OSError, NotImplementedError, AttributeError, RuntimeError):
            continue  # a part that this kernel or sandbox does not offer


def _cpu() -> Iterator[HostSample]:
    for number, times in enumerate(psutil.cpu_times(percpu=True)):
        for mode, seconds in times._asdict().items():
            if mode in {"guest", "guest_nice"}:
                continue
            labels = {"cpu": str(number), "mode": mode}
            yield HostSample(
                "node_cpu_seconds_total", "counter", "Seconds the CPUs spent in each mode.", labels, seconds
            )


def _load() -> Iterator[HostSample]:
    for name, value in zip(("node_load1", "node_load5", "node_load15"), psutil.getloadavg(), strict=True):
        yield HostSample(name, "gauge", f"{name[9:]}m load average.", {}, value)


def _memory() -> Iterator[HostSample]:
    proc = Path("/proc/meminfo")
    if proc.exists():
        for line in proc.read_text("ascii").splitlines():
            field, _, rest = line.partition(":")
            number, _, unit = rest.strip().partition(" ")
            name = field.replace("(", "_").replace(")", "")
            value = float(number) * (1024 if unit == "kB" else 1)
            suffix = "_bytes" if unit == "kB" else ""
            yield HostSample(f"node_memory_{name}{suffix}", "gauge", f"Memory information field {field}.", {}, value)
        return
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    known = {"MemTotal": memory.total, "MemAvailable": memory.available, "MemFree": memory.free,
             "SwapTotal": swap.total, "SwapFree": swap.free}  # fmt: skip
    for name, value in known.items():
        yield HostSample(f"node_memory_{name}_bytes", "gauge", f"Memory information field {name}.", {}, value)


def _filesystems() -> Iterator[HostSample]:
    seen: set[str] = set()
    for partition in psutil.disk_partitions(all=True):
        if partition.fstype in _PSEUDO or partition.mountpoint in seen:
            continue
        if partition.mountpoint.startswith(("/proc", "/sys", "/dev", "/run/")):
            continue
        seen.add(partition.mountpoint)
        try:
            usage = psutil.disk_usage(partition.mountpoint)
        except OSError:
            continue  # no right to look, or a stale network mount
        if not usage.total:
            continue
        labels = {"device": partition.device, "fstype": partition.fstype, "mountpoint": partition.mountpoint}
        free = usage.total - usage.used
        yield HostSample("node_filesystem_size_bytes", "gauge", "Filesystem size in bytes.", labels, usage.total)
        yield HostSample("node_filesystem_free_bytes", "gauge", "Filesystem free space in bytes.", labels, free)
        available = "Filesystem space available to non-root users in bytes."
        yield HostSample("node_filesystem_avail_bytes", "gauge", available, labels, usage.free)


def _disks() -> Iterator[HostSample]:
    for device, io in psutil.disk_io_counters(perdisk=True).items():
        if device.startswith(("loop", "ram", "zram", "sr", "fd")):
            continue
        labels = {"device": device}
        counters = {
            "read_bytes_total": io.read_bytes,
            "written_bytes_total": io.write_bytes,
            "reads_completed_total": io.read_count,
            "writes_completed_total": io.write_count,
            "read_time_seconds_total": io.read_time / _SECTOR_MS,
            "write_time_seconds_total": io.write_time / _SECTOR_MS,
            "io_time_seconds_total": getattr(io, "busy_time", 0) / _SECTOR_MS,
        }
        for name, value in counters.items():
            text = name.removesuffix("_total").replace("_", " ")
            yield HostSample(f"node_disk_{name}", "counter", f"The total number of {text}.", labels, value)


def _network() -> Iterator[HostSample]:
    for device, io in psutil.net_io_counters(pernic=True).items():
        labels = {"device": device}
        for direction, prefix in (("receive", "recv"), ("transmit", "sent")):
            side = "in" if direction == "receive" else "out"
            counters = {
                "bytes": getattr(io, f"bytes_{prefix}"),
                "packets": getattr(io, f"packets_{prefix}"),
                "errs": getattr(io, f"err{side}"),
                "drop": getattr(io, f"drop{side}"),
            }
            for name, value in counters.items():
                help_text = f"Network device statistic {direction}_{name}."
                yield HostSample(f"node_network_{direction}_{name}_total", "counter", help_text, labels, value)


def _system() -> Iterator[HostSample]:
    yield HostSample("node_boot_time_seconds", "gauge", "Node boot time, in unixtime.", {}, psutil.boot_time())
    statistics = psutil.cpu_stats()
    switches = statistics.ctx_switches
    yield HostSample("node_context_switches_total", "counter", "Total number of context switches.", {}, switches)
    yield HostSample("node_intr_total", "counter", "Total number of interrupts serviced.", {}, statistics.interrupts)
    yield HostSample("node_processes_pids", "gauge", "Number of PIDs.", {}, len(psutil.pids()))
    uname = platform.uname()
    labels = {"sysname": uname.system, "release": uname.release, "version": uname.version, "machine": uname.machine,
              "nodename": uname.node}  # fmt: skip
    yield HostSample("node_uname_info", "gauge", "Labeled system information as provided by the uname call.", labels, 1)
    yield from _pressure()


def _pressure() -> Iterator[HostSample]:
    """Yield pressure stall information, where the kernel has it."""
    names = {"cpu": (("some", "waiting"),), "io": (("some", "waiting"), ("full", "stalled")),
             "memory": (("some", "waiting"), ("full", "stalled"))}  # fmt: skip
    for resource, kinds in names.items():
        path = Path(f"/proc/pressure/{resource}")
        if not path.exists():
            continue
        lines = {line.split()[0]: line for line in path.read_text("ascii").splitlines() if line}
        for kind, word in kinds:
            if kind in lines:
                total = float(lines[kind].rpartition("total=")[2]) / 1e6
                help_text = f"Total time in seconds that processes have {word} for {resource}."
                yield HostSample(f"node_pressure_{resource}_{word}_seconds_total", "counter", help_text, {}, total)
