"""The log service: search, histogram, context and live tail over a log engine."""
