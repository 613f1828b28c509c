"""Frames through the front buffer leave a terminal as the same frames written in full."""

from itertools import groupby
from operator import itemgetter

import pyte
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from console.display.cells import Patch, cells_of
from console.display.encoder import encode
from console.display.front_buffer import FrontBuffer

STYLES = [
    None,
    Style(),
    Style(color="red"),
    Style(color="#102030", bgcolor="#405060"),
    Style(bgcolor="blue", bold=True),
    Style(underline=True, reverse=True),
    Style(bold=True, italic=True, color="#ffffff", bgcolor="#405060"),
]
GLYPHS = ["a", "b", "c", " ", " ", "─", "⣿", "漢", "字", "é", "e\u0301", "😀", "漢\u0301"]


class Terminal:
    """A terminal whose lines do not wrap, as Textual sets it."""

    def __init__(self, width, height, *, junk=False):
        self.screen = pyte.Screen(width, height)
        self.stream = pyte.Stream(self.screen)
        if junk:
            self.feed("\x1b[45;1;4m" + "junk" * (width * height // 4))
        self.feed("\x1b[?7l")

    def feed(self, text):
        self.stream.feed(text)

    def cells(self):
        rows, columns = range(self.screen.lines), range(self.screen.columns)
        return [[self.screen.buffer[y][x] for x in columns] for y in rows]


def in_full(lines, width, height):
    terminal = Terminal(width, height)
    for y, line in enumerate(lines):
        for x, (glyph, style) in enumerate(line):
            if glyph:
                drawn = Strip.render_style(style, glyph, ColorSystem.TRUECOLOR) if style else glyph
                terminal.feed(f"\x1b[{y + 1};{x + 1}H{drawn}")
    return terminal


def columns(strip):
    """Return glyph and style of each column; the right half of a wide glyph is empty."""
    line = []
    for text, style, _ in strip:
        for start, end, width in split_graphemes(text)[0]:
            line += [(text[start:end], style), *[("", style)] * (width - 1)]
    return line


def cut(line, start, end=None):
    """Return some columns, with a blank for each half of a glyph."""
    piece = line[start:end]
    if piece and not piece[0][0]:
        piece[0] = (" ", piece[0][1])
    if end is not None and end < len(line) and not line[end][0] and piece:
        piece[-1] = (" ", piece[-1][1])
    return piece


class Link:
    """Lines as they should be, and the terminal that frames have made so far."""

    def __init__(self, width, height, lines, *, erases):
        self.erases = erases
        self.bytes = 0
        self.resize(width, height, lines)

    def resize(self, width, height, lines):
        self.size = width, height
        self.front = FrontBuffer(width, height)
        self.terminal = Terminal(width, height, junk=True)
        self.full(lines)

    def full(self, lines):
        self.lines = [fitted(line, self.size[0]) for line in lines][: self.size[1]]
        self.lines += [fitted(Strip([]), self.size[0])] * (self.size[1] - len(self.lines))
        self._send([(y, 0, line) for y, line in enumerate(self.lines)])

    def part(self, y, x, line):
        y, x = y % self.size[1], x % self.size[0]
        piece = cut(columns(line), 0, self.size[0] - x)
        old, end = self.lines[y], x + len(piece)
        self.lines[y] = cut(old, 0, x) + piece + cut(old, end)
        self._send([(y, x, piece)])

    def scroll(self, top, count, by, fresh):
        top %= self.size[1]
        block = self.lines[top : top + count]
        come = [fitted(line, self.size[0]) for line in fresh[: min(abs(by), len(block))]]
        kept = block[len(come) :] if by > 0 else block[: len(block) - len(come)]
        self.lines[top : top + count] = kept + come if by > 0 else come + kept
        self._send([(y, 0, self.lines[y]) for y in range(top, top + len(block))])

    def forget(self):
        self.front.forget()
        self.terminal = Terminal(*self.size, junk=True)
        self._send([])

    def _send(self, pieces):
        patches = [Patch(y, x, cells_of(segments(line), ColorSystem.TRUECOLOR)) for y, x, line in pieces]
        text = encode(self.front.take(patches), self.size[0], erases_in_colour=self.erases)
        self.bytes += len(text)
        self.terminal.feed(text)

    def check(self):
        pairs = zip(self.terminal.cells(), in_full(self.lines, *self.size).cells(), strict=True)
        wrong = [
            f"row {y} column {x}: {have} instead of {want}"
            for y, (got, right) in enumerate(pairs)
            for x, (have, want) in enumerate(zip(got, right, strict=True))
            if have != want
        ]
        if wrong:
            raise AssertionError(f"{wrong[0]} in {self.lines} {self.size}")


def fitted(line, width):
    return cut(columns(line) + [(" ", STYLES[3])] * width, 0, width)


def segments(line):
    """Return segments as widgets make them: one for each stretch of one style."""
    return [Segment("".join(glyph for glyph, _ in run), style) for style, run in groupby(line, key=itemgetter(1))]


texts = st.lists(st.sampled_from(GLYPHS), min_size=1, max_size=12).map("".join)
pieces = st.tuples(texts, st.sampled_from(STYLES)).map(lambda pair: Segment(*pair))
strips = st.lists(pieces, min_size=1, max_size=5).map(Strip)
screens = st.lists(strips, min_size=3, max_size=10)
small = st.integers(0, 30)
steps = st.one_of(
    st.tuples(st.just("full"), screens),
    st.tuples(st.just("part"), small, small, strips),
    st.tuples(
        st.just("scroll"), st.integers(0, 3), st.integers(4, 10), st.sampled_from([-3, -2, -1, 1, 2, 3]), screens
    ),
    st.tuples(st.just("resize"), st.integers(1, 30), st.integers(2, 10), screens),
    st.tuples(st.just("forget")),
)


@settings(max_examples=120, deadline=None, phases=[Phase.generate, Phase.shrink])
@given(st.integers(2, 30), st.integers(2, 10), screens, st.lists(steps, max_size=6), st.booleans())
def test_any_frames_end_as_if_written_in_full(width, height, lines, frames, erases):
    link = Link(width, height, lines, erases=erases)
    link.check()
    for name, *arguments in frames:
        getattr(link, name)(*arguments)
        link.check()


def numbered(first, count, side=""):
    return [
        Strip([Segment(f"{n:6d} a line of the log, number {n * n}".ljust(60) + side, STYLES[3])])
        for n in range(first, first + count)
    ]


def test_a_scrolled_log_costs_one_line():
    for by, start in ((1, 100), (-1, 100), (3, 100), (-3, 100)):
        link = Link(70, 30, numbered(start, 30), erases=False)
        link.bytes = 0
        link.full(numbered(start + by, 30))
        link.check()
        assert link.bytes < 100 * abs(by) + 60


def test_a_border_beside_the_log_does_not_hinder_the_scroll():
    link = Link(70, 30, numbered(0, 30, side="│"), erases=False)
    link.bytes = 0
    link.full(numbered(1, 30, side="│"))
    link.check()
    assert link.bytes < 160


def test_a_frame_like_the_last_one_writes_nothing():
    link = Link(40, 10, numbered(0, 10), erases=False)
    link.bytes = 0
    link.full(numbered(0, 10))
    assert link.bytes == 0


def test_one_changed_cell_is_one_short_write():
    link = Link(40, 10, [Strip([Segment("cpu 41 %", STYLES[2])])], erases=False)
    link.bytes = 0
    link.full([Strip([Segment("cpu 42 %", STYLES[2])])])
    link.check()
    assert link.bytes <= len("\x1b[1;6H\x1b[0;31m2\x1b[m")


def test_the_bottom_right_cell_is_written():
    link = Link(10, 3, [Strip([Segment("x" * 10)])] * 3, erases=False)
    link.full([Strip([Segment("x" * 10)])] * 2 + [Strip([Segment("x" * 9 + "y")])])
    link.check()
    assert link.terminal.screen.display == ["x" * 10, "x" * 10, "x" * 9 + "y"]


def test_blanks_to_the_edge_are_erased_only_where_that_keeps_their_colour():
    line = Strip([Segment("short" + " " * 60, STYLES[3])])
    for erases in (True, False):
        link = Link(65, 3, [line] * 3, erases=erases)
        link.check()
        assert (link.bytes < 140) is erases


def test_links_and_control_characters():
    front = FrontBuffer(12, 1)
    linked = [Segment("go", Style(link="https://example.org")), Segment("a\x1b]52;c;x\x07b\x9b")]
    text = encode(front.take([Patch(0, 0, cells_of(linked, ColorSystem.TRUECOLOR))]), 12)
    assert text == "\x1b[H\x1b[m\x1b]8;;https://example.org\x1b\\go\x1b]8;;\x1b\\a]52;c;xb"
