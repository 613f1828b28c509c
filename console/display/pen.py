"""What a cell is written with: colours, attributes and a link, and the shortest way from one to another."""

from functools import lru_cache
from typing import NamedTuple

from rich.color import Color, ColorSystem
from rich.style import Style

# Names of Rich's attributes with their SGR codes (ECMA-48, 8.3.117).
_ATTRIBUTES = (
    ("bold", "1"),
    ("dim", "2"),
    ("italic", "3"),
    ("underline", "4"),
    ("blink", "5"),
    ("blink2", "6"),
    ("reverse", "7"),
    ("conceal", "8"),
    ("strike", "9"),
    ("underline2", "21"),
    ("frame", "51"),
    ("encircle", "52"),
    ("overline", "53"),
)


class Pen(NamedTuple):
    """The SGR parameters of a cell; `39` and `49` are the terminal's own colours."""

    attributes: tuple[str, ...] = ()
    foreground: str = "39"
    background: str = "49"
    link: str = ""


PLAIN = Pen()


@lru_cache(8192)
def pen_of(style: Style | None, system: ColorSystem) -> Pen:
    """Return the pen that draws a Rich style on a terminal with these colours."""
    if style is None:
        return PLAIN
    attributes = tuple(code for name, code in _ATTRIBUTES if getattr(style, name))
    foreground = _codes(style.color, system, foreground=True)
    background = _codes(style.bgcolor, system, foreground=False)
    return _kept(Pen(attributes, foreground, background, style.link or ""))


@lru_cache(8192)
def _kept(pen: Pen) -> Pen:
    return pen  # equal pens become one object, which makes comparing cells cheap


def _codes(color: Color | None, system: ColorSystem, *, foreground: bool) -> str:
    if color is None:
        return "39" if foreground else "49"
    return ";".join(color.downgrade(system).get_ansi_codes(foreground))


@lru_cache(8192)
def change(before: Pen | None, after: Pen) -> str:
    """Return the shortest sequences from one pen to another; `None` is a terminal in an unknown state."""
    link = "" if before is not None and before.link == after.link else f"\x1b]8;;{after.link}\x1b\\"
    if before is None:
        return _sgr(_whole(after)) + (link if after.link else "")
    whole = _whole(after)
    if not set(before.attributes) <= set(after.attributes):
        return link + _sgr(whole)
    added = [code for code in after.attributes if code not in before.attributes]
    if before.foreground != after.foreground:
        added.append(after.foreground)
    if before.background != after.background:
        added.append(after.background)
    delta = ";".join(added)
    return link + (_sgr(min(delta, whole, key=len)) if delta else "")


def _whole(pen: Pen) -> str:
    colours = [code for code, own in ((pen.foreground, "39"), (pen.background, "49")) if code != own]
    return ";".join(("0", *pen.attributes, *colours))


def _sgr(parameters: str) -> str:
    return "\x1b[m" if parameters == "0" else f"\x1b[{parameters}m"
