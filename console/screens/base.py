"""The frame that all screens share: top line, tabs, body, key hints; polling while visible; reasons for refusals."""

import asyncio
import random
import time
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from console.commands.command import Command, bindings, key_words
from console.commands.everywhere import EVERYWHERE
from console.link import Link, LinkKind, LinkState
from console.messages import BackAsked, CopyAsked, PivotAsked, TimeChosen
from console.outcome import Failure, failure_of
from console.scope import Scope
from console.time_context import Now, TimeContext
from widgets.key_hints import KeyHint, KeyHints
from widgets.screen_tabs import ScreenTab, ScreenTabs
from widgets.status_bar import StatusBar, StatusLine
from widgets.text import clean

if TYPE_CHECKING:
    from api_client.client import AirisClient

_STANDING_REFRESH_S = 60.0
_jitter = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Desk:
    """What a screen is given to work with."""

    link: Link
    now: Now = time.time
    reraise: bool = False
    """True in tests: a fault of ours ends the program instead of becoming a notice."""


class ConsoleScreen(Screen[None]):
    """One area of the console; a subclass composes its body, loads its facts and shows them."""

    NAME: ClassVar[str] = ""
    OFFERED: ClassVar[tuple[Command, ...]] = ()
    REFRESH_S: ClassVar[float] = 5.0
    BINDINGS = bindings(*EVERYWHERE)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-very-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall"), (46, "-very-tall")]

    time: var[TimeContext] = var(TimeContext())
    scope: var[Scope] = var(Scope())
    link_state: var[LinkState] = var(LinkState())
    status: var[StatusLine] = var(StatusLine())
    tabs: var[tuple[ScreenTab, ...]] = var(())
    zone: var[tzinfo] = var(UTC)
    open_alerts: var[tuple[Any, ...]] = var(())
    read_only: var[bool] = var(False)

    @dataclass
    class Loaded(Message):
        """Facts arrived."""

        facts: Any
        ticket: int

        def can_replace(self, message: Message) -> bool:
            """Let newer facts take the place of older ones that wait."""
            return isinstance(message, ConsoleScreen.Loaded)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._ticket = 0

    # Frame

    def compose(self) -> ComposeResult:
        """Top line, tabs, body, key hints."""
        yield StatusBar(id="status").data_bind(ConsoleScreen.status)
        yield ScreenTabs(active=self.NAME, id="tabs").data_bind(ConsoleScreen.tabs)
        yield from self.compose_body()
        yield KeyHints(id="hints")

    def compose_body(self) -> ComposeResult:
        """Yield what lies between tabs and key hints."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Show the first hints."""
        self.refresh_hints()

    def bind_shared(self, other: "ConsoleScreen") -> "ConsoleScreen":
        """Let a screen that this one opens follow what all screens share; call it in this screen's own task."""
        return other.data_bind(
            ConsoleScreen.time,
            ConsoleScreen.scope,
            ConsoleScreen.link_state,
            ConsoleScreen.status,
            ConsoleScreen.tabs,
            ConsoleScreen.zone,
            ConsoleScreen.open_alerts,
            ConsoleScreen.read_only,
        )

    # Loading

    async def load(self, client: "AirisClient") -> Any:
        """Fetch the facts of this screen; parts that fail become failures of their own."""
        raise NotImplementedError

    def show(self, facts: Any) -> None:
        """Put facts on the screen; the only place that changes what its widgets show."""
        raise NotImplementedError

    def show_failure(self, failure: Failure) -> None:
        """Say that nothing at all could be loaded."""
        raise NotImplementedError

    @on(events.ScreenResume)
    def _resume(self) -> None:
        self.restart()

    @on(events.ScreenSuspend)
    def _suspend(self) -> None:
        self.workers.cancel_group(self, "refresh")

    def watch_time(self) -> None:
        """Ask anew for another range."""
        self.restart()

    def watch_scope(self) -> None:
        """Ask anew for another scope."""
        self.restart()

    def watch_link_state(self, old: LinkState, new: LinkState) -> None:
        """Ask at once when the platform is there again; say so when it is not."""
        if new.kind is LinkKind.CONNECTED and old.kind is not LinkKind.CONNECTED:
            self.restart()
        elif new.kind is not LinkKind.CONNECTED and self.is_mounted:
            self.show_failure(Failure(new.text, new.hint))

    def restart(self) -> None:
        """Forget what is under way and ask now."""
        if self.is_current and self.is_mounted:
            self._ticket += 1
            self._poll(self._ticket)

    @work(group="refresh", exclusive=True, exit_on_error=False, description="Refresh")
    async def _poll(self, ticket: int) -> None:
        from api_client.errors import ApiError

        while True:
            try:
                facts = await self.load(await self.desk.link.connect())
            except ApiError as error:
                facts = failure_of(error)
            self.post_message(self.Loaded(facts, ticket))
            pause = self.REFRESH_S if self.time.live else _STANDING_REFRESH_S
            await asyncio.sleep(pause * _jitter.uniform(0.9, 1.1))

    @on(Loaded)
    def _take(self, message: Loaded) -> None:
        if message.ticket != self._ticket:
            return  # asked for under another time or scope
        if isinstance(message.facts, Failure):
            self.show_failure(message.facts)
        else:
            self.show(message.facts)
        self.refresh_hints()

    @on(Worker.StateChanged)
    def _report_unforeseen(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            if self.desk.reraise and event.worker.error:
                raise event.worker.error
            self.log.error(event.worker.error)
            self.say(
                f"{type(event.worker.error).__name__}: {event.worker.error}", title=event.worker.description, bad=True
            )

    # What is possible, and why not

    def why_not(self, action: str) -> str | None:
        """Return why an action is not possible now; None when it is."""
        del action
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what is not possible; the reason is told when its key is pressed, and on the help screen."""
        del parameters
        return None if self.why_not(action) else True

    def on_key(self, event: events.Key) -> None:
        """Tell why a key does nothing."""
        active = self.active_bindings.get(event.key)
        if active and not active.enabled:
            action = active.binding.action.partition("(")[0].rpartition(".")[2]
            if reason := self.why_not(action):
                self.say(reason, title=active.binding.description)

    def commands(self) -> tuple[Command, ...]:
        """Return everything that can be done here."""
        return (*self.OFFERED, *EVERYWHERE)

    def keys_of(self, command: Command) -> str:
        """Return the keys that run a command now, for people."""
        keys = [key for key, active in self.active_bindings.items() if active.binding.id == command.id]
        return " ".join(dict.fromkeys(key_words(key) for key in keys))

    def refresh_hints(self) -> None:
        """Show the keys that matter here, dimmed where they do nothing now."""
        if not self.is_mounted:
            return
        hints = []
        for command in self.commands():
            if command.hint and (keys := self.keys_of(command)):
                enabled = self.why_not(command.action_name) is None
                hints.append(KeyHint(keys.split(" ", 1)[0], command.title, enabled, command.hint, command.id))
        self.query_one(KeyHints).hints = tuple(hints)

    @on(KeyHints.Picked)
    async def _run_hint(self, message: KeyHints.Picked) -> None:
        for command in self.commands():
            if command.id == message.hint.command:
                await self.run_action(command.action)

    def say(self, text: str, *, title: str = "", bad: bool = False) -> None:
        """Tell the user something in passing."""
        self.notify(clean(text, 300), title=clean(title, 80), severity="error" if bad else "information",
                    timeout=6, markup=False)  # fmt: skip

    # Actions of every screen

    def window(self) -> tuple[float, float]:
        """Return the shared range of time in Unix seconds."""
        return self.time.window(self.desk.now())

    def action_refresh_now(self) -> None:
        """Ask again now."""
        self.restart()

    def action_zoom(self, factor: float) -> None:
        """Change the length of the range, around the cursor where there is one."""
        self.post_message(TimeChosen(self.time.zoomed(factor, self.desk.now(), self.cursor_time())))

    def cursor_time(self) -> float | None:
        """Return the moment under the cursor, where the screen has one."""
        return None

    def close_inner(self) -> bool:
        """Close what is open inside this screen; tell whether there was anything."""
        return False

    def action_back(self) -> None:
        """Close what is open, or return to where the user was."""
        if not self.close_inner():
            self.post_message(BackAsked())

    def action_back_or_quit(self) -> None:
        """Return, or on the first screen quit."""
        if not self.close_inner():
            self.post_message(BackAsked(may_quit=True))

    def action_copy(self) -> None:
        """Copy what is under the cursor."""
        text, what = self.copyable()
        if text:
            self.post_message(CopyAsked(text, what))
        else:
            self.say("There is nothing under the cursor to copy", title="Copy")

    def copyable(self) -> tuple[str, str]:
        """Return what `y` copies, and what to call it."""
        return "", ""

    def pivot_to(self, screen: str) -> PivotAsked | None:
        """Return where a pivot leads from here; None when there is nothing to carry."""
        return PivotAsked(screen)

    def action_pivot(self, screen: str) -> None:
        """Look at the same thing on another screen."""
        if asked := self.pivot_to(screen):
            self.post_message(asked)

    # Being left and returned to

    def query_text(self) -> str:
        """Return what this screen was asked, for the way back."""
        return ""

    def focus_id(self) -> str:
        """Return what is under the cursor, for the way back."""
        return ""

    def arrive(self, query: str, focus: str) -> None:
        """Come from another screen with a question and a thing to look at."""
