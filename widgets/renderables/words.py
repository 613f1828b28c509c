"""The glyph and the word of each severity, level and state: never only a colour."""

from collections.abc import Mapping

from widgets.renderables.pieces import Piece

SEVERITY_MARKS: Mapping[str, tuple[str, str]] = {
    "critical": ("▲", "CRIT"),
    "high": ("◆", "HIGH"),
    "warning": ("●", "WARN"),
    "medium": ("■", "MED"),
    "low": ("▽", "LOW"),
    "info": ("○", "INFO"),
}
LEVEL_WORDS: Mapping[str, str] = {
    "fatal": "FATAL",
    "error": "ERROR",
    "warn": "WARN",
    "info": "INFO",
    "debug": "DEBUG",
    "trace": "TRACE",
}
STATE_MARKS: Mapping[str, str] = {
    "ok": "●",
    "live": "●",
    "paused": "‖",
    "loading": "◌",
    "empty": "○",
    "partial": "◐",
    "stale": "◷",
    "failed": "✗",
}


def severity(name: str) -> Piece:
    """Return the glyph and word of a severity; an unknown one keeps its own word."""
    glyph, word = SEVERITY_MARKS.get(name, ("?", name.upper()[:6]))
    return Piece(f"{glyph} {word}", f"severity-{name}" if name in SEVERITY_MARKS else "muted")


def severity_glyph(name: str) -> str:
    """Return the glyph of a severity alone, for counts."""
    return SEVERITY_MARKS.get(name, ("?", ""))[0]


def level(name: str) -> Piece:
    """Return the word of a log level."""
    known = name in LEVEL_WORDS
    return Piece(LEVEL_WORDS[name] if known else name.upper()[:5], f"level-{name}" if known else "muted")
