"""A program in a pseudo-terminal, and a person's terminal at the far end of a link of a given rate and delay."""

import collections
import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

import pyte

PACKET = 1400
SEQUENCE = re.compile(
    rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_^X][^\x1b]*\x1b\\|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-Z\\^-~]"
)
# Sequences that pyte would draw as text.
_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*(?:\$p|u)|\x1b[P_^][^\x1b]*\x1b\\|\x1b\[[0-9;]* q")
_QUESTION = re.compile(rb"\x1b\[\?(\d+)\$p|\x1b\[0?c")


class Stream:
    """What arrived since `begin`, without control sequences: quick, but what did not change is not there."""

    def __init__(self):
        self._seen = bytearray()

    def begin(self):
        self._seen.clear()

    def feed(self, arrived):
        self._seen += arrived
        del self._seen[: -(1 << 18)]

    def text(self):
        return SEQUENCE.sub(b"", bytes(self._seen)).decode("utf-8", "replace")


class Screen:
    """What a terminal shows: true, but slow."""

    def __init__(self, columns, rows):
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._rest = b""

    def begin(self):
        """Do nothing: a screen has no beginning."""

    def feed(self, arrived):
        known = self._rest + arrived
        last = known.rfind(b"\x1b", max(0, len(known) - 64))
        cut = last if last >= 0 and not SEQUENCE.match(known, last) else len(known)
        self._rest = known[cut:]
        self._stream.feed(_UNKNOWN.sub(b"", known[:cut]))

    def text(self):
        return "\n".join(self.screen.display)


class LinkedTerminal:
    """Runs a program; what it writes arrives after the link let it through, and so do keys and answers to it."""

    def __init__(self, argv, *, columns=160, rows=50, env=None, rate=0, rtt=0.0, buffer=2 << 20, answers=True):
        self.rate, self.delay, self.buffer, self.answers = rate, rtt / 2, buffer, answers
        self.columns, self.rows = columns, rows
        self.received = 0
        self._down = collections.deque()
        self._up = collections.deque()
        self._queued, self._free, self._rest = 0, 0.0, b""
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            self._run(argv, columns, rows, env or {})
        self.resize(columns, rows, tell=False)
        os.set_blocking(self._file, False)

    @staticmethod
    def _run(argv, columns, rows, env):
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        plain = {
            name: value for name, value in os.environ.items() if name not in {"TMUX", "NO_COLOR", "COLUMNS", "LINES"}
        }
        told = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **env}
        try:
            os.execvpe(argv[0], argv, plain | told)
        finally:
            os._exit(127)

    def resize(self, columns, rows, *, tell=True):
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if tell:
            os.kill(self.pid, signal.SIGWINCH)

    def press(self, keys):
        self._up.append((time.perf_counter() + self.delay, keys.encode() if isinstance(keys, str) else keys))

    def pump(self, timeout=0.05):
        """Let the link work for at most `timeout` seconds; return what arrived at the person's terminal."""
        self._send_keys()
        now = time.perf_counter()
        due = [queue[0][0] - now for queue in (self._down, self._up) if queue]
        wait = max(0.0, min([timeout, *due]))
        if self._queued < self.buffer:
            self._take(wait)
        else:
            time.sleep(min(wait, 0.002))
        return self._arrivals()

    def pump_for(self, seconds):
        end, arrived = time.perf_counter() + seconds, bytearray()
        while (left := end - time.perf_counter()) > 0:
            arrived += self.pump(min(left, 0.05))
        return bytes(arrived)

    def _send_keys(self):
        while self._up and self._up[0][0] <= time.perf_counter():
            with contextlib.suppress(OSError):
                os.write(self._file, self._up.popleft()[1])

    def _take(self, wait):
        if not select.select([self._file], [], [], wait)[0]:
            return
        try:
            written = os.read(self._file, 1 << 16)
        except OSError:
            time.sleep(wait)
            return
        now = time.perf_counter()
        for start in range(0, len(written), PACKET):
            packet = written[start : start + PACKET]
            self._free = max(self._free, now) + (len(packet) / self.rate if self.rate else 0)
            self._down.append((self._free + self.delay, packet))
        self._queued += len(written)

    def _arrivals(self):
        arrived = bytearray()
        while self._down and self._down[0][0] <= time.perf_counter():
            packet = self._down.popleft()[1]
            self._queued -= len(packet)
            arrived += packet
        self.received += len(arrived)
        if self.answers and arrived:
            self._answer(bytes(arrived))
        return bytes(arrived)

    def _answer(self, arrived):
        text, end = self._rest + arrived, 0
        for question in _QUESTION.finditer(text):
            end = question.end()
            mode = question.group(1)
            known = b"2" if mode == b"2026" else b"0"
            self.press(b"\x1b[?" + mode + b";" + known + b"$y" if mode else b"\x1b[?62;22c")
        self._rest = text[max(end, len(text) - 12) :]

    def close(self):
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.waitpid(self.pid, 0)
        with contextlib.suppress(OSError):
            os.close(self._file)
