"""The version of the platform, as the installed distribution states it."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("airis-console")
except PackageNotFoundError:
    VERSION = "0"
