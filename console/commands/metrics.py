"""What can be done on the metric screen."""

from console.commands.command import Command

QUERY = Command(id="metrics.query", title="Query", help="Type a PromQL expression and see it above the wall",
                action="query_bar", key="slash", hint=1)  # fmt: skip
MAXIMISE = Command(id="metrics.maximise", title="Maximise", help="Give the chart under the cursor the whole screen, or take it back",
                   action="maximise", key="enter,f", hint=2)  # fmt: skip
CURSOR_OFF = Command(id="metrics.cursor-off", title="Crosshair off", help="Take the crosshair away", action="cursor_off",
                     key="x", hint=6)  # fmt: skip
COMMANDS = (QUERY, MAXIMISE, CURSOR_OFF)
