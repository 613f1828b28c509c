"""What can be done on the trace screens."""

from console.commands.command import Command

SEARCH = Command(id="traces.search", title="Search", help="Type words, error:true, service:NAME, operation:NAME, duration:>100ms, tag:value",
                 action="search", key="slash", hint=1)  # fmt: skip
ERRORS = Command(id="traces.errors", title="Errors only", help="Show only traces with a failed span, or all again",
                 action="errors_only", key="e", hint=3)  # fmt: skip
SORT = Command(id="traces.sort", title="Sort", help="Sort by start, then duration, then errors, then spans", action="sort",
               key="s", hint=3)  # fmt: skip
LIST_COMMANDS = (SEARCH, ERRORS, SORT)

FOLD_ALL = Command(id="trace.fold-all", title="Fold all", help="Hide everything below the roots, or show it again",
                   action="fold_all", key="z", hint=3)  # fmt: skip
NEXT_ERROR = Command(id="trace.next-error", title="Next error", help="Go to the next failed span", action="error(1)",
                     key="e", hint=2)  # fmt: skip
PREVIOUS_ERROR = Command(id="trace.previous-error", title="Previous error", help="Go to the failed span before",
                         action="error(-1)", key="E")  # fmt: skip
SPAN_LOGS = Command(id="trace.span-logs", title="Span's logs", help="Show the log lines of the span under the cursor",
                    action="span_logs", key="l", hint=4)  # fmt: skip
TRACE_COMMANDS = (NEXT_ERROR, PREVIOUS_ERROR, FOLD_ALL, SPAN_LOGS)
