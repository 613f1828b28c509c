"""Facts and wishes that cross from a screen to the application."""

from dataclasses import dataclass

from textual.message import Message

from console.scope import Scope
from console.time_context import TimeContext


@dataclass
class TimeChosen(Message):
    """The user chose another range of time."""

    context: TimeContext


@dataclass
class ScopeChosen(Message):
    """The user chose another scope."""

    scope: Scope


@dataclass
class PivotAsked(Message):
    """The user wants to look at the same thing on another screen."""

    screen: str
    context: TimeContext | None = None
    scope: Scope | None = None
    query: str = ""
    focus: str = ""


@dataclass
class BackAsked(Message):
    """The user wants to return; on the first screen, to leave if `may_quit`."""

    may_quit: bool = False


@dataclass
class CopyAsked(Message):
    """The user wants a text on the clipboard; `what` says for people what it is."""

    text: str
    what: str
