"""The one place where untrusted text becomes harmless text.

Log lines, labels, span tags and annotations may hold escape sequences, markup, direction marks or invisible characters.
`clean` turns each of those into something the reader can see and no terminal obeys.
"""

import unicodedata

from rich.style import Style
from rich.text import Text
from textual.content import Content

TAB = "    "
NEWLINE = "⏎"
HIDDEN = "·"
BROKEN = "�"
CUT = "…"

LONGEST_ACCENT_RUN = 2
INVISIBLE_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")


class _Symbols(dict[int, str]):
    """Maps a code point to what is shown for it, filled as characters turn up."""

    def __missing__(self, code: int) -> str:
        shown = self[code] = _symbol(chr(code))
        return shown


def _symbol(char: str) -> str:
    """Return what is shown for one character."""
    if char == " " or (char.isprintable() and char not in INVISIBLE_LETTERS):
        return HIDDEN if _is_selector(char) or unicodedata.category(char) == "Me" else char
    code = ord(char)
    match unicodedata.category(char):
        case "Cc" if code < 0x20:
            return chr(0x2400 + code)  # the "control pictures" block shows ESC as ␛
        case "Cc" if code == 0x7F:
            return "␡"
        case "Zs":
            return "  " if char == "\u3000" else " "
        case "Zl" | "Zp":
            return NEWLINE
        case "Cs" | "Cn":
            return BROKEN
        case "Co":
            return char
    return HIDDEN


def _is_selector(char: str) -> bool:
    """Tell whether a character only picks a variant of the one before it (and may smuggle data)."""
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or "\u180b" <= char <= "\u180f"


_SYMBOLS = _Symbols({0x09: TAB, 0x0A: NEWLINE, 0x85: NEWLINE, 0xFE0F: ""})


def clean(text: str, limit: int = 4096) -> str:
    """Return one line of at most `limit` characters that no terminal and no markup parser obeys."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    shown = text[: limit + 1].translate(_SYMBOLS)
    if not shown.isascii():
        shown = _without_towers(shown)
    if len(text) > limit or len(shown) > limit:
        return shown[: limit - 1] + CUT
    return shown


def _without_towers(text: str) -> str:
    """Return the text with stacks of accents cut to a height that stays in its line."""
    run = LONGEST_ACCENT_RUN  # an accent with no letter before it would land on someone else's cell
    kept = []
    for char in text:
        if unicodedata.category(char) != "Mn":
            run = 0
            kept.append(char)
        elif run == LONGEST_ACCENT_RUN:
            kept.append(HIDDEN)
        else:
            run += 1
            kept.append(char)
    return "".join(kept)


def clean_lines(text: str, limit: int = 4096, most: int = 500) -> tuple[str, ...]:
    """Return the lines of a text, each cleaned; what is beyond `most` lines is told in a last line."""
    lines = text.replace("\r\n", "\n").split("\n", most)
    rest = len(lines) > most
    shown = [clean(line, limit) for line in lines[:most]]
    if rest:
        shown.append(CUT)
    return tuple(shown)


def plain(text: str, style: str | Style = "") -> Text:
    """Return a Rich text that shows the characters as they are: no markup, no wrap."""
    return Text(text, style=style, no_wrap=True, end="", overflow="ellipsis")


def content(text: str, style: str = "") -> Content:
    """Return a Textual content that shows the characters as they are: no markup."""
    return Content.styled(text, style) if style else Content(text)
