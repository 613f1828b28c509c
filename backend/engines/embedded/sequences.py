"""What the writer counts up."""

from dataclasses import dataclass


@dataclass(slots=True)
class Sequences:
    """The numbers of the newest log record and span; the next gets one more."""

    log: int
    span: int
