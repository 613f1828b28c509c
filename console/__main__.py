"""The `airis` command: the console where no word follows, else a command of the command line."""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and not words[0].startswith("-"):
        from console.cli.main import run

        return run(words)
    from console.start import start

    return start(words)


if __name__ == "__main__":
    sys.exit(main())
