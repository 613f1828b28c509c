"""The command line, for scripts, through the same client."""
