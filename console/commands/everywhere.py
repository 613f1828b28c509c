"""What can be done on every screen."""

from console.commands.command import Command

SCREENS = (
    ("overview", "1", "Overview"),
    ("alerts", "2", "Alerts"),
    ("metrics", "3", "Metrics"),
    ("logs", "4", "Logs"),
    ("traces", "5", "Traces"),
    ("sources", "6", "Sources"),
)
"""Id, key and title of each screen, in the order of the tabs."""

TO_SCREEN = tuple(
    Command(
        id=f"screen.{screen}",
        title=title,
        help=f"Go to the {title.lower()} screen, with the same time and scope",
        action=f"app.go('{screen}')",
        key=key,
    )
    for screen, key, title in SCREENS
)

EVERYWHERE = (
    *TO_SCREEN,
    Command(id="help", title="Help", help="List what is possible here, and why the rest is not", action="app.help",
            key="question_mark,f1", hint=2),
    Command(id="palette", title="Commands", help="Find and run any command", action="app.command_palette",
            key="ctrl+p,colon", hint=8),
    Command(id="back", title="Back", help="Close what is open, or return to where you were", action="back",
            key="escape,alt+left"),
    Command(id="quit", title="Back, or quit", help="Return to where you were; on the first screen, quit",
            action="back_or_quit", key="q"),
    Command(id="quit.now", title="Quit", help="Leave the console; the platform goes on for a while",
            action="app.quit", key="ctrl+q,ctrl+c"),
    Command(id="forward", title="Forward", help="Return to where you came back from", action="app.forward",
            key="alt+right"),
    Command(id="time.pick", title="Time range", help="Choose or type the range of time of all screens",
            action="app.pick_time", key="t", hint=6),
    Command(id="time.in", title="Zoom in", help="Halve the range of time, around the cursor where there is one",
            action="zoom(0.5)", key="plus,equals_sign"),
    Command(id="time.out", title="Zoom out", help="Double the range of time", action="zoom(2.0)", key="minus"),
    Command(id="time.earlier", title="Earlier", help="Move half a range into the past", action="app.pan(-0.5)",
            key="left_square_bracket"),
    Command(id="time.later", title="Later", help="Move half a range towards now", action="app.pan(0.5)",
            key="right_square_bracket"),
    Command(id="time.live", title="Live", help="Follow the clock again", action="app.live", key="0"),
    Command(id="scope.pick", title="Service", help="Choose the service that all screens show",
            action="app.pick_scope", key="S", hint=7),
    Command(id="refresh", title="Refresh", help="Ask again now", action="refresh_now", key="r,ctrl+r,f5"),
    Command(id="copy", title="Copy", help="Copy what is under the cursor to your clipboard, also through ssh and tmux",
            action="copy", key="y"),
    Command(id="next.pane", title="Next pane", help="Move to the next pane", action="app.focus_next", key="tab"),
    Command(id="previous.pane", title="Previous pane", help="Move to the pane before", action="app.focus_previous",
            key="shift+tab"),
    Command(id="theme.next", title="Next theme", help="Change the looks", action="app.next_theme", key="f8"),
    Command(id="mouse", title="Mouse on or off", help="Leave the mouse to the terminal, or take it back",
            action="app.toggle_mouse", key="f2"),
    Command(id="zone", title="UTC or local time", help="Change the zone in which times are shown",
            action="app.toggle_zone", key="Z"),
    Command(id="redraw", title="Redraw", help="Draw the whole screen anew, after something wrote over it",
            action="app.redraw", key="ctrl+l"),
)  # fmt: skip

CHARTS = Command(id="pivot.charts", title="Charts", help="Show the metrics of this service and time",
                 action="pivot('metrics')", key="C", hint=4)  # fmt: skip
LOGS = Command(id="pivot.logs", title="Logs", help="Show the log lines of this service and time",
               action="pivot('logs')", key="L", hint=4)  # fmt: skip
TRACES = Command(id="pivot.traces", title="Traces", help="Show the traces of this service and time, or this very trace",
                 action="pivot('traces')", key="T", hint=4)  # fmt: skip
