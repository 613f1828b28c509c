"""One log line as pieces: time, level, service and message, in the columns there is room for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells

from widgets.renderables import words
from widgets.renderables.pieces import Piece, cut, fit, width_of

LEVEL_CELLS = 5
QUIET = frozenset({"debug", "trace"})


@dataclass(frozen=True)
class LogLine:
    """One line of a log, or with `marker` a remark between lines (a gap, a loss); every text is clean already."""

    id: str
    time_text: str
    level: str
    service: str
    text: str
    fields: tuple[tuple[str, str], ...] = ()
    marker: bool = False

    @property
    def is_error(self) -> bool:
        """Whether the line tells of an error."""
        return self.level in {"error", "fatal"}


@dataclass(frozen=True)
class LogColumns:
    """The cells of each column; 0 where there is no room for it."""

    time: int
    level: int
    service: int
    message: int
    fields: bool

    @property
    def indent(self) -> int:
        """The cells before the message."""
        return sum(cells + 1 for cells in (self.time, self.level, self.service) if cells)


def log_columns(width: int, time_width: int) -> LogColumns:
    """Return the columns that fit; the message always keeps most of the line."""
    service = 16 if width >= 140 else 12 if width >= 92 else 0
    shown_time = time_width if width >= time_width + 36 else 0
    level = LEVEL_CELLS if width >= 24 else 0
    columns = LogColumns(shown_time, level, service, 0, width >= 100)
    return LogColumns(shown_time, level, service, max(1, width - columns.indent), columns.fields)


def log_row(line: LogLine, columns: LogColumns, found: re.Pattern[str] | None, shift: int = 0) -> list[Piece]:
    """Return a line in one row, the message moved left by `shift` cells."""
    if line.marker:
        return marker_row(line, columns)
    pieces = _before(line, columns)
    text = line.text[shift:] if shift else line.text
    shown = cut(text, columns.message)
    pieces += marked(shown, found, _message_ink(line))
    rest = columns.message - width_of(shown)
    if columns.fields and rest > 12 and line.fields:
        extra = "  " + " ".join(f"{key}={value}" for key, value in line.fields)
        pieces += marked(cut(extra, rest), found, "faint")
    return pieces


def marker_row(line: LogLine, columns: LogColumns) -> list[Piece]:
    """Return a remark as a rule across the log."""
    width = columns.indent + columns.message
    head = cut(f"── {line.text} ", width)
    return [Piece(head + "─" * (width - width_of(head)), "gap")]


def wrapped_rows(line: LogLine, columns: LogColumns, found: re.Pattern[str] | None) -> list[list[Piece]]:
    """Return a line in as many rows as its message needs."""
    if line.marker:
        return [marker_row(line, columns)]
    indent = Piece(" " * columns.indent)
    rows = []
    for number, part in enumerate(chopped(line.text, columns.message)):
        head = _before(line, columns) if number == 0 else [indent]
        rows.append([*head, *marked(part, found, _message_ink(line))])
    return rows


def chopped(text: str, width: int) -> list[str]:
    """Return a text in parts of at most `width` cells, at least one."""
    if text.isascii():
        return [text[at : at + width] for at in range(0, len(text), width)] or [""]
    return chop_cells(text, width) if cell_len(text) > width else [text]


def height_of(line: LogLine, columns: LogColumns) -> int:
    """Return the rows a wrapped line takes."""
    if line.marker:
        return 1
    if line.text.isascii():
        return max(1, -(-len(line.text) // columns.message))
    return len(chopped(line.text, columns.message))


def marked(text: str, found: re.Pattern[str] | None, ink: str) -> list[Piece]:
    """Return a text with every match in the ink of matches."""
    return list(_marked(text, found, ink)) if found else [Piece(text, ink)]


def _marked(text: str, found: re.Pattern[str], ink: str) -> Iterator[Piece]:
    """Yield what is between matches, and the matches."""
    at = 0
    for match in found.finditer(text):
        if match.end() == match.start():
            continue
        yield Piece(text[at : match.start()], ink)
        yield Piece(match.group(), "match")
        at = match.end()
    yield Piece(text[at:], ink)


def _before(line: LogLine, columns: LogColumns) -> list[Piece]:
    """Return the columns before the message."""
    pieces = []
    if columns.time:
        pieces.append(Piece(fit(line.time_text, columns.time) + " ", "muted"))
    if columns.level:
        word, ink = words.level(line.level)
        pieces.append(Piece(fit(word, columns.level) + " ", ink))
    if columns.service:
        pieces.append(Piece(fit(line.service, columns.service) + " ", "muted"))
    return pieces


def _message_ink(line: LogLine) -> str:
    """Return the ink of the message: quiet for what is meant for developers."""
    return "muted" if line.level in QUIET else "strong" if line.is_error else "text"
