"""Where this user's files lie: configuration, data, sockets."""

import os
import tempfile
from pathlib import Path

from platformdirs import PlatformDirs

_DIRS = PlatformDirs("airis", appauthor=False)


def config_file() -> Path:
    """Return the configuration file; it need not exist."""
    return Path(os.environ.get("AIRIS_CONFIG") or _DIRS.user_config_path / "config.toml")


def theme_dir() -> Path:
    """Return the folder of the user's own themes."""
    return config_file().parent / "themes"


def data_dir() -> Path:
    """Return where a platform on this machine keeps its telemetry."""
    return Path(os.environ.get("AIRIS_DATA") or _DIRS.user_data_path / "platform")


def state_dir() -> Path:
    """Return where the console keeps what it wants to remember."""
    return _DIRS.user_state_path


def socket_path() -> Path:
    """Return the socket of this user's platform on this machine, in a folder that only the user can enter."""
    if told := os.environ.get("AIRIS_SOCKET"):
        return Path(told)
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and Path(runtime).is_dir():
        return Path(runtime) / "airis" / "gateway.sock"
    return Path(tempfile.gettempdir()) / f"airis-{os.getuid()}" / "gateway.sock"
