"""One process per data directory."""

import fcntl
import os
from pathlib import Path
from typing import IO

from backend.errors import Conflict


class DirectoryInUse(Conflict):
    """Another process holds the data directory."""

    def __init__(self, directory: Path, pid: str) -> None:
        super().__init__(
            f"The data directory {directory} is in use by process {pid or 'unknown'}. "
            "Stop that process or choose another directory."
        )
        self.directory = directory
        self.pid = pid


class DirectoryLock:
    """Holds a directory until closed; the operating system lets go when the process dies."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = _locked(directory)

    def close(self) -> None:
        """Let go of the directory."""
        self._file.close()


def _locked(directory: Path) -> IO[str]:
    file = (directory / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip()
        file.close()
        raise DirectoryInUse(directory, holder) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file
