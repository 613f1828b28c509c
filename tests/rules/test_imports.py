"""What a static graph cannot see: what a process really loads."""

import subprocess
import sys

import pytest


def loaded_by(module: str) -> set[str]:
    code = f"import sys, {module}; print(' '.join(sorted({{name.split('.')[0] for name in sys.modules}})))"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize("module", ["console.app", "console.screens.overview", "console.start"])
def test_the_first_frame_needs_no_network_and_no_engine(module):
    heavy = {
        "httpx",
        "pydantic",
        "numpy",
        "duckdb",
        "fastapi",
        "sqlalchemy",
        "plotext",
        "stamina",
        "backend",
        "api_client",
    }
    assert not loaded_by(module) & heavy


@pytest.mark.parametrize("module", ["backend.wiring", "api_client.client", "api_client.contract.alerts"])
def test_nothing_behind_the_console_loads_the_terminal_framework(module):
    assert not loaded_by(module) & {"textual", "console", "widgets", "plotext"}


def test_the_contract_needs_pydantic_only():
    assert not loaded_by("api_client.contract.traces") & {"httpx", "stamina", "numpy"}
