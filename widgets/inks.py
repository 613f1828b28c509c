"""Inks: the names of the colours widgets draw in, each a component class bound to a theme variable."""

from collections.abc import Iterable

SEVERITIES = ("critical", "high", "warning", "medium", "low", "info")
LEVELS = ("fatal", "error", "warn", "info", "debug", "trace")
STATUSES = ("ok", "live", "paused", "loading", "empty", "partial", "stale", "failed")

BASE = ("text", "strong", "title", "muted", "faint", "rule", "accent", "cursor", "cursor-blurred")
SEVERITY = tuple(f"severity-{name}" for name in SEVERITIES)
LEVEL = tuple(f"level-{name}" for name in LEVELS)
STATUS = tuple(f"status-{name}" for name in STATUSES)
MARK = ("threshold", "crosshair", "gap", "chosen")
MATCH = ("match",)
SPAN = ("span",)
CHART = tuple(f"chart-{number}" for number in range(1, 9))
SERVICE = tuple(f"service-{number}" for number in range(1, 13))
BAR = ("bar", "bar-strong", "bar-muted", "bar-accent", "simulation")
EVERY = (*BASE, *SEVERITY, *LEVEL, *STATUS, *MARK, *MATCH, *SPAN, *CHART, *SERVICE, *BAR)

_RULES = {
    "text": "color: $ink-text",
    "strong": "color: $ink-strong",
    "title": "color: $ink-strong; text-style: bold",
    "cursor": "background: $cursor-background; text-style: $cursor-style",
    "cursor-blurred": "background: $cursor-blurred; text-style: $cursor-style",
    "match": "color: $match-foreground; background: $match-background",
    "span": "background: $span-background",
    "bar": "color: $bar-foreground; background: $bar-background",
    "bar-strong": "color: $bar-foreground; background: $bar-background; text-style: bold",
    "bar-muted": "color: $ink-muted; background: $bar-background",
    "bar-accent": "color: $bar-accent; background: $bar-background; text-style: bold",
    "simulation": "color: $simulation-foreground; background: $simulation-background; text-style: bold",
    "severity-critical": "color: $severity-critical; text-style: bold",
    "level-fatal": "color: $level-fatal; text-style: bold",
    "level-error": "color: $level-error; text-style: bold",
}


def component_classes(*groups: Iterable[str]) -> set[str]:
    """Return the component classes of those groups of inks, for `COMPONENT_CLASSES`."""
    return {component_class(ink) for group in groups for ink in group}


def component_class(ink: str) -> str:
    """Return the component class of one ink."""
    return f"ink--{ink}"


def css(widget: str) -> str:
    """Return the rules which bind every ink to its theme variable, for the children of that widget type."""
    return "\n".join(f"{widget} > .ink--{ink} {{ {_rule(ink)}; }}" for ink in EVERY)


def _rule(ink: str) -> str:
    """Return the declaration of one ink."""
    if ink in _RULES:
        return _RULES[ink]
    if ink in BASE:
        return f"color: $ink-{ink}"
    if ink in MARK:
        return f"color: $mark-{ink}"
    return f"color: ${ink}"
