"""Pins what would make tests differ from machine to machine."""

import os
import time

for name in ("NO_COLOR", "TMUX", "STY", "XDG_RUNTIME_DIR", "AIRIS_SOCKET", "AIRIS_DATA"):
    os.environ.pop(name, None)
os.environ.update(
    TZ="UTC",
    TEXTUAL_ANIMATIONS="none",
    COLORTERM="truecolor",
    AIRIS_CONFIG=os.devnull + ".absent.toml",
    LC_ALL="C.UTF-8",
)
time.tzset()
