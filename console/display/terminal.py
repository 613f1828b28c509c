"""What the terminal can do, by its entry in terminfo."""

import sys


def erases_in_colour() -> bool:
    """Return whether erased cells take the background colour (terminfo `bce`); unknown terminals do not."""
    try:
        import curses
    except ImportError:
        return False
    if sys.__stderr__ is None:
        return False
    try:
        curses.setupterm(fd=sys.__stderr__.fileno())
    except (curses.error, OSError, ValueError):
        return False
    return curses.tigetflag("bce") > 0
