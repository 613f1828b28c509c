"""Writes docs/keys.md from the commands: `python -m console.commands.cheatsheet FILE`."""

import sys
from pathlib import Path

from console.commands.command import Command, key_words
from console.commands.registry import BY_SCREEN

_TITLES = {
    "everywhere": "Everywhere",
    "pivots": "From alerts, charts, lines and traces to the same thing elsewhere",
    "alerts": "Alerts",
    "metrics": "Metrics",
    "logs": "Logs",
    "traces": "Traces",
    "trace": "One trace",
}
_HEAD = """# Keys

This page is generated from the commands of the console (`make docs`); a test keeps it fresh. Every key can be changed
in `config.toml` by the id of its command, several keys set apart by commas:

```toml
[keys]
alerts.ack = "f5"
"time.live" = "0,home"
```

In every list: `j` `k` or the arrows move, `g` `G` go to its ends, `ctrl+d` `ctrl+u` move half a page, `enter` opens.
"""


def sheet() -> str:
    """Return the whole page."""
    parts = [_HEAD]
    for screen, commands in BY_SCREEN.items():
        rows = "\n".join(_row(command) for command in commands)
        parts.append(f"\n## {_TITLES[screen]}\n\n| key | command | what it does | id |\n|---|---|---|---|\n{rows}\n")
    return "".join(parts)


def _row(command: Command) -> str:
    keys = " ".join(f"`{key_words(key)}`" for key in command.key.split(","))
    return f"| {keys.replace('|', chr(92) + '|')} | {command.title} | {command.help.replace('|', chr(92) + '|')} | `{command.id}` |"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(sheet(), "utf-8")
