"""The colours our widgets may name, and what stands in for them under a theme that is not ours."""

from collections.abc import Mapping

from textual.theme import Theme

SEVERITIES = ("critical", "high", "warning", "medium", "low", "info")
LEVELS = ("fatal", "error", "warn", "info", "debug", "trace")
STATUSES = ("ok", "live", "paused", "loading", "empty", "partial", "stale", "failed")
CHART_COLOURS = 8
SERVICE_COLOURS = 12

TABLES: Mapping[str, tuple[str, ...]] = {
    "ink": ("text", "strong", "muted", "faint", "rule", "accent"),
    "severity": SEVERITIES,
    "level": LEVELS,
    "status": STATUSES,
    "mark": ("threshold", "crosshair", "gap", "chosen"),
    "cursor": ("background", "blurred", "style"),
    "match": ("foreground", "background"),
    "span": ("background",),
    "bar": ("background", "foreground", "accent"),
    "simulation": ("foreground", "background"),
}
LISTS: Mapping[str, int] = {"chart": CHART_COLOURS, "service": SERVICE_COLOURS}
STYLES = frozenset({"cursor-style"})

NAMES: tuple[str, ...] = (
    *(f"{table}-{key}" for table, keys in TABLES.items() for key in keys),
    *(f"{series}-{number}" for series, count in LISTS.items() for number in range(1, count + 1)),
)

_STAND_INS: Mapping[str, str] = {
    "ink-text": "foreground",
    "ink-strong": "foreground",
    "ink-accent": "text-accent",
    "severity-critical": "text-error",
    "severity-high": "text-error",
    "severity-warning": "text-warning",
    "severity-medium": "text-warning",
    "severity-low": "text-primary",
    "severity-info": "text-secondary",
    "level-fatal": "text-error",
    "level-error": "text-error",
    "level-warn": "text-warning",
    "level-info": "text-success",
    "status-ok": "text-success",
    "status-live": "text-success",
    "status-paused": "text-warning",
    "status-loading": "text-primary",
    "status-partial": "text-warning",
    "status-stale": "text-warning",
    "status-failed": "text-error",
    "mark-threshold": "text-error",
    "mark-crosshair": "text-accent",
    "mark-gap": "text-warning",
    "mark-chosen": "text-accent",
    "cursor-background": "panel",
    "cursor-blurred": "surface",
    "match-foreground": "background",
    "match-background": "text-warning",
    "span-background": "panel",
    "bar-background": "panel",
    "bar-foreground": "foreground",
    "bar-accent": "text-accent",
    "simulation-foreground": "background",
    "simulation-background": "text-warning",
}
_HUES = ("text-primary", "text-success", "text-warning", "text-accent", "text-secondary", "text-error")
_MUTED = ("ink-muted", "ink-faint", "level-debug", "level-trace", "status-empty")


def fallbacks(theme: Theme) -> dict[str, str]:
    """Return a value for every one of our variables, taken from the colours of any Textual theme."""
    generated = theme.to_color_system().generate()
    quiet = "ansi_bright_black" if theme.ansi else _mixed(generated, 0.62)
    rule = "ansi_bright_black" if theme.ansi else _mixed(generated, 0.2)
    values = {name: generated[source] for name, source in _STAND_INS.items()}
    values.update(dict.fromkeys(_MUTED, quiet))
    values["ink-rule"] = rule
    values["cursor-style"] = "reverse" if theme.ansi else "none"
    for series, count in LISTS.items():
        values.update({f"{series}-{n + 1}": generated[_HUES[n % len(_HUES)]] for n in range(count)})
    return values


def _mixed(generated: Mapping[str, str], share: float) -> str:
    """Return the background with that share of the foreground in it."""
    from textual.color import Color

    background, foreground = (Color.parse(generated[name]) for name in ("background", "foreground"))
    return background.blend(foreground, share, alpha=1).hex
