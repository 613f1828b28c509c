"""Follows text files as they grow: rotation, truncation and files that appear late."""

import glob
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from backend.host.followed_file import FollowedFile, Inode, Lines

BACKLOG = 64 * 1024
"""Bytes at the end of a file seen for the first time at start that are still read."""
MOST_FILES = 256
"""Files held open at once; the usual limit of a process is 1,024 for everything."""
LEFT_ROUNDS = 20
"""Rounds in which a renamed or deleted file is still read: its writer keeps it until told of the rotation."""
_BINARY = (".gz", ".xz", ".bz2", ".zst", ".zip", ".journal")


@dataclass(frozen=True, slots=True)
class Position:
    """Up to where a file has been read, and its name then."""

    path: str
    offset: int


@dataclass(slots=True)
class Follower:
    """Reads new lines of all files that match some patterns; blocking, so call it off the event loop.

    A file is known by its inode: one that is renamed within the patterns is not read again, one that is renamed or
    deleted out of them is read to its end.
    """

    patterns: tuple[str, ...]
    positions: dict[Inode, Position] = field(default_factory=dict)
    """Where files are to be taken up: kept from an earlier run, where new ones began, what has been stored since."""
    errors: dict[str, str] = field(default_factory=dict)
    """Why a file cannot be read, by path."""
    skipped_files: int = 0
    """Matching files beyond `MOST_FILES`, which are not read."""
    _files: dict[Inode, FollowedFile] = field(default_factory=dict)
    _first_round: bool = True

    def read(self) -> list[Lines]:
        """Return what has been added to all files since the last round."""
        present = self._present()
        for path, (inode, size) in present.items():
            self._meet(path, inode, size)
        if self._first_round:
            self._resume_renamed()
        self._first_round = False
        here = dict.fromkeys(inode for inode, _ in present.values())
        gone = [file for inode, file in self._files.items() if inode not in here and file.path not in self.errors]
        found = [lines for file in gone for lines in self._leave(file)]
        return found + [lines for inode in here for lines in self._read(inode)]

    def troubles(self) -> dict[str, str]:
        """Return what is not read, and why: a path, or the patterns where they match too much."""
        skipped = f"{self.skipped_files} more files match than the {MOST_FILES} that are followed"
        return {**self.errors, **({", ".join(self.patterns): skipped} if self.skipped_files else {})}

    def close(self) -> None:
        """Let go of all files."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _present(self) -> dict[str, tuple[Inode, int]]:
        """Return inode and size of the matching regular files, the first `MOST_FILES` by name."""
        paths = sorted({path for pattern in self.patterns for path in glob.glob(pattern, recursive=True)})
        self.errors.clear()
        found: dict[str, tuple[Inode, int]] = {}
        for path in paths:
            try:
                status = Path(path).stat()
            except FileNotFoundError:
                continue
            except OSError as error:
                self.errors[path] = error.strerror or str(error)
                continue
            if stat.S_ISREG(status.st_mode) and not path.endswith(_BINARY):
                found[path] = ((status.st_dev, status.st_ino), status.st_size)
        self.skipped_files = max(0, len(found) - MOST_FILES)
        return dict(list(found.items())[:MOST_FILES])

    def _meet(self, path: str, inode: Inode, size: int) -> None:
        """Go on with a known file under the name it has now, or begin a new one."""
        if file := self._files.get(inode):
            file.path, file.rounds_left = path, None
            return
        try:
            file = FollowedFile.open(path, self._start(path, inode, size))
        except OSError as error:
            self.errors[path] = error.strerror or str(error)
            return
        self._files[file.inode] = file
        self.positions.setdefault(file.inode, Position(path, file.offset))

    def _start(self, path: str, inode: Inode, size: int) -> int:
        kept = self.positions.get(inode)
        if kept:
            return kept.offset if kept.offset <= size else 0
        known = any(position.path == path for position in self.positions.values())
        return max(0, size - BACKLOG) if self._first_round and not known else 0

    def _resume_renamed(self) -> None:
        """Open the files of an earlier run that have been rotated away since, where they lie in the same folder."""
        missing = {inode: kept for inode, kept in self.positions.items() if inode not in self._files}
        for folder in {str(Path(kept.path).parent) for kept in missing.values()}:
            try:
                entries = list(os.scandir(folder))
                for entry in entries:
                    inode = (entry.stat().st_dev, entry.inode())
                    if inode in missing and not entry.name.endswith(_BINARY):
                        kept = missing[inode]
                        self._files[inode] = FollowedFile.open(entry.path, kept.offset, kept.path)
            except OSError:
                continue
        for inode, kept in missing.items():
            if inode not in self._files and kept.path not in self.errors:
                del self.positions[inode]

    def _read(self, inode: Inode) -> list[Lines]:
        file = self._files.get(inode)
        if file is None:
            return []
        try:
            return file.read()
        except OSError as error:
            self.errors[file.path] = error.strerror or str(error)
            return []

    def _leave(self, file: FollowedFile) -> list[Lines]:
        """Read a file that is no longer under its name; forget it when nothing has come for a while."""
        found = self._read(file.inode)
        file.rounds_left = LEFT_ROUNDS if found or file.rounds_left is None else file.rounds_left - 1
        if file.rounds_left > 0:
            return found
        file.close()
        del self._files[file.inode]
        self.positions.pop(file.inode, None)
        return file.last_line()
