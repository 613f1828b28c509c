"""The part of Prometheus' annotation templates that the default rules use: labels, value and humanize functions."""

import math
import re
from collections.abc import Callable

from api_client.contract.base import Labels

_PIECE = re.compile(r"\{\{\s*(?:(\w+)\s+)?\$(value|labels\.([A-Za-z_][A-Za-z0-9_]*))\s*(?:\|\s*(\w+)\s*)?\}\}")


def render(template: str, labels: Labels, value: float | None) -> str:
    """Fill a template; a piece that is not understood stays as it is, so that its author sees it."""

    def fill(match: re.Match[str]) -> str:
        function = match[1] or match[4]
        if match[3]:
            return labels.get(match[3], "")
        number = math.nan if value is None else value
        if function and function not in _FUNCTIONS:
            return match[0]
        return _FUNCTIONS[function](number) if function else f"{number:.4g}"

    return _PIECE.sub(fill, template)


def _percentage(value: float) -> str:
    return f"{value * 100:.4g}%"


def _humanize(value: float) -> str:
    for factor, unit in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= factor:
            return f"{value / factor:.4g}{unit}"
    return f"{value:.4g}"


def _humanize_1024(value: float) -> str:
    for power, unit in ((4, "Ti"), (3, "Gi"), (2, "Mi"), (1, "Ki")):
        if abs(value) >= 1024**power:
            return f"{value / 1024**power:.4g}{unit}"
    return f"{value:.4g}"


def _duration(value: float) -> str:
    if abs(value) < 1:
        return f"{value * 1000:.4g}ms"
    minutes, seconds = divmod(value, 60)
    if not minutes:
        return f"{seconds:.4g}s"
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}h {minutes}m" if hours else f"{minutes}m {seconds:.0f}s"


_FUNCTIONS: dict[str, Callable[[float], str]] = {
    "humanize": _humanize,
    "humanize1024": _humanize_1024,
    "humanizePercentage": _percentage,
    "humanizeDuration": _duration,
}
