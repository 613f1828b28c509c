"""Every figure that the documents quote, in one table: `python -m bench [--markdown] [NAME …]`."""

import argparse
import sys
import time
from importlib import import_module

from bench.figure import Figure, as_markdown, as_table

MODULES = ("start", "idle", "tail", "link", "ingest", "search")


def _measured(module: str) -> list[Figure]:
    """Return the figures of one module; one that fails says so in the table and does not stop the others."""
    print(f"{time.strftime('%H:%M:%S')} python -m bench.{module}", file=sys.stderr, flush=True)
    try:
        return list(import_module(f"bench.{module}").figures())
    except Exception as error:
        return [Figure(module, "", f"failed: {type(error).__name__}: {error}", holds=False)]


def main() -> int:
    """Measure one after the other and print; the status tells whether any figure could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(MODULES)}")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(MODULES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    modules = chosen.names or MODULES
    figures = [(f"python -m bench.{module}", figure) for module in modules for figure in _measured(module)]
    print((as_markdown if chosen.markdown else as_table)(figures))
    return int(any(figure.measured.startswith("failed: ") for _, figure in figures))


if __name__ == "__main__":
    raise SystemExit(main())
