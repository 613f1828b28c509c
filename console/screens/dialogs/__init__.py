"""Questions that a screen asks."""
