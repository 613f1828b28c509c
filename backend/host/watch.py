"""Which logs of this host are followed: the journal where there is one, else its log files, and what was asked for."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from api_client.contract.sources import Signal, Source, SourceState
from backend.clock import Clock
from backend.host.file_source import FileSource
from backend.host.follow import Follower
from backend.host.journal import JournalSource, has_journal
from backend.ingest.columns import Intake
from backend.ingest.feeds import Feed
from backend.settings import ServeSettings

_SYSLOGS = ("/var/log/syslog", "/var/log/messages")
_ANY_LOGS = ("/var/log/*.log", "/var/log/*/*.log")


class HostWatch:
    """The log sources of this host."""

    def __init__(self, settings: ServeSettings, intake: Intake, clock: Clock, host: str) -> None:
        self._feeds: list[Feed] = []
        self._files: list[tuple[Feed, FileSource]] = []
        self._journal: tuple[Feed, JournalSource] | None = None
        if settings.host:
            self._watch_host(settings.data, intake, clock, host)
        if settings.follow:
            self._follow("files", settings.follow, settings.data, intake, clock, host)

    def _watch_host(self, data: Path, intake: Intake, clock: Clock, host: str) -> None:
        if has_journal():
            feed = Feed("journal", "journal", intake, clock, "the systemd journal")
            self._journal = (feed, JournalSource(feed, clock, data / "journal.cursor"))
            self._feeds.append(feed)
            return
        syslogs = tuple(path for path in _SYSLOGS if Path(path).exists())
        self._follow("host-logs", syslogs or _ANY_LOGS, data, intake, clock, host)

    def _follow(
        self, name: str, patterns: tuple[str, ...], data: Path, intake: Intake, clock: Clock, host: str
    ) -> None:
        feed = Feed(name, "file", intake, clock, ", ".join(patterns))
        source = FileSource(Follower(patterns), feed, clock, data / f"{name}.positions", host)
        self._feeds.append(feed)
        self._files.append((feed, source))

    def tasks(self) -> list[Coroutine[Any, Any, None]]:
        """Return what has to run for these sources."""
        journal = [self._journal[1].run()] if self._journal else []
        return [*journal, *(source.run() for _, source in self._files)]

    def sources(self) -> list[Source]:
        """Return how the sources do, files that cannot be read among them."""
        found = [source for feed in self._feeds for source in feed.sources()]
        for feed, files in self._files:
            found += [
                Source(
                    name=f"{feed.name}: {path}",
                    kind="file",
                    signal=Signal.LOGS,
                    state=SourceState.FAILING,
                    detail=path,
                    last_error=error,
                )
                for path, error in sorted(files.follower.troubles().items())[:20]
            ]
        if self._journal and self._journal[1].last_error:
            error = self._journal[1].last_error
            found = [
                item.model_copy(update={"state": SourceState.FAILING, "last_error": error})
                if item.kind == "journal"
                else item
                for item in found
            ]
        return found
