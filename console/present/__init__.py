"""From values of the wire to values of the widgets, by pure functions."""
