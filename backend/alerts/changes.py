"""Wakes whoever waits for the next change of an alert."""

import asyncio


class Changes:
    """A signal without content: what changed is read from the store."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def tell(self) -> None:
        """Wake everybody who waits."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait(self, timeout: float) -> bool:
        """Return True at the next change, False when the time is up."""
        try:
            await asyncio.wait_for(self._changed.wait(), timeout)
        except TimeoutError:
            return False
        return True
