"""What the application needs of the terminal beyond Textual's public interface."""

from textual.app import App


class DisplayLayer(App[None]):
    """Writes to the terminal; the one place that does so past the compositor."""

    use_display_layer: bool = True

    def forget_front(self) -> None:
        """Take nothing for granted of what the terminal shows."""

    def write_raw(self, text: str) -> None:
        """Send a control sequence of ours, never text from outside, to the terminal."""
        if self._driver is not None:
            self._driver.write(text)
            self._driver.flush()

    def set_mouse(self, *, on: bool) -> None:
        """Take the mouse, or leave it to the terminal."""
        modes = (1000, 1003, 1015, 1006)
        self.write_raw("".join(f"\x1b[?{mode}{'h' if on else 'l'}" for mode in modes))
