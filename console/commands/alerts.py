"""What can be done on the alert screen."""

from console.commands.command import Command

ACK = Command(id="alerts.ack", title="Ack", help="Take the alert under the cursor, or all that are marked",
              action="ack", key="a", hint=1)  # fmt: skip
UNACK = Command(id="alerts.unack", title="Un-ack", help="Give the alert back", action="unack", key="A", hint=3)
MARK = Command(id="alerts.mark", title="Mark", help="Mark the alert, to act on several at once", action="mark",
               key="space", hint=7)  # fmt: skip
RESOLVED = Command(id="alerts.resolved", title="Resolved too", help="Show alerts that have resolved in this time as well",
                   action="toggle_resolved", key="o", hint=6)  # fmt: skip
FILTER = Command(id="alerts.filter", title="Filter", help="Show only alerts whose text contains this; ! turns a word round",
                 action="filter", key="slash", hint=3)  # fmt: skip
COMMANDS = (ACK, UNACK, MARK, RESOLVED, FILTER)
