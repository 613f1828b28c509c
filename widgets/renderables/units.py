"""Numbers with units, as short as a person reads them."""

import math
from enum import StrEnum


class Unit(StrEnum):
    """What a number counts."""

    NONE = ""
    COUNT = "count"
    BYTES = "bytes"
    BYTES_PER_SECOND = "B/s"
    SECONDS = "s"
    MILLISECONDS = "ms"
    PERCENT = "%"
    RATIO = "ratio"
    PER_SECOND = "/s"


NO_VALUE = "—"
_SI = ("", "k", "M", "G", "T", "P", "E")
_IEC = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
_LONG_TIMES = ((86_400.0, "d"), (3_600.0, "h"), (60.0, "m"))


def format_value(value: float | None, unit: Unit | str = Unit.NONE) -> str:
    """Return a number with three significant digits and its unit; an unknown unit is written after it."""
    if value is None or math.isnan(value):
        return NO_VALUE
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    match unit:
        case Unit.BYTES:
            return _iec(value)
        case Unit.BYTES_PER_SECOND:
            return f"{_iec(value)}/s"
        case Unit.SECONDS:
            return seconds(value)
        case Unit.MILLISECONDS:
            return seconds(value / 1_000)
        case Unit.PERCENT:
            return f"{digits(value)} %"
        case Unit.RATIO:
            return f"{digits(value * 100)} %"
        case Unit.PER_SECOND:
            return f"{si(value)}/s"
        case Unit.NONE | Unit.COUNT:
            return si(value)
    return f"{si(value)} {unit}"


def si(value: float) -> str:
    """Return a number with an SI prefix: 1200 is 1.2k; below a thousandth it is written as a power."""
    size = abs(value)
    if 0 < size < 0.001:
        return f"{value:.1e}".replace("e-0", "e-")
    return _prefixed(value, size, 1_000.0, _SI, "")


def _iec(value: float) -> str:
    """Return bytes with a binary prefix."""
    return _prefixed(value, abs(value), 1_024.0, _IEC, " ")


def _prefixed(value: float, size: float, base: float, prefixes: tuple[str, ...], gap: str) -> str:
    """Return the value in the largest prefix that leaves a number of at least 1."""
    step = 0
    while size >= base * 0.9995 and step < len(prefixes) - 1:
        size /= base
        value /= base
        step += 1
    return f"{digits(value)}{gap}{prefixes[step]}"


def digits(value: float) -> str:
    """Return at most three significant digits, without trailing zeros."""
    size = abs(value)
    if size >= 99.95:
        return f"{value:,.0f}" if size >= 9_999.5 else f"{value:.0f}"
    text = f"{value:.1f}" if size >= 9.995 else f"{value:.2f}" if size >= 0.0995 else f"{value:.3f}"
    text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def seconds(value: float) -> str:
    """Return a duration in seconds in the unit a person would use: 0.0042 is 4.2 ms, 5400 is 1h30m."""
    size = abs(value)
    if size == 0:
        return "0 s"
    if size < 0.000_001:
        return f"{digits(value * 1e9)} ns"
    if size < 0.000_999_5:
        return f"{digits(value * 1e6)} µs"
    if size < 0.999_5:
        return f"{digits(value * 1e3)} ms"
    if size < 120:
        return f"{digits(value)} s"
    return ("-" if value < 0 else "") + _long_time(round(size))


def _long_time(whole: int) -> str:
    """Return two parts of a long duration: days and hours, hours and minutes, minutes and seconds."""
    smaller = {"d": (3_600, "h"), "h": (60, "m"), "m": (1, "s")}
    for length, name in _LONG_TIMES:
        if whole >= length:
            count, rest = divmod(whole, int(length))
            size, small = smaller[name]
            part = rest // size
            return f"{count}{name}{part}{small}" if part else f"{count}{name}"
    return f"{whole} s"


def count(value: int) -> str:
    """Return a whole number with thousands set apart, or with a prefix where it is long."""
    return f"{value:,}" if abs(value) < 100_000 else si(value)
