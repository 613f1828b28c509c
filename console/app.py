"""The application: screens, what they share, and the way between them. It fetches and draws nothing itself."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from textual import on, work
from textual.app import SystemCommand
from textual.reactive import var
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from console.commands.everywhere import SCREENS
from console.display.layer import DisplayLayer
from console.history import History, Visit
from console.link import LinkKind, LinkState
from console.messages import BackAsked, CopyAsked, PivotAsked, ScopeChosen, TimeChosen
from console.scope import Scope
from console.screens.base import ConsoleScreen, Desk
from console.settings import Settings
from console.time_context import TimeContext, parse_time
from themes.loader import DEFAULT, available, load
from themes.model import ThemeError
from themes.variables import fallbacks
from widgets.screen_tabs import ScreenTab, ScreenTabs
from widgets.status_bar import StatusLine
from widgets.text import clean

if TYPE_CHECKING:
    from textual.command import Provider

    from console.demo import Demo

_SEVERITIES = ("critical", "high", "warning", "medium", "low", "info")
_CLOCK_S = 5.0
_CHECK_S = 10.0
_RETRY_S = 2.0
_AFTER_FIRST_FRAME_S = 0.02
"""The client is loaded in a thread; even so it would take time from the first frame."""


def _palette() -> "type[Provider]":
    from console.commands.palette import ConsoleCommands

    return ConsoleCommands


class ConsoleApp(DisplayLayer):
    """The console of the engineer on call."""

    TITLE = "AIRIS"
    CSS_PATH = "console.tcss"
    COMMANDS = {_palette}
    ENABLE_COMMAND_PALETTE = True
    DEFAULT_MODE = "overview"
    NOTIFICATION_TIMEOUT = 6

    time: var[TimeContext] = var(TimeContext())
    scope: var[Scope] = var(Scope())
    link_state: var[LinkState] = var(LinkState())
    status: var[StatusLine] = var(StatusLine())
    tabs: var[tuple[ScreenTab, ...]] = var(())
    zone: var[tzinfo] = var(UTC)
    open_alerts: var[tuple[Any, ...]] = var(())
    read_only: var[bool] = var(False)

    def __init__(self, desk: Desk, settings: Settings | None = None, *, user_themes: Any = None,
                 on_first_frame: Callable[[], None] = lambda: None) -> None:  # fmt: skip
        self.settings = settings or Settings()
        self.desk = desk
        self._user_themes = user_themes
        self._on_first_frame = on_first_frame
        self._history = History()
        self._mouse = self.settings.mouse
        self._demo: Demo | None = None
        self.use_display_layer = self.settings.display_layer
        super().__init__()
        for name, _, _ in SCREENS:
            self.add_mode(name, self._maker(name))
        self._take_theme(self.settings.theme)
        self.set_reactive(ConsoleApp.zone, _zone(utc=self.settings.utc))
        self.set_reactive(ConsoleApp.read_only, self.settings.read_only)
        self.set_reactive(ConsoleApp.time, parse_time(self.settings.range, desk.now(), self.zone))
        self.set_reactive(ConsoleApp.tabs, self._tabs())
        self.set_reactive(ConsoleApp.status, self._status())

    def _maker(self, name: str) -> Callable[[], Screen[Any]]:
        """Return what makes a screen when it is first gone to; its module is loaded then."""

        def make() -> Screen[Any]:
            module = import_module(f"console.screens.{name}")
            screen = cast("ConsoleScreen", module.SCREEN(self.desk))
            return screen.data_bind(
                ConsoleApp.time,
                ConsoleApp.scope,
                ConsoleApp.link_state,
                ConsoleApp.status,
                ConsoleApp.tabs,
                ConsoleApp.zone,
                ConsoleApp.open_alerts,
                ConsoleApp.read_only,
            )

        return make

    # Start

    def on_mount(self) -> None:
        """Take the user's keys; what waits for the platform starts after the first frame."""
        if self.settings.keys:
            from console.commands.keymap import checked

            keymap, complaints = checked(self.settings.keys)
            self.set_keymap(keymap)
            for complaint in complaints:
                self._say(complaint, title="Keys in the configuration", bad=True)
        self.set_interval(_CLOCK_S, self._tick)
        self.call_after_refresh(self.set_timer, _AFTER_FIRST_FRAME_S, self._after_first_frame)

    def _after_first_frame(self) -> None:
        """Do what can wait for the first frame."""
        self._on_first_frame()
        self._watch_link()

    @work(group="link", exclusive=True, exit_on_error=False, description="Connect")
    async def _watch_link(self) -> None:
        import asyncio

        self.link_state = LinkState(LinkKind.STARTING, f"connecting to the platform ({self.desk.link.name})")
        while True:
            state = await self.desk.link.check()
            if state.kind is LinkKind.CONNECTED and self.link_state.kind is not LinkKind.CONNECTED:
                self._watch_alerts()
            self.link_state = state
            await asyncio.sleep(_CHECK_S if state.kind is LinkKind.CONNECTED else _RETRY_S)

    @work(group="alerts", exclusive=True, exit_on_error=False, description="Follow alerts")
    async def _watch_alerts(self) -> None:
        from console.feeds.alert_watch import watch_alerts

        async for open_alerts, news in watch_alerts(await self.desk.link.connect()):
            self.open_alerts = open_alerts
            for text, bad in news:
                self._say(text, title="Alert", bad=bad)

    # What all screens share; only these handlers change it

    @on(TimeChosen)
    def _take_time(self, message: TimeChosen) -> None:
        self.time = message.context

    @on(ScopeChosen)
    def _take_scope(self, message: ScopeChosen) -> None:
        self.scope = message.scope

    def watch_time(self) -> None:
        """Show the range in the top line."""
        self.status = self._status()

    def watch_scope(self) -> None:
        """Show the scope in the top line."""
        self.status = self._status()

    def watch_zone(self) -> None:
        """Show times in another zone."""
        self.status = self._status()

    def watch_link_state(self) -> None:
        """Show how the platform stands."""
        self.status = self._status()

    def watch_open_alerts(self) -> None:
        """Show what fires in the top line and on the tab."""
        self.status = self._status()
        self.tabs = self._tabs()

    def _tick(self) -> None:
        self.status = self._status()

    def _status(self) -> StatusLine:
        state = self.link_state
        counts = dict.fromkeys(_SEVERITIES, 0)
        for alert in self.open_alerts:
            if alert.status.value == "firing":
                counts[alert.severity.value] += 1
        connection = {LinkKind.STARTING: "loading", LinkKind.CONNECTED: "ok", LinkKind.LOST: "failed"}[state.kind]
        words = {LinkKind.STARTING: "connecting", LinkKind.CONNECTED: "", LinkKind.LOST: "no platform"}[state.kind]
        return StatusLine(
            context=self.desk.link.name,
            scope=clean(self.scope.words, 40),
            time_range=self.time.words(self.zone),
            live=self.time.live,
            firing=tuple(counts.items()) if state.kind is LinkKind.CONNECTED else (),
            connection=connection,
            connection_text=words,
            simulation=state.simulation,
            read_only=self.settings.read_only,
            clock=f"{datetime.fromtimestamp(self.desk.now(), self.zone):%H:%M}" + (" UTC" if self.zone is UTC else ""),
        )

    def _tabs(self) -> tuple[ScreenTab, ...]:
        firing = [alert for alert in self.open_alerts if alert.status.value == "firing"]
        worst = min((_SEVERITIES.index(alert.severity.value) for alert in firing), default=None)
        badges = {"alerts": (str(len(firing)), f"severity-{_SEVERITIES[worst]}")} if worst is not None else {}
        return tuple(ScreenTab(name, key, title, *badges.get(name, ("", "muted"))) for name, key, title in SCREENS)

    # The way between screens

    @property
    def _screen(self) -> ConsoleScreen | None:
        return self.screen if isinstance(self.screen, ConsoleScreen) else None

    def _visit(self) -> Visit:
        screen = self._screen
        query, focus = (screen.query_text(), screen.focus_id()) if screen else ("", "")
        return Visit(self.current_mode, self.time, self.scope, query, focus)

    async def action_go(self, name: str) -> None:
        """Go to a screen with the same time and scope."""
        if name != self.current_mode:
            self._history.leave(self._visit())
            await self.switch_mode(name)
        elif len(self.screen_stack) > 1 and (screen := self._screen):
            screen.arrive("", "")

    @on(ScreenTabs.Picked)
    async def _go_to_tab(self, message: ScreenTabs.Picked) -> None:
        await self.action_go(message.id)

    @on(PivotAsked)
    async def _pivot(self, message: PivotAsked) -> None:
        self._history.leave(self._visit())
        await self._visit_place(
            Visit(
                message.screen, message.context or self.time, message.scope or self.scope, message.query, message.focus
            )
        )

    @on(BackAsked)
    async def _back(self, message: BackAsked) -> None:
        visit = self._history.back(self._visit())
        if visit:
            await self._visit_place(visit)
        elif message.may_quit:
            self.exit()
        else:
            self._say("This is where you began; q quits", title="Back")

    async def action_forward(self) -> None:
        """Return to where the user came back from."""
        visit = self._history.forward(self._visit())
        if visit:
            await self._visit_place(visit)

    async def _visit_place(self, visit: Visit) -> None:
        self.time, self.scope = visit.time, visit.scope
        await self.switch_mode(visit.screen)
        if screen := self._screen:
            screen.arrive(visit.query, visit.focus)

    # Actions of the application

    def action_live(self) -> None:
        """Follow the clock again."""
        self.time = self.time.resumed()

    def action_pan(self, share: float) -> None:
        """Move the range."""
        self.time = self.time.panned(share, self.desk.now())

    def action_pick_time(self) -> None:
        """Ask for a range of time."""
        from console.screens.dialogs.time_picker import TimePicker

        def take(chosen: TimeContext | None) -> None:
            if chosen is not None:
                self.time = chosen

        self.push_screen(TimePicker(self.time, self.desk.now, self.zone), take)

    def action_pick_scope(self) -> None:
        """Ask for a service."""
        from console.screens.dialogs.scope_picker import ScopePicker

        def take(chosen: Scope | None) -> None:
            if chosen is not None:
                self.scope = chosen

        self.push_screen(ScopePicker(self.desk, self.scope, self.time), take)

    def action_help(self) -> None:
        """List what is possible here."""
        from console.screens.help import HelpScreen

        if screen := self._screen:
            self.push_screen(HelpScreen(screen))

    def action_toggle_zone(self) -> None:
        """Show times in UTC, or in the zone of this machine."""
        self.zone = _zone(utc=self.zone is not UTC)

    def action_toggle_mouse(self) -> None:
        """Leave the mouse to the terminal, or take it back."""
        self._mouse = not self._mouse
        self.set_mouse(on=self._mouse)
        self._say("The mouse works here" if self._mouse else "The mouse is the terminal's: select text with it")

    def action_next_theme(self) -> None:
        """Change to the next theme."""
        names = sorted(available(self._user_themes))
        place = names.index(self.theme) if self.theme in names else -1
        self._take_theme(names[(place + 1) % len(names)])
        self._say(f"Theme: {self.theme}")

    def action_redraw(self) -> None:
        """Draw everything anew."""
        self.forget_front()
        self.refresh(layout=True)

    async def action_start_demo(self) -> None:
        """Send simulated telemetry to this platform, after the user has agreed."""
        from console.demo import Demo

        self._demo = self._demo or Demo(self.desk.link)
        self._say(await self._demo.start(), title="Demo")

    async def action_stop_demo(self) -> None:
        """Stop the simulation that was started here."""
        self._say(await self._demo.stop() if self._demo else "No simulation was started here", title="Demo")

    @on(CopyAsked)
    def _take_copy(self, message: CopyAsked) -> None:
        self._copy(message.text, message.what)

    @work(group="copy", exit_on_error=False, description="Copy")
    async def _copy(self, text: str, what: str) -> None:
        from console.clipboard import copy_text

        self._say(await copy_text(self.write_raw, text, what))

    @on(Worker.StateChanged)
    def _report_unforeseen(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            if self.desk.reraise and event.worker.error:
                raise event.worker.error
            self._say(f"{event.worker.error}", title=event.worker.description, bad=True)

    def _say(self, text: str, *, title: str = "", bad: bool = False) -> None:
        self.notify(clean(text, 300), title=clean(title, 80), severity="error" if bad else "information", markup=False)

    # Looks

    def action_take_theme(self, name: str) -> None:
        """Change to a theme by name."""
        self._take_theme(name)

    def _take_theme(self, name: str) -> None:
        try:
            theme = load(name, self._user_themes)
        except ThemeError as error:
            theme = load(DEFAULT)
            self.call_later(self._say, str(error), title="Theme", bad=True)
        self.register_theme(theme)
        self.theme = theme.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give our variables a value under every theme."""
        return fallbacks(self.current_theme)

    def get_system_commands(self, screen: Screen[Any]) -> Any:
        """Offer none of Textual's own commands: ours cover them."""
        del screen
        return iter(tuple[SystemCommand, ...]())


def _zone(*, utc: bool) -> tzinfo:
    return UTC if utc else (datetime.now().astimezone().tzinfo or UTC)
