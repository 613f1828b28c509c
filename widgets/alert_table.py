"""The list of alerts: what is wrong, how badly, since when, and who has it."""

from dataclasses import dataclass
from typing import Literal, Unpack

from widgets.canvas import Naming
from widgets.data_list import KeyedList
from widgets.renderables import words
from widgets.renderables.columns import Column
from widgets.renderables.pieces import Cell, Piece

AckState = Literal["open", "acking", "acked", "failed"]

COLUMNS = (
    Column("severity", "Sev", 7),
    Column("state", "State", 10, priority=5),
    Column("age", "Age", 5, align="right"),
    Column("name", "Alert", 18, grow=2, most=32),
    Column("service", "Service", 10, priority=2, grow=1, most=18),
    Column("value", "Value", 8, priority=6, align="right"),
    Column("summary", "Summary", 14, priority=3, grow=6),
    Column("ack", "Ack", 9, priority=1, grow=1, most=16),
)
STATE_MARKS = {"pending": "◔", "firing": "●", "resolved": "✓", "silenced": "∅", "inhibited": "↓"}


@dataclass(frozen=True, kw_only=True)
class AlertRow:
    """One alert; every text is clean already (see `widgets.text`)."""

    id: str
    severity: str
    state: str
    name: str
    summary: str = ""
    service: str = ""
    age: str = ""
    value: str = ""
    ack: AckState = "open"
    ack_text: str = ""

    @property
    def key(self) -> str:
        """The id, which names the row."""
        return self.id


class AlertTable(KeyedList[AlertRow]):
    """Shows alerts: `AlertTable()` and then `rows = (AlertRow(…), …)`."""

    class CursorMoved(KeyedList.CursorMoved):
        """The cursor is on another alert."""

    class Picked(KeyedList.Picked):
        """An alert was picked."""

    def __init__(self, *, empty_text: str = "No alerts", **naming: Unpack[Naming]) -> None:
        super().__init__(COLUMNS, empty_text=empty_text, **naming)

    def row_cells(self, row: AlertRow) -> tuple[Cell, ...]:
        """Return the cells of an alert; what somebody has in hand, or is over, steps back."""
        quiet = row.ack == "acked" or row.state in {"resolved", "silenced", "inhibited"}
        text = "muted" if quiet else "text"
        return (
            words.severity(row.severity) if not quiet else Piece(words.severity(row.severity).text, "muted"),
            Piece(f"{STATE_MARKS.get(row.state, '?')} {row.state}", _state_ink(row.state, quiet)),
            Piece(row.age, "muted"),
            Piece(row.name, "muted" if quiet else "strong"),
            Piece(row.service, text),
            Piece(row.value, text),
            Piece(row.summary, "muted" if quiet else "text"),
            _ack(row),
        )


def _state_ink(state: str, quiet: bool) -> str:
    """Return the ink of a state."""
    if state == "resolved":
        return "status-ok"
    return "muted" if quiet or state == "pending" else "text"


def _ack(row: AlertRow) -> Piece:
    """Return who has the alert, as far as the server has confirmed it."""
    match row.ack:
        case "acked":
            return Piece(f"✓ {row.ack_text}", "status-ok")
        case "acking":
            return Piece("acking…", "accent")
        case "failed":
            return Piece(f"✗ {row.ack_text or 'not acked'}", "status-failed")
    return Piece(row.ack_text, "muted")
