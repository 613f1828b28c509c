"""What a raw log line tells of itself: level, time, service, fields and ids."""

import re
from dataclasses import dataclass, field
from typing import Any

import orjson

from backend.ingest.flat import flat, text
from backend.ingest.levels import IN_LINE, level_of_severity, level_of_syslog, level_of_word
from backend.ingest.moments import ACCESS, ISO, SYSLOG, access_ns, iso_ns, syslog_ns, value_ns

_HEAD = 160
"""Characters at the start of a line in which a level word is looked for."""

_TIMES = ("timestamp", "@timestamp", "time", "ts", "t", "datetime", "eventTime")
_LEVELS = ("level", "severity", "lvl", "levelname", "log.level", "loglevel", "severityText", "@level")
_MESSAGES = ("message", "msg", "@message", "body", "event", "log")
_SERVICES = ("service", "service.name", "service_name", "app", "application")
_TRACE_IDS = ("trace_id", "traceId", "trace.id", "traceid", "dd.trace_id")
_SPAN_IDS = ("span_id", "spanId", "span.id", "spanid", "dd.span_id")

_PAIR = re.compile(r'([A-Za-z_@][\w.\-/]*)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?:\s+|$)')
_PRIORITY = re.compile(r"<(\d{1,3})>(?:1 )?")
_SYSLOG_TAG = re.compile(r"(\S+) ([^\s:\[]+)(?:\[(\d+)\])?: ?")
_RFC5424 = re.compile(r" (\S+) (\S+) (\S+) (\S+) (-|(?:\[[^\]]*\])+) ?")
_ACCESS_LINE = re.compile(r'(\S+) \S+ (\S+) \[([^\]]+)\] "(\S+) (\S+)[^"]*" (\d{3}) (\d+|-)')
_BRACKETED = re.compile(r"\s*\[([\w.\-/]{1,64})\]:?\s+")
_HEX = re.compile(r"[0-9a-f]{1,32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A raw line read: time in Unix nanoseconds or None, level 0 (none) or 1 … 5, ids lower-case or empty."""

    ts_ns: int | None
    level: int
    service: str | None
    body: str
    fields: dict[str, str] = field(default_factory=dict)
    trace_id: str = ""
    span_id: str = ""


def recognise(line: str, *, now_ns: int) -> Recognised:
    """Read a line as JSON, syslog, an access log, logfmt or plain text, the first that fits; never fails."""
    line = line.rstrip("\r\n")
    return _json(line) or _syslog(line, now_ns) or _access(line) or _plain(line)


def _json(line: str) -> Recognised | None:
    if not line.lstrip().startswith("{"):
        return None
    try:
        members = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return _of_members(members, line) if isinstance(members, dict) else None


def _of_members(members: dict[str, Any], line: str) -> Recognised:
    """Read named members; those that become a part of the record are left out of its fields."""
    moment = _first(members, _TIMES)
    ts_ns = value_ns(members[moment]) if moment else None
    if moment and ts_ns is not None:
        members = {name: value for name, value in members.items() if name != moment}
    fields = flat(members)
    level_name = _first(fields, _LEVELS)
    level = _level(fields[level_name]) if level_name else 0
    if level_name and level:
        del fields[level_name]
    message = _first(fields, _MESSAGES)
    body = fields.pop(message) if message else line
    service = _first(fields, _SERVICES)
    trace_id, span_id = _id(fields, _TRACE_IDS), _id(fields, _SPAN_IDS)
    return Recognised(ts_ns, level, fields.pop(service) if service else None, body, fields, trace_id, span_id[:16])


def _first(members: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in members), None)


def _level(word: str) -> int:
    """Read a level: a word, or a number of bunyan and pino (10 trace … 60 fatal) or of OTLP (1 … 24)."""
    if not (word.isascii() and word.isdigit() and len(word) < 4):
        return level_of_word(word)
    number = int(word)
    return {10: 1, 20: 1, 30: 2, 40: 3, 50: 4, 60: 5}.get(number) or level_of_severity(number)


def _id(fields: dict[str, str], names: tuple[str, ...]) -> str:
    name = _first(fields, names)
    if name is None or not _HEX.fullmatch(fields[name].lower()):
        return ""
    return fields.pop(name).lower()


def _syslog(line: str, now_ns: int) -> Recognised | None:
    priority = _PRIORITY.match(line)
    at = priority.end() if priority else 0
    level = level_of_syslog(int(priority[1])) if priority else 0
    if moment := SYSLOG.match(line, at):
        tag = _SYSLOG_TAG.match(line, moment.end() + 1)
        if not tag:
            return None
        return _tagged(line[tag.end() :], syslog_ns(moment, now_ns), level, (tag[1], tag[2], tag[3]))
    if priority and (moment := ISO.match(line, at)) and (head := _RFC5424.match(line, moment.end())):
        process = None if head[3] == "-" else head[3]
        return _tagged(line[head.end() :], iso_ns(moment), level, (head[1], head[2], process))
    return None


def _tagged(body: str, ts_ns: int | None, level: int, tag: tuple[str, str, str | None]) -> Recognised:
    host, program, process = tag
    inner = _json(body) or _plain(body)
    fields = {"host.name": host, **({"process.pid": process} if process else {}), **inner.fields}
    return Recognised(
        ts_ns, inner.level or level, inner.service or program, inner.body, fields, inner.trace_id, inner.span_id
    )


def _access(line: str) -> Recognised | None:
    """Read an access line of nginx and Apache; 5xx counts as error, 4xx as warning."""
    found = _ACCESS_LINE.match(line)
    moment = ACCESS.match(found[3]) if found else None
    if not found or not moment:
        return None
    client, user, _, method, path, status, size = found.groups()
    fields = {"client.address": client, "http.method": method, "url.path": path, "http.status_code": status}
    if size != "-":
        fields["http.response.size"] = size
    if user != "-":
        fields["user"] = user
    level = {"5": 4, "4": 3}.get(status[0], 2)
    return Recognised(access_ns(moment), level, None, line, fields)


def _plain(line: str) -> Recognised:
    """Read plain text: a time and a level at its head are taken off, logfmt pairs become fields."""
    stripped = line.lstrip("[ ")
    moment = ISO.match(stripped)
    ts_ns = iso_ns(moment) if moment else None
    rest = stripped[moment.end() :].lstrip("]: \t") if moment and ts_ns is not None else line
    pairs = _logfmt(rest)
    if pairs is not None:
        found = _of_members(pairs, rest)
        own = found.ts_ns if found.ts_ns is not None else ts_ns
        return Recognised(own, found.level, found.service, found.body, found.fields, found.trace_id, found.span_id)
    word = IN_LINE.search(rest, 0, _HEAD)
    if word is None:
        return Recognised(ts_ns, 0, None, rest)
    level = level_of_word(word[1] or word[2])
    if word.start() > 1 or ts_ns is None:
        return Recognised(ts_ns, level, None, rest)
    after = rest[word.end() :].lstrip("]:> \t")
    named = _BRACKETED.match(after)
    if named:
        return Recognised(ts_ns, level, named[1], after[named.end() :])
    return Recognised(ts_ns, level, None, after or rest)


def _logfmt(line: str) -> dict[str, Any] | None:
    """Return the pairs of a line that is nothing but key=value, at least two of them."""
    pairs: dict[str, Any] = {}
    position = 0
    while found := _PAIR.match(line, position):
        pairs[found[1]] = _unquoted(found[2])
        position = found.end()
    return pairs if position == len(line) and len(pairs) > 1 else None


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    try:
        return text(orjson.loads(value))
    except orjson.JSONDecodeError:
        return value[1:-1]
