"""Typed access to the AIRIS EPM gateway."""
