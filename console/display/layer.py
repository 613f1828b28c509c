"""The display layer as the application sees it: frames go through the front buffer and wait for the terminal."""

import asyncio
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import RenderableType
from textual.app import App
from textual.driver import Driver
from textual.events import Resize
from textual.geometry import Offset
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput
from textual.screen import Screen

from console.display import hooks
from console.display.cells import Patch, cells_of
from console.display.encoder import encode
from console.display.front_buffer import FrontBuffer
from console.display.pacing import Pacer
from console.display.terminal import erases_in_colour

_PLAIN = "AIRIS_PLAIN_DISPLAY"
_QUESTION = "\x1b[?2026$p"
"""Asks for the state of synchronized output (DECRQM); the answer means that all before it is drawn."""
_MOUSE_MODES = (1000, 1003, 1015, 1006)

_log = logging.getLogger(__name__)


class DisplayLayer(App[None]):
    """Writes to the terminal only what changed, and only as fast as the terminal draws it."""

    use_display_layer: bool = True
    """Whether frames go through the layer; without it the application behaves as Textual does."""

    _front: FrontBuffer | None = None
    _pacer: Pacer | None = None
    _answers = False
    _holding = False
    _missed_frame = False
    _cursor_shown: Offset | None = None
    _erases = False

    def forget_front(self) -> None:
        """Take nothing for granted of what the terminal shows; the next frame writes everything."""
        if self._front is not None:
            self._front.forget()

    def write_raw(self, text: str) -> None:
        """Send a control sequence of ours, never text from outside, to the terminal."""
        if self._driver is not None:
            self._driver.write(text)
            self._driver.flush()

    def set_mouse(self, *, on: bool) -> None:
        """Take the mouse, or leave it to the terminal."""
        self.write_raw("".join(f"\x1b[?{mode}{'h' if on else 'l'}" for mode in _MOUSE_MODES))

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Leave the terminal to another program for a while."""
        self._start_over()
        try:
            with super().suspend():
                yield
        finally:
            self._start_over()

    def post_message(self, message: Message) -> bool:
        """Take answers of the terminal as they arrive, ahead of what waits in the queue."""
        if isinstance(message, TerminalSupportsSynchronizedOutput):
            self._answered(message.time)
        elif isinstance(message, Resize):
            self.forget_front()
        elif isinstance(message, Driver.SignalResume) and self.use_display_layer:
            self._start_over()
            self.call_later(self.refresh, layout=True)
        return super().post_message(message)

    # Frames

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if renderable is None or not self._takes_frames():
            self._missed_frame |= renderable is not None and self._holding
            self._front = self._front if self.use_display_layer else None
            super()._display(screen, renderable)
            return
        try:
            text = self._encoded(renderable)
        except Exception:
            self._give_up("an error", with_traceback=True)
            text = None
        if text is None:
            self._front = None
            super()._display(screen, renderable)
            return
        self._put(screen, text)

    def _takes_frames(self) -> bool:
        """Return whether a frame would be written now, and is ours to encode."""
        if not self.use_display_layer or not hooks.is_drawing(self) or hooks.terminal_driver(self) is None:
            return False
        return self._pacer is not None or self._begin()

    def _begin(self) -> bool:
        """Look at what there is to stand on, once; return whether the layer can work."""
        if os.environ.get(_PLAIN, "") not in {"", "0"}:
            self.use_display_layer = False
        elif name := hooks.misfit(self):
            self._give_up(f"{name} of Textual is not as expected")
        else:
            self._erases = erases_in_colour()
            self._pacer = Pacer(time.monotonic, proven=self._answers)
        return self.use_display_layer

    def _encoded(self, renderable: RenderableType) -> str | None:
        """Return what to write for a frame, or `None` where it is of a kind that only Textual can draw."""
        pieces = hooks.pieces(renderable)
        if pieces is None:
            return None
        width, height = self.size
        if self._front is None or (self._front.width, self._front.height) != (width, height):
            self._front = FrontBuffer(width, height)
        system = hooks.colours(self)
        frame = self._front.take([Patch(y, x, cells_of(segments, system)) for y, x, segments in pieces])
        return encode(frame, width, erases_in_colour=self._erases)

    def _put(self, screen: Screen[object], text: str) -> None:
        if not text and self.cursor_position == self._cursor_shown:
            self.post_display_hook()
            return
        self._cursor_shown = self.cursor_position
        super()._display(screen, hooks.Written(text))
        if text and self._pacer is not None and self._pacer.sent(len(text.encode())):
            self.write_raw(_QUESTION)
            self._hold_if_full(self._pacer)

    def _give_up(self, reason: str, *, with_traceback: bool = False) -> None:
        """Leave all drawing to Textual from now on."""
        _log.warning("display layer switched off: %s", reason, exc_info=with_traceback)
        self.use_display_layer = False
        self._start_over()

    # Pacing

    def _hold_if_full(self, pacer: Pacer) -> None:
        if pacer.holds and not self._holding:
            self._holding = True
            hooks.hold(self)
            self._wait(pacer)

    def _wait(self, pacer: Pacer) -> None:
        asyncio.get_running_loop().call_later(pacer.patience() + 0.01, self._check, pacer)

    def _check(self, pacer: Pacer) -> None:
        """Go on without an answer that takes too long."""
        if not self._holding or pacer is not self._pacer:
            return
        pacer.expire()
        if pacer.holds:
            self._wait(pacer)
        else:
            self._release()

    def _answered(self, at: float) -> None:
        self._answers = True
        if self._pacer is None:
            return
        self._pacer.answered(at)
        if not self._pacer.holds:
            self._release()

    def _release(self) -> None:
        if not self._holding:
            return
        self._holding = False
        hooks.release(self)
        if self._missed_frame:
            self._missed_frame = False
            self.refresh()

    def _start_over(self) -> None:
        """Trust neither what is on the terminal nor what it answered."""
        self.forget_front()
        self._cursor_shown = None
        if self._pacer is not None:
            self._pacer.give_up()
        self._release()
