"""Starts a platform on this machine when there is none; it outlives the console and stops when nobody needs it."""

import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LINGER_S = 900
"""How long a platform started on demand waits for the next console before it stops."""


@dataclass(frozen=True, slots=True)
class LocalPlatform:
    """A platform on this machine: its socket, its data, and how it is started."""

    socket: Path
    data: Path
    extra: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Return its address."""
        return f"unix:{self.socket}"

    @property
    def log(self) -> Path:
        """Return the file that a platform started on demand logs to."""
        return self.data / "platform.log"

    def answers(self) -> bool:
        """Tell whether a process of this user, or of root, listens on the socket."""
        if not self._is_ours():
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(1.0)
            try:
                probe.connect(str(self.socket))
            except OSError:
                return False
        return True

    def _is_ours(self) -> bool:
        """Refuse a socket in a folder of somebody else, who could read what is asked and make up the answers."""
        try:
            return self.socket.parent.stat().st_uid in {os.getuid(), 0}
        except OSError:
            return False

    def start(self) -> "subprocess.Popen[bytes]":
        """Start it as a child in a session of its own, so that it goes on when the console is closed."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "backend", "--listen", self.address, "--data", str(self.data),
                 "--linger", str(LINGER_S), *self.extra],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, env=_environment(),
            )  # fmt: skip

    def last_words(self) -> str:
        """Return the last line of its log: why it did not start."""
        try:
            lines = self.log.read_text("utf-8", "replace").strip().splitlines()
        except OSError:
            return ""
        return lines[-1] if lines else ""


def _environment() -> dict[str, str]:
    """Return the environment without what belongs to this console's terminal."""
    return {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "TERM"}}
