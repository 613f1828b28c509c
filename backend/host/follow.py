"""Follows text files as they grow: rotation, truncation and files that appear late."""

import glob
import os
from dataclasses import dataclass, field
from pathlib import Path

LINE_LIMIT = 256 * 1024
"""A longer line is cut there, and what follows up to its end is skipped."""
READ_LIMIT = 1024 * 1024
"""Bytes read from one file in one round."""
BACKLOG = 64 * 1024
"""Bytes at the end of a file seen for the first time at start that are still read."""
MOST_FILES = 512
_BINARY = (".gz", ".xz", ".bz2", ".zst", ".zip", ".journal")


@dataclass(slots=True)
class _Followed:
    """Where we are in one file."""

    inode: tuple[int, int]
    offset: int
    rest: bytes = b""
    skipping: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines of one file, and the position after them."""

    path: str
    lines: tuple[str, ...]
    inode: tuple[int, int]
    offset: int
    """Byte position up to which these lines (and all before) have been read."""


@dataclass(slots=True)
class Follower:
    """Reads new lines of all files that match some patterns; blocking, so call it off the event loop."""

    patterns: tuple[str, ...]
    positions: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """Positions kept from an earlier run: path to device, inode, offset."""
    errors: dict[str, str] = field(default_factory=dict)
    skipped_files: int = 0
    _files: dict[str, _Followed] = field(default_factory=dict)
    _first_round: bool = True

    def read(self) -> list[Lines]:
        """Return what has been added to all files since the last round."""
        found: list[Lines] = []
        for path in self._paths():
            try:
                found.extend(self._read_file(path))
                self.errors.pop(path, None)
            except OSError as error:
                self.errors[path] = error.strerror or str(error)
        self._first_round = False
        return found

    def _paths(self) -> list[str]:
        paths = sorted({path for pattern in self.patterns for path in glob.glob(pattern, recursive=True)})
        plain = [path for path in paths if not path.endswith(_BINARY) and Path(path).is_file()]
        self.skipped_files = max(0, len(plain) - MOST_FILES)
        return plain[:MOST_FILES]

    def _read_file(self, path: str) -> list[Lines]:
        with Path(path).open("rb") as file:
            status = os.fstat(file.fileno())
            inode = (status.st_dev, status.st_ino)
            state = self._files.get(path)
            if state is None:
                state = self._files[path] = self._begin(path, inode, status.st_size)
            elif state.inode != inode:
                state = self._files[path] = _Followed(inode, 0)
            elif status.st_size < state.offset:
                state.offset, state.rest, state.skipping = 0, b"", False
            file.seek(state.offset)
            chunk = file.read(READ_LIMIT)
        return [self._take(path, state, chunk)] if chunk else []

    def _begin(self, path: str, inode: tuple[int, int], size: int) -> _Followed:
        device, number, offset = self.positions.get(path, (0, 0, 0))
        if (device, number) == inode and offset <= size:
            return _Followed(inode, offset)
        if self._first_round and path not in self.positions:
            start = max(0, size - BACKLOG)
            return _Followed(inode, start, skipping=start > 0)
        return _Followed(inode, 0)

    @staticmethod
    def _take(path: str, state: _Followed, chunk: bytes) -> Lines:
        state.offset += len(chunk)
        pieces = (state.rest + chunk).split(b"\n")
        state.rest = pieces.pop()
        if state.skipping and pieces:
            pieces.pop(0)
            state.skipping = False
        if len(state.rest) > LINE_LIMIT:
            if not state.skipping:
                pieces.append(state.rest[:LINE_LIMIT])
            state.rest, state.skipping = b"", True
        lines = tuple(piece[:LINE_LIMIT].decode("utf-8", "replace").rstrip("\r") for piece in pieces if piece.strip())
        return Lines(path, lines, state.inode, state.offset - len(state.rest))
