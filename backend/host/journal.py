"""The systemd journal as a source, through journalctl; the cursor is kept, so that a restart goes on where it was.

Fields: systemd.journal-fields(7); priorities are those of syslog.
"""

import asyncio
import logging
import shutil
from pathlib import Path
from typing import Any

import orjson

from backend.clock import Clock
from backend.errors import Overloaded, PlatformError
from backend.ingest.columns import BODY_LIMIT, Intake, LogColumns, time_fault
from backend.ingest.recognise import recognise

log = logging.getLogger("airis.journal")

_LEVEL_OF_PRIORITY = dict(zip("01234567", (5, 5, 5, 4, 3, 2, 2, 1), strict=True))
_FIELDS = {"_SYSTEMD_UNIT": "systemd.unit", "_PID": "process.pid", "_COMM": "process.command", "_UID": "process.uid",
           "_TRANSPORT": "journal.transport", "SYSLOG_FACILITY": "syslog.facility"}  # fmt: skip
_BATCH = 500
_LINE_LIMIT = 1024 * 1024


def has_journal() -> bool:
    """Tell whether this host keeps a journal that can be read."""
    kept = any(Path(path).is_dir() and any(Path(path).iterdir()) for path in ("/run/log/journal", "/var/log/journal"))
    return kept and shutil.which("journalctl") is not None


def journal_columns(entries: list[dict[str, Any]], now_ns: int) -> LogColumns:
    """Return journal entries as records."""
    columns = LogColumns()
    for entry in entries:
        text = _text(entry.get("MESSAGE"))
        found = recognise(text, now_ns=now_ns)
        written = _written_ns(entry)
        by_priority = _LEVEL_OF_PRIORITY.get(_text(entry.get("PRIORITY")), 0)
        fields = {name: _text(entry[key]) for key, name in _FIELDS.items() if key in entry}
        service = _text(entry.get("SYSLOG_IDENTIFIER") or entry.get("_SYSTEMD_UNIT") or "journal")
        columns.ts_ns.append(written if written and not time_fault(written, now_ns) else now_ns)
        columns.observed_ns.append(now_ns)
        columns.level.append(max(by_priority, found.level) if by_priority in {0, 2} else by_priority)
        columns.service.append(service)
        columns.body.append(found.body[:BODY_LIMIT] if found.fields else text[:BODY_LIMIT])
        columns.trace_id.append(found.trace_id)
        columns.span_id.append(found.span_id)
        columns.attributes.append(orjson.dumps({**found.fields, **fields}).decode())
        columns.resource.append(orjson.dumps({"host.name": _text(entry.get("_HOSTNAME", ""))}).decode())
        columns.source.append("journal")
    return columns


def _written_ns(entry: dict[str, Any]) -> int:
    """Return when an entry was written, in Unix nanoseconds; 0 where it does not say."""
    for name in ("_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP"):
        micros = _text(entry.get(name))
        if micros.isascii() and micros.isdigit() and len(micros) < 20:
            return int(micros) * 1000
    return 0


def _text(value: object) -> str:
    """Return a field as text: journalctl writes one that is not UTF-8 as a list of bytes, a repeated one as a list."""
    if isinstance(value, list) and any(isinstance(item, str | list | None) for item in value):
        return "\n".join(_text(item) for item in value)
    if isinstance(value, list):
        try:
            return bytes(value).decode("utf-8", "replace")
        except (TypeError, ValueError):
            return ""
    return "" if value is None else str(value)


class JournalSource:
    """Follows the journal; starts journalctl again when it ends."""

    def __init__(self, intake: Intake, clock: Clock, state: Path) -> None:
        self.last_error: str | None = None
        self._intake = intake
        self._clock = clock
        self._state = state

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            try:
                await self._follow()
                self.last_error = "journalctl ended; it is started again"
            except OSError as error:
                self.last_error = f"journalctl: {error}"
            await asyncio.sleep(2.0)

    async def _follow(self) -> None:
        cursor = self._state.read_text("ascii", "replace").strip() if self._state.exists() else ""
        start = [f"--after-cursor={cursor}"] if cursor else ["--lines=500"]
        process = await asyncio.create_subprocess_exec(
            "journalctl", "--follow", "--output=json", "--quiet", *start,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, limit=_LINE_LIMIT,
        )  # fmt: skip
        assert process.stdout
        try:
            while entries := await self._entries(process.stdout):
                await self._store(entries)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def _entries(self, stream: asyncio.StreamReader) -> list[dict[str, Any]]:
        """Return what is there now, at least one entry; empty at the end of the stream."""
        entries: list[dict[str, Any]] = []
        timeout: float | None = None
        while len(entries) < _BATCH:
            try:
                line = await asyncio.wait_for(stream.readline(), timeout)
            except TimeoutError:
                break
            except ValueError:
                continue  # an entry beyond the limit of a line; readline has discarded it
            if not line:
                break
            try:
                entry = orjson.loads(line)
            except orjson.JSONDecodeError:
                continue
            if isinstance(entry, dict):
                entries.append(entry)
            timeout = 0.05
        return entries

    async def _store(self, entries: list[dict[str, Any]]) -> None:
        columns = await asyncio.to_thread(journal_columns, entries, self._clock.time_ns())
        while True:
            try:
                await self._intake.logs(columns)
            except Overloaded as error:
                await asyncio.sleep(error.retry_after_s)
            except PlatformError as error:
                self.last_error = str(error)
                await asyncio.sleep(1.0)
            else:
                break
        self.last_error = None
        if cursor := entries[-1].get("__CURSOR"):
            self._state.write_text(str(cursor), "ascii")
