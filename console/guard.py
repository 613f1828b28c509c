"""The one gate before everything that changes something outside the console."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """What this console may change."""

    read_only: bool = False

    def reason_against(self, deed: str) -> str | None:
        """Return why a deed is refused, or None."""
        if self.read_only:
            return f"This console is read-only: it does not {deed}"
        return None
