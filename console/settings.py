"""The user's settings: a TOML file, typed, with errors that name the file, the key and what to write."""

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class SettingsInvalid(Exception):
    """The configuration cannot be used; the message names file and key."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that the configuration file can say."""

    theme: str = "airis-dark"
    """One of the themes that `airis themes` lists, or a file in the themes folder beside the configuration."""
    keys: dict[str, str] = field(default_factory=dict)
    """Keys by command id, such as `alerts.ack = "f2"`; several keys are separated by commas."""
    mouse: bool = True
    """False leaves the mouse to the terminal, for selecting text."""
    utc: bool = False
    """True shows times in UTC instead of the zone of this machine."""
    range: str = "30m"
    """The range of time at start."""
    gateway: str = ""
    """Address of a platform: unix:PATH, http://… or https://…; empty starts one on this machine."""
    token_file: str = ""
    """A file with the token of that platform, readable by its owner only."""
    read_only: bool = False
    """True refuses everything that changes something outside the console."""
    display_layer: bool = True
    """False writes to the terminal as Textual does, without the layer for slow links."""
    follow: tuple[str, ...] = ()
    """Log files that a platform on this machine follows."""


_TYPES: dict[str, type] = {
    "theme": str, "keys": dict, "mouse": bool, "utc": bool, "range": str, "gateway": str, "token_file": str,
    "read_only": bool, "display_layer": bool, "follow": list,
}  # fmt: skip


def load(file: Path) -> Settings:
    """Return what a file says; a file that is not there says nothing."""
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsInvalid(f"{file}: {error}") from error
    return Settings(**{name: _checked(file, name, value) for name, value in document.items()})


def _checked(file: Path, name: str, value: Any) -> Any:
    expected = _TYPES.get(name)
    if expected is None:
        raise SettingsInvalid(f"{file}: “{name}” is not a setting; there are {', '.join(_TYPES)}")
    if not isinstance(value, expected):
        raise SettingsInvalid(f"{file}: {name} must be {_WORDS[expected]}, not {value!r}")
    if isinstance(value, dict):
        return _keys(file, value)
    if not isinstance(value, list):
        return value
    if not all(isinstance(item, str) for item in value):
        raise SettingsInvalid(f"{file}: {name} must be {_WORDS[list]}, not {value!r}")
    return tuple(value)


_WORDS: dict[type, str] = {str: "a string", bool: "true or false", dict: "a table", list: "a list of strings"}


def _keys(file: Path, table: dict[str, Any]) -> dict[str, str]:
    """Return keys by command id; TOML reads `alerts.ack = …` as a table in a table."""
    flat: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat.update({f"{name}.{inner}": key for inner, key in _keys(file, value).items()})
        elif isinstance(value, str) and value:
            flat[name] = value
        else:
            raise SettingsInvalid(f'{file}: keys.{name} must be a key such as "f5", not {value!r}')
    return flat


def no_color() -> bool:
    """Tell whether the environment asks for no colours (https://no-color.org)."""
    return bool(os.environ.get("NO_COLOR"))
