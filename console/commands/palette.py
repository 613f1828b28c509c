"""The palette: every command that is possible here, themes, and typed questions such as `logs level:error`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.markup import escape

from console.commands.command import key_words
from console.messages import PivotAsked
from console.screens.base import ConsoleScreen
from themes.loader import available
from widgets.text import clean

_QUESTIONS = {"logs": "Search logs for", "traces": "Search traces for", "metrics": "Chart"}


@dataclass(frozen=True, slots=True)
class _Offer:
    """One line of the palette."""

    title: str
    help: str
    run: Callable[[], Any]


class ConsoleCommands(Provider):
    """Offers what can be done on the active screen."""

    @property
    def _below(self) -> ConsoleScreen | None:
        return self.screen if isinstance(self.screen, ConsoleScreen) else None

    def _offers(self) -> Iterator[_Offer]:
        below = self._below
        if below is None:
            return
        for command in below.commands():
            if below.why_not(command.action_name) is None and command.id != "palette":
                keys = " ".join(key_words(key) for key in command.key.split(","))
                yield _Offer(
                    command.title, escape(f"{command.help} ({keys})"), partial(below.run_action, command.action)
                )
        for name in sorted(available()):
            yield _Offer(f"Theme: {name}", "Change the looks", partial(below.run_action, f"app.take_theme('{name}')"))
        yield _Offer("Demo: start the simulated shop", "Send simulated telemetry of eight services to this platform",
                     partial(below.run_action, "app.start_demo"))  # fmt: skip
        yield _Offer("Demo: stop", "Stop the simulation", partial(below.run_action, "app.stop_demo"))

    async def discover(self) -> Hits:
        """Offer everything while nothing is typed."""
        for offer in self._offers():
            yield DiscoveryHit(Content(offer.title), offer.run, offer.title, offer.help)

    async def search(self, query: str) -> Hits:
        """Offer what fits, and the typed question itself."""
        word, _, rest = query.strip().partition(" ")
        if rest and word in _QUESTIONS and (below := self._below):
            title = f"{_QUESTIONS[word]} {clean(rest, 80)}"
            asked = partial(below.post_message, PivotAsked(word, query=rest))
            yield Hit(10.0, Content(title), asked, title, "With the present time range")
        matcher = self.matcher(query)
        for offer in self._offers():
            if (score := matcher.match(offer.title)) > 0:
                yield Hit(score, matcher.highlight(offer.title), offer.run, offer.title, offer.help)
