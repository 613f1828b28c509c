"""The wire: what console, client and platform say to each other. Imports pydantic and the standard library only."""
