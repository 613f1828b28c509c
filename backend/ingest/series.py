"""Label sets of series in their one canonical text, and the names Prometheus allows."""

import re
from collections.abc import Mapping
from functools import lru_cache

import orjson

METRIC_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*", re.ASCII)
LABEL_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*", re.ASCII)
_NOT_IN_NAME = re.compile(r"[^a-zA-Z0-9_:]+", re.ASCII)
_NOT_IN_LABEL = re.compile(r"[^a-zA-Z0-9_]", re.ASCII)

MAX_LABELS = 64
MAX_LABEL_VALUE = 4096


def canonical(labels: Mapping[str, str]) -> str:
    """Return a label set as JSON text with sorted names; an empty value is as good as no label."""
    return orjson.dumps({name: value for name, value in labels.items() if value}, option=orjson.OPT_SORT_KEYS).decode()


def label_fault(labels: Mapping[str, str]) -> str | None:
    """Return what is wrong with labels, or None."""
    if len(labels) > MAX_LABELS:
        return f"{len(labels)} labels are more than {MAX_LABELS}"
    for name, value in labels.items():
        if not LABEL_NAME.fullmatch(name) or name == "__name__":
            return f"{name!r} is no label name: letters, digits and _ only"
        if len(value) > MAX_LABEL_VALUE:
            return f"the value of {name} is longer than {MAX_LABEL_VALUE} characters"
    return None


@lru_cache(maxsize=16_384)
def label_name(attribute: str) -> str:
    """Return an OTLP attribute name as a label name, as the OpenTelemetry specification maps them."""
    name = _NOT_IN_LABEL.sub("_", attribute)
    if name[:1].isdigit():
        return f"key_{name}"
    return name or "_"


def metric_stem(name: str) -> list[str]:
    """Return the words of an OTLP metric name that a Prometheus name may hold."""
    return [word for word in re.split(r"_+", _NOT_IN_NAME.sub("_", name)) if word]
