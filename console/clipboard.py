"""Copies to the clipboard of the person at the far end of ssh: OSC 52, through tmux and screen as well."""

import asyncio
import base64
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from console.places import state_dir

LIMIT = 74_000
"""Bytes that common terminals accept in one OSC 52."""


async def copy_text(write: Callable[[str], None], text: str, what: str) -> str:
    """Copy a text and return a sentence for the user that says what became of it."""
    raw = text.encode("utf-8", "replace")
    if len(raw) > LIMIT:
        file = await asyncio.to_thread(_keep, raw)
        return f"{what}: {len(raw):,} bytes are more than terminals take; written to {file}"
    write(sequence(raw, os.environ))
    if os.environ.get("TMUX"):
        await asyncio.to_thread(_tell_tmux, raw)
    return f"Copied {what}"


def sequence(raw: bytes, environment: "os._Environ[str] | dict[str, str]") -> str:
    """Return OSC 52, wrapped for the multiplexer that stands between us and the terminal."""
    plain = f"\x1b]52;c;{base64.b64encode(raw).decode()}\x07"
    if environment.get("TMUX"):
        return plain + "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("STY"):
        pieces = [plain[start : start + 250] for start in range(0, len(plain), 250)]
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return plain


def _tell_tmux(raw: bytes) -> None:
    """Put the text into tmux' own buffer, and by -w onto the clipboard of the terminal that tmux runs in."""
    try:
        subprocess.run(["tmux", "load-buffer", "-w", "-"], input=raw, timeout=1, check=False, capture_output=True)
    except (OSError, subprocess.TimeoutExpired):
        return


def _keep(raw: bytes) -> Path:
    folder = state_dir()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / "clipboard.txt"
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_bytes(raw)
    return file
