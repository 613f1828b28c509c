"""One figure of the documents: what was asked for, what was measured, and by which command."""

from collections.abc import Iterable
from dataclasses import dataclass

HEAD = ("figure", "target", "measured", "command")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure; `holds` is None where there is nothing to hold it against."""

    name: str
    target: str
    measured: str
    holds: bool | None = None


def _rows(figures: Iterable[tuple[str, Figure]]) -> list[tuple[str, str, str, str]]:
    """Return the cells of each figure; one above its target is marked."""
    return [
        (figure.name, figure.target or "—", figure.measured + (" (missed)" if figure.holds is False else ""), command)
        for command, figure in figures
    ]


def as_table(figures: Iterable[tuple[str, Figure]]) -> str:
    """Return figures, each with its command, as aligned columns."""
    rows = [HEAD, *_rows(figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def as_markdown(figures: Iterable[tuple[str, Figure]]) -> str:
    """Return figures, each with its command, as a Markdown table."""
    lines = [" | ".join(HEAD), " | ".join("---" for _ in HEAD)]
    lines += [" | ".join((*row[:3], f"`{row[3]}`")) for row in _rows(figures)]
    return "\n".join(f"| {line} |" for line in lines)


def report(module: str, figures: Iterable[Figure]) -> int:
    """Print the figures of one module; return the exit status."""
    print(as_table((f"python -m bench.{module}", figure) for figure in figures))
    return 0
