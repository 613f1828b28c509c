"""What an outcome means for its pane: live, empty with the reason, stale with its age, or failed with advice."""

from console.outcome import Failure
from console.present.times import age
from widgets.pane import Pane
from widgets.state_panel import LIVE, PaneKind, PaneState


def show_facts(pane: Pane, *, empty: str = "", hint: str = "", partial: str = "") -> None:
    """Say that the content of a pane is fresh; `empty` says why there is nothing in it."""
    pane.filled = not empty
    if empty:
        pane.state = PaneState(PaneKind.EMPTY, empty, hint)
    elif partial:
        pane.state = PaneState(PaneKind.PARTIAL, partial)
    else:
        pane.state = LIVE


def show_loading(pane: Pane, text: str) -> None:
    """Say what a pane waits for; what it holds already stays."""
    pane.state = PaneState(PaneKind.LOADING, text)


def show_failed(pane: Pane, failure: Failure, loaded_at_s: float | None, now_s: float) -> None:
    """Keep the last good content with its age, or fill the pane with the failure."""
    if pane.filled and loaded_at_s is not None:
        pane.state = PaneState(PaneKind.STALE, f"{age(now_s - loaded_at_s)} old: {failure.text}", failure.hint)
    else:
        pane.state = PaneState(PaneKind.FAILED, failure.text, failure.hint)
