"""One log file held open while it grows: its whole lines, and the position after them."""

import os
from dataclasses import dataclass, field
from io import FileIO
from typing import Self

LINE_LIMIT = 256 * 1024
"""A longer line is cut there, and what follows up to its end is skipped."""
READ_LIMIT = 1024 * 1024
"""Bytes read from one file in one round."""
_HEAD = 512

Inode = tuple[int, int]
"""Device and number: what stays the same when a file is renamed."""


class BinaryContent(OSError):
    """The file does not hold text."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines of one file, and the position after them."""

    path: str
    lines: tuple[str, ...]
    inode: Inode
    offset: int
    """Byte position up to which these lines (and all before) have been read."""


@dataclass(slots=True)
class FollowedFile:
    """Where we are in one file; it is held open, so that what is written before a rotation can still be read."""

    path: str
    """The name it was last seen under while it was followed."""
    inode: Inode
    offset: int
    _file: FileIO
    _rest: bytes = field(default=b"", init=False)
    _skipping: bool = field(default=False, init=False)
    rounds_left: int | None = None
    """How many more rounds a file that is no longer under its name is looked at; None while it is."""

    @classmethod
    def open(cls, path: str, offset: int, named: str | None = None) -> Self:
        """Open a file at a position, to be called `named`; raise `OSError` where it cannot be read as text."""
        file = FileIO(path, "rb")
        try:
            status = os.fstat(file.fileno())
            head = os.pread(file.fileno(), _HEAD, 0)
            if b"\0" in head.lstrip(b"\0"):  # zeros alone are what copytruncate leaves of an offset
                raise BinaryContent(0, "not a text file")
            found = cls(named or path, (status.st_dev, status.st_ino), offset, file)
            before = os.pread(file.fileno(), 1, offset - 1) if offset else b"\n"
            found._skipping = before != b"\n"
        except OSError:
            file.close()
            raise
        return found

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def read(self) -> list[Lines]:
        """Return the lines added since the last read, at most `READ_LIMIT` bytes; a shorter file starts again."""
        descriptor = self._file.fileno()
        if os.fstat(descriptor).st_size < self.offset:
            self.offset, self._rest, self._skipping = 0, b"", False
        chunk = os.pread(descriptor, READ_LIMIT, self.offset)
        return [self._take(chunk)] if chunk else []

    def last_line(self) -> list[Lines]:
        """Return what stands after the last line feed of a file that will not grow any more."""
        return [self._take(b"\n", added=0)] if self._rest else []

    def _take(self, chunk: bytes, added: int | None = None) -> Lines:
        self.offset += len(chunk) if added is None else added
        pieces = (self._rest + chunk).split(b"\n")
        self._rest = pieces.pop()
        if self._skipping and pieces:
            pieces.pop(0)
            self._skipping = False
        if len(self._rest) > LINE_LIMIT:
            if not self._skipping:
                pieces.append(self._rest)
            self._rest, self._skipping = b"", True
        cut = (piece[:LINE_LIMIT] for piece in pieces)
        lines = tuple(piece.decode("utf-8", "replace").rstrip("\r") for piece in cut if piece.strip())
        return Lines(self.path, lines, self.inode, self.offset - len(self._rest))
