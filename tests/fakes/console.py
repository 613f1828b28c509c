"""The console on the small world: a page object for journeys, and the app under pictures."""

from contextlib import asynccontextmanager

from textual.pilot import Pilot

from console.app import ConsoleApp
from console.screens.base import Desk
from console.settings import Settings
from tests.fakes.link import FakeLink
from tests.fakes.moment import NOW_S


def console(link: FakeLink | None = None, **settings) -> ConsoleApp:
    return ConsoleApp(Desk(link or FakeLink(), now=lambda: NOW_S, reraise=True), Settings(utc=True, **settings))


def screen_text(app: ConsoleApp) -> str:
    """Return what the screen shows, line by line."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


async def settle(pilot: Pilot) -> None:
    """Wait until the screen has stopped changing; polls and tails go on for ever and are left alone."""
    seen, calm = "", 0
    for _ in range(80):
        await pilot.pause(0.02)
        shown = screen_text(pilot.app)
        seen, calm = shown, calm + 1 if shown == seen else 0
        if calm >= 6:
            return


class Console:
    """What a person does, and what the person sees."""

    def __init__(self, app: ConsoleApp, pilot: Pilot) -> None:
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> "Console":
        for key in keys:
            await self.pilot.press(key)
            await settle(self.pilot)
        return self

    async def type(self, text: str) -> "Console":
        names = {
            " ": "space",
            ":": "colon",
            "(": "left_parenthesis",
            ")": "right_parenthesis",
            ".": "full_stop",
            "_": "underscore",
        }
        await self.pilot.press(*(names.get(char, char) for char in text))
        await settle(self.pilot)
        return self

    @property
    def text(self) -> str:
        """Return the screen as text, line by line."""
        return screen_text(self.app)

    def sees(self, *words: str) -> "Console":
        missing = [word for word in words if word not in self.text]
        assert not missing, f"{missing} not on the screen:\n{self.text}"
        return self

    def sees_not(self, *words: str) -> "Console":
        there = [word for word in words if word in self.text]
        assert not there, f"{there} on the screen:\n{self.text}"
        return self


@asynccontextmanager
async def at_the_console(link: FakeLink | None = None, size: tuple[int, int] = (120, 40), **settings):
    app = console(link, **settings)
    async with app.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        yield Console(app, pilot)
