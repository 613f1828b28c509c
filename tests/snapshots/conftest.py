"""Pictures are rewritten only under the versions they were taken with."""

from importlib.metadata import version

import pytest

TAKEN_WITH = {"textual": "8.2.8", "pytest-textual-snapshot": "1.1.0", "rich": None}


def pytest_configure(config):
    if not config.getoption("--snapshot-update", default=False):
        return
    for package, wanted in TAKEN_WITH.items():
        if wanted and version(package) != wanted:
            raise pytest.UsageError(f"pictures are taken with {package} {wanted}, here is {version(package)}")


@pytest.fixture(autouse=True)
def calm_cursor(monkeypatch):
    from textual.widgets import Input

    monkeypatch.setattr(Input, "_toggle_cursor", lambda self: None)
