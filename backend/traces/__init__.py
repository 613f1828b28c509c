"""The trace service: traces, search, RED figures and dependencies over a trace engine."""
