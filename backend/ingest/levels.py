"""Words for levels, as programs write them."""

import re

_WORDS = {
    "trace": 1, "trc": 1, "debug": 1, "dbg": 1, "dbug": 1, "fine": 1, "verbose": 1,
    "info": 2, "inf": 2, "information": 2, "notice": 2,
    "warn": 3, "wrn": 3, "warning": 3,
    "error": 4, "err": 4, "eror": 4, "severe": 4,
    "fatal": 5, "ftl": 5, "critical": 5, "crit": 5, "panic": 5, "emerg": 5, "emergency": 5, "alert": 5,
}  # fmt: skip

IN_LINE = re.compile(
    r"\b(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|FATAL|CRITICAL|CRIT|PANIC|SEVERE|EMERG)\b"
    r"|[\[<(](trace|debug|info|notice|warn|warning|error|err|fatal|critical|crit|panic|emerg|alert)[\])>]",
    re.ASCII,
)


def level_of_word(word: str) -> int:
    """Return 1 DEBUG … 5 FATAL for a word in any case, 0 for one that names no level."""
    return _WORDS.get(word.strip().lower(), 0)


def level_of_severity(number: int) -> int:
    """Return the level of an OTLP severity number: four each for trace, debug, info, warn, error and fatal."""
    if not 0 < number <= 24:
        return 0
    return max(1, (number - 1) // 4)


def level_of_syslog(priority: int) -> int:
    """Return the level of a syslog priority (facility * 8 + severity, RFC 5424)."""
    return (5, 5, 5, 4, 3, 2, 2, 1)[priority & 7]
