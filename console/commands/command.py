"""A command: one thing the user can do, as one row of data."""

from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, kw_only=True)
class Command:
    """Binding, footer, palette, help screen and docs/keys.md are all derived from this row."""

    id: str
    """Stable, such as `alerts.ack`: the user's key map names it."""
    title: str
    """An order: `Acknowledge`."""
    help: str
    """One sentence for palette and help."""
    action: str
    key: str
    """Keys separated by commas; the first is shown."""
    hint: int = 0
    """Place in the bottom line by importance, 1 first; 0 leaves it out."""

    def binding(self) -> Binding:
        """Return the key binding."""
        return Binding(self.key, self.action, self.title, show=False, tooltip=self.help, id=self.id)

    @property
    def action_name(self) -> str:
        """Return the action without its arguments."""
        return self.action.partition("(")[0].removeprefix("app.").removeprefix("screen.")


def bindings(*commands: Command) -> list[BindingType]:
    """Return the bindings of some commands."""
    return [command.binding() for command in commands]


_NAMES = {
    "escape": "esc", "question_mark": "?", "colon": ":", "slash": "/", "plus": "+", "minus": "-", "equals_sign": "=",
    "left_square_bracket": "[", "right_square_bracket": "]", "left_curly_bracket": "{", "right_curly_bracket": "}",
    "space": "space", "enter": "⏎", "tab": "tab", "full_stop": ".", "comma": ",", "left": "←", "right": "→",
    "up": "↑", "down": "↓", "backspace": "⌫",
}  # fmt: skip


def key_words(key: str) -> str:
    """Return one key as people write it: `ctrl+p` is ^p."""
    head, plus, last = key.rpartition("+")
    name = _NAMES.get(last, last)
    if not plus:
        return name
    return head.replace("ctrl", "^").replace("alt", "alt-").replace("shift", "⇧").replace("+", "") + name
