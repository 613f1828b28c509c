"""Log files as a source: new lines into the intake, positions kept so that a restart goes on where it was."""

import asyncio
import logging
from pathlib import Path

import orjson

from backend.clock import Clock
from backend.errors import Overloaded, PlatformError
from backend.host.follow import Follower, Position
from backend.host.followed_file import Inode, Lines
from backend.host.lines import columns_of_lines
from backend.ingest.columns import Intake

log = logging.getLogger("airis.files")

_INTERVAL_S = 0.5
_RETRY_S = 1.0


class FileSource:
    """Follows files; a line counts as read once the intake has it on disk."""

    def __init__(self, follower: Follower, intake: Intake, clock: Clock, state: Path, host: str) -> None:
        self.follower = follower
        self._intake = intake
        self._clock = clock
        self._state = state
        self._resource = orjson.dumps({"host.name": host}).decode()
        follower.positions.update(_load(state))

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            known = set(self.follower.positions)
            found = await asyncio.to_thread(self.follower.read)
            if self.follower.positions.keys() != known:
                await asyncio.to_thread(self._keep, [])
            for lines in found:
                await self._store(lines)
            if found:
                await asyncio.to_thread(self._keep, found)
            await asyncio.sleep(_INTERVAL_S)

    async def _store(self, lines: Lines) -> None:
        if not lines.lines:
            return
        columns = await asyncio.to_thread(
            columns_of_lines, lines.lines, lines.path, self._resource, self._clock.time_ns()
        )
        while True:
            try:
                await self._intake.logs(columns)
            except Overloaded as error:
                await asyncio.sleep(error.retry_after_s)
            except PlatformError as error:
                log.warning("lines of %s wait for the store: %s", lines.path, error)
                await asyncio.sleep(_RETRY_S)
            else:
                return

    def _keep(self, found: list[Lines]) -> None:
        """Write down what has been stored; where that fails, a restart repeats lines instead of losing them."""
        positions = self.follower.positions
        positions.update({lines.inode: Position(lines.path, lines.offset) for lines in found})
        rows = [(kept.path, *inode, kept.offset) for inode, kept in positions.items()]
        temporary = self._state.with_suffix(".new")
        try:
            temporary.write_bytes(orjson.dumps(rows))
            temporary.replace(self._state)
        except OSError as error:
            log.warning("the positions in %s cannot be written: %s", self._state, error)


def _load(state: Path) -> dict[Inode, Position]:
    try:
        rows = orjson.loads(state.read_bytes())
        return {(int(device), int(number)): Position(str(path), int(offset)) for path, device, number, offset in rows}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError):
        log.warning("the positions in %s cannot be read; files are followed from their ends", state)
        return {}
