"""Wakes those who follow the log when newer records are on disk."""

import asyncio
import threading


class LogArrivals:
    """The highest log number that is on disk, and a way to wait for a higher one."""

    def __init__(self, newest: int) -> None:
        self._newest = newest
        self._guard = threading.Lock()
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    @property
    def newest(self) -> int:
        """Return the number of the newest record, 0 before the first."""
        return self._newest

    async def wait_newer(self, seq: int, timeout: float) -> bool:
        """Wait at most `timeout` seconds for a record after `seq`; tell whether there is one."""
        waiter = (asyncio.get_running_loop(), asyncio.Event())
        with self._guard:
            if self._newest > seq:
                return True
            self._waiting.append(waiter)
        try:
            await asyncio.wait_for(waiter[1].wait(), timeout)
        except TimeoutError:
            pass  # nothing came; the comparison below says so
        finally:
            with self._guard:
                if waiter in self._waiting:
                    self._waiting.remove(waiter)
        return self._newest > seq

    def announce(self, newest: int) -> None:
        """Tell all who wait that records up to `newest` are on disk; called by the writer thread."""
        with self._guard:
            self._newest = newest
            waiting, self._waiting = self._waiting, []
        for loop, event in waiting:
            try:
                loop.call_soon_threadsafe(event.set)
            except RuntimeError:  # that loop has ended, and nobody waits in it
                continue
