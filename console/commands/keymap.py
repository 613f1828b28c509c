"""The user's keys: ids that exist, keys that do not clash."""

from collections.abc import Mapping

from console.commands.registry import ALL, BY_SCREEN

LIST_IDS = (
    "list.pick", "fields.copy", "chart.back", "chart.forward", "chart.far-back", "chart.far-forward",
    "histogram.back", "histogram.forward", "histogram.extend-back", "histogram.extend-forward", "histogram.choose",
    "trace.toggle", "trace.fold", "trace.unfold", "trace.zoom-in", "trace.zoom-out", "trace.whole", "trace.earlier",
    "trace.later", "dialog.leave", "dialog.type",
)  # fmt: skip
"""Ids of the keys that belong to widgets and dialogs; they can be changed as well."""


def checked(wanted: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the keys that can be used, and a sentence for each that cannot."""
    known = {command.id for command in ALL} | set(LIST_IDS)
    complaints = [
        f"keys.{name}: there is no such command; docs/keys.md lists them" for name in wanted if name not in known
    ]
    usable = {name: keys for name, keys in wanted.items() if name in known}
    for screen in BY_SCREEN:
        complaints += clashes(screen, usable)
    return usable, list(dict.fromkeys(complaints))


def clashes(screen: str, keymap: Mapping[str, str]) -> list[str]:
    """Return a sentence for each key that two commands of a screen share."""
    shared = () if screen == "everywhere" else BY_SCREEN["everywhere"]
    pivots = () if screen in {"everywhere", "pivots"} else BY_SCREEN["pivots"]
    owners: dict[str, str] = {}
    found = []
    for command in (*BY_SCREEN[screen], *pivots, *shared):
        for key in keymap.get(command.id, command.key).split(","):
            other = owners.setdefault(key.strip(), command.id)
            if other != command.id:
                found.append(f"{key} stands for both {other} and {command.id} on the {screen} screen")
    return found
