"""The figures the documents quote, each by one command."""
