# Every target works from nothing with CPython 3.11, pip and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run demo test check bench format snapshots docs clean
.DEFAULT_GOAL := run

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

run: $(STAMP)  ## the console on this machine's live telemetry
	$(BIN)/airis

demo: $(STAMP)  ## the console with a simulated shop and its incidents
	$(BIN)/airis demo

test: $(STAMP)  ## the whole suite
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(STAMP)  ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)  ## every figure the README quotes
	$(BIN)/python -m bench

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

snapshots: $(STAMP)  ## accept the pictures of the screens as they are now
	$(BIN)/python -m pytest tests/snapshots --snapshot-update

docs: $(STAMP)  ## write the generated pages anew
	$(BIN)/python -m console.commands.cheatsheet docs/keys.md

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache
