"""A small application of our own widgets, for tests in a real terminal."""

import os

from textual.binding import Binding
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from console.display.layer import DisplayLayer
from themes.loader import load
from themes.variables import fallbacks
from widgets.log_view import LogLine, LogView
from widgets.metric_chart import ChartData, ChartSeries, MetricChart


class Question(ModalScreen[None]):
    CSS = "Question { align: center middle; } Question > * { width: 40; height: 5; background: red; }"
    BINDINGS = [("escape", "dismiss", "Close")]

    def compose(self):
        yield Static("漢字 are wide, e\u0301 is combined 😀\nand so on")
        yield Input("text")


class SmallConsole(DisplayLayer):
    CSS = "#main { height: 1fr; } LogView { width: 2fr; } #note { height: 1; }"
    BINDINGS = [
        Binding("a", "add", priority=True),
        Binding("b", "burst", priority=True),
        Binding("c", "chart", priority=True),
        Binding("f", "flood", priority=True),
        Binding("m", "ask", priority=True),
        Binding("r", "redraw", priority=True),
        Binding("s", "leave", priority=True),
        Binding("t", "note('noted')", priority=True),
        Binding("x", "note('ready')", priority=True),
    ]

    def __init__(self):
        super().__init__()
        self.register_theme(load())
        self.theme = "airis-dark"
        self.count = 0

    def get_theme_variable_defaults(self):
        return fallbacks(self.current_theme)

    def compose(self):
        with Horizontal(id="main"):
            yield LogView()
            yield MetricChart(chart(0))
        yield Static("", id="note")

    def on_mount(self):
        self.action_add(60)
        self.screen_of_all().query_one(LogView).focus()
        self.call_after_refresh(self.action_note, "ready")

    def screen_of_all(self):
        return self.screen_stack[0]

    def action_note(self, text):
        self.screen_of_all().query_one("#note", Static).update(text)

    def action_add(self, count=5):
        numbers = range(self.count, self.count + count)
        self.count += count
        self.screen_of_all().query_one(LogView).extend([line(n) for n in numbers])

    def action_chart(self):
        self.screen_of_all().query_one(MetricChart).data = chart(7)

    def action_flood(self):
        self.set_interval(0.02, lambda: self.action_add(200))

    def action_burst(self, left=50):
        self.action_add(100)
        if left:
            self.set_timer(0.02, lambda: self.action_burst(left - 1))

    async def action_ask(self):
        await self.push_screen(Question())

    def action_redraw(self):
        self.forget_front()
        self.refresh(layout=True)

    def action_leave(self):
        with self.suspend():
            os.write(1, b"\x1b[0;31m\x1b[5;5Hrubbish\x1b[20;1Hrubbish")
        self.action_note("back")


def line(n):
    text = f"request {n} of 漢字 user {n * 7919 % 10007} took {n * 31 % 997} ms e\u0301 ok"
    return LogLine(str(n), f"12:00:{n % 60:02d}", ("info", "warn", "error")[n % 3], f"service-{n % 7}", text)


def chart(shift):
    xs = tuple(float(n) for n in range(60))
    return ChartData(
        title="Load", series=(ChartSeries("load", xs, tuple((x * (7 + shift)) % 50 for x in xs)),), start=0, end=60
    )


if __name__ == "__main__":
    SmallConsole().run()
