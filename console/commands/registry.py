"""Every command of the console, screen by screen: what key maps, help and docs/keys.md are made from."""

from console.commands import alerts, logs, metrics, traces
from console.commands.command import Command
from console.commands.everywhere import CHARTS, EVERYWHERE, LOGS, TRACES

BY_SCREEN: dict[str, tuple[Command, ...]] = {
    "everywhere": EVERYWHERE,
    "pivots": (CHARTS, LOGS, TRACES),
    "alerts": alerts.COMMANDS,
    "metrics": metrics.COMMANDS,
    "logs": logs.COMMANDS,
    "traces": traces.LIST_COMMANDS,
    "trace": traces.TRACE_COMMANDS,
}
ALL: tuple[Command, ...] = tuple(command for commands in BY_SCREEN.values() for command in commands)
