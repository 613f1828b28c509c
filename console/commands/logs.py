"""What can be done on the log screen."""

from console.commands.command import Command

SEARCH = Command(id="logs.search", title="Search", help='Type a query: words, "phrases", -not, field:value, /regex/',
                 action="search", key="slash", hint=1)  # fmt: skip
PAUSE = Command(id="logs.pause", title="Pause", help="Hold the tail; lines go on coming in, and End takes them up",
                action="pause", key="space,p", hint=2)  # fmt: skip
NEXT_ERROR = Command(id="logs.next-error", title="Next error", help="Go to the next error line", action="error(1)",
                     key="e", hint=3)  # fmt: skip
PREVIOUS_ERROR = Command(id="logs.previous-error", title="Previous error", help="Go to the error line before",
                         action="error(-1)", key="E")  # fmt: skip
NEXT_MATCH = Command(id="logs.next-match", title="Next match", help="Go to the next line with a searched word",
                     action="match(1)", key="n")  # fmt: skip
PREVIOUS_MATCH = Command(id="logs.previous-match", title="Previous match", help="Go to the line with a word before",
                         action="match(-1)", key="N")  # fmt: skip
WRAP = Command(id="logs.wrap", title="Wrap", help="Fold long lines, or cut them", action="wrap", key="w", hint=6)
LEVEL = Command(id="logs.level", title="Level", help="Show only lines of at least the next level: any, info, warn, error",
                action="level", key="v", hint=5)  # fmt: skip
OLDER = Command(id="logs.older", title="Older lines", help="Load the lines before the first one", action="older", key="O",
                hint=7)  # fmt: skip
SAME_TRACE = Command(id="logs.same-trace", title="Same trace", help="Show the lines of this line's trace",
                     action="same_trace", key="I")  # fmt: skip
COMMANDS = (SEARCH, PAUSE, NEXT_ERROR, PREVIOUS_ERROR, NEXT_MATCH, PREVIOUS_MATCH, WRAP, LEVEL, OLDER, SAME_TRACE)
