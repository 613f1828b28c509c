"""The README keeps its word: its example runs, its pictures and pages are there."""

import re
import subprocess
import sys
from pathlib import Path

from tests.fakes.process import platform

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_library_example_runs(tmp_path):
    example = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    with platform(tmp_path / "data") as process:
        code = example.replace("http://127.0.0.1:4000", process.url)
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, cwd=ROOT, check=False
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("[")


def test_links_and_pictures_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or (ROOT / target).exists(), target


def test_commands_of_make_that_it_names_exist():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"`?make (\w+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
