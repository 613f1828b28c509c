"""Names of OTLP metrics as Prometheus writes them (OpenTelemetry specification, Prometheus compatibility)."""

from functools import lru_cache

from backend.ingest.series import metric_stem

_UNITS = {
    "d": "days", "h": "hours", "min": "minutes", "s": "seconds", "ms": "milliseconds", "us": "microseconds",
    "ns": "nanoseconds", "By": "bytes", "KiBy": "kibibytes", "MiBy": "mebibytes", "GiBy": "gibibytes",
    "TiBy": "tibibytes", "KBy": "kilobytes", "MBy": "megabytes", "GBy": "gigabytes", "TBy": "terabytes",
    "m": "meters", "V": "volts", "A": "amperes", "J": "joules", "W": "watts", "g": "grams", "Cel": "celsius",
    "Hz": "hertz", "1": "", "%": "percent",
}  # fmt: skip
_PER = {"s": "second", "m": "minute", "min": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month", "y": "year"}


@lru_cache(maxsize=8_192)
def prometheus_name(name: str, unit: str, *, is_counter: bool, is_gauge: bool) -> str:
    """Return the name with its unit, and with `_total` for a counter or `_ratio` for a gauge of unit 1."""
    words = metric_stem(name)
    for suffix in unit_words(unit):
        if suffix not in words:
            words.append(suffix)
    if is_counter:
        words = [*(word for word in words if word != "total"), "total"]
    if is_gauge and unit == "1":
        words = [*(word for word in words if word != "ratio"), "ratio"]
    joined = "_".join(words)
    return f"_{joined}" if not joined or joined[0].isdigit() else joined


def unit_words(unit: str) -> list[str]:
    """Return the words that a UCUM unit adds to a name: `By/s` gives bytes, per_second."""
    main, _, per = unit.partition("/")
    main, per = main.strip(), per.strip()
    words = [] if "{" in main else metric_stem(_UNITS.get(main, main))
    if per and "{" not in per:
        words.append("_".join(["per", *metric_stem(_PER.get(per, per))]))
    return words
