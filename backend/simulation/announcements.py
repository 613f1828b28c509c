"""Log lines that no request causes: deploys, restarts, memory warnings and the storm."""

from collections.abc import Iterator
from random import Random

from backend.simulation.calls import Severity
from backend.simulation.incidents import NANOSECOND, Conditions
from backend.simulation.shop import INSTANCES, SERVICES, Instance
from backend.simulation.signals import Attributes, LogLine
from backend.simulation.troubles import LEAKING, process_of

_GIVES_UP = 80
"""One line in so many of the storm is an error."""


def leaking_instance() -> Instance:
    """Return the process of recommendation whose memory leaks."""
    return next(instance for instance in INSTANCES["recommendation"] if instance.id == LEAKING)


def restarted(before: Conditions, now: Conditions) -> tuple[Instance, ...]:
    """Return the processes that were started again between two moments."""
    if before.payment_version != now.payment_version:
        return INSTANCES["payment"]
    return (leaking_instance(),) if before.recommendation_down and not now.recommendation_down else ()


def announcements(before: Conditions, now: Conditions, at_ns: int) -> Iterator[LogLine]:
    """Yield what the change from one moment to the next has the processes say."""
    if before.payment_version != now.payment_version:
        yield from _deployed(before, now, at_ns)
    if now.recommendation_down and not before.recommendation_down:
        text = "container recommendation killed: out of memory (limit 1024 MiB), exit code 137"
        yield _line(leaking_instance(), now, at_ns, Severity.FATAL, text, (("process.exit.code", 137),))
    if before.recommendation_down and not now.recommendation_down:
        yield _line(leaking_instance(), now, at_ns, Severity.INFO, "recommendation started, model v18 loaded in 3.8 s")
    for percent in (70, 80, 90, 95):
        if before.leak_share < percent / 100 <= now.leak_share:
            text = f"memory use is {percent} % of what is allowed; garbage collection runs without pause"
            yield _line(leaking_instance(), now, at_ns, Severity.WARN, text, (("process.memory.percent", percent),))


def storm(now: Conditions, at_ns: int, span_ns: int, weight: int, random: Random) -> Iterator[LogLine]:
    """Yield the lines of the log storm that fall into a stretch of time."""
    count = int(now.storm_per_s * span_ns / NANOSECOND / weight)
    instance = INSTANCES["shipping"][0]
    for index in range(count):
        when_ns = at_ns + span_ns * index // count
        printer = ("shop.printer", "label-03")
        if random.random() < 1 / _GIVES_UP:
            order = f"ord-{random.randint(1_000_000, 9_999_999)}"
            yield _line(instance, now, when_ns, Severity.ERROR, f"label of order {order} given up: printer label-03",
                        (("shop.order.id", order), printer))  # fmt: skip
        else:
            yield _line(instance, now, when_ns, Severity.WARN, "printer label-03 is busy, trying again in 0 ms",
                        (("retry.delay_ms", 0), printer))  # fmt: skip


def _deployed(before: Conditions, now: Conditions, at_ns: int) -> Iterator[LogLine]:
    back = now.payment_version == SERVICES["payment"].version
    word, severity = ("Rollback", Severity.WARN) if back else ("Deployment", Severity.INFO)
    text = f"{word} of payment: {before.payment_version} → {now.payment_version}"
    found: Attributes = (
        ("deployment.version.from", before.payment_version), ("deployment.version.to", now.payment_version),
    )  # fmt: skip
    for instance in INSTANCES["payment"]:
        yield _line(instance, now, at_ns, severity, text, found)
        yield _line(instance, now, at_ns + 1, Severity.INFO, f"Started PaymentApplication {now.payment_version}")


def _line(
    instance: Instance, now: Conditions, at_ns: int, severity: Severity, text: str, attributes: Attributes = ()
) -> LogLine:
    return LogLine(process_of(instance, now), at_ns, severity, text, attributes)
