"""The layer between the compositor and the terminal: only what changed is written, and never faster than it arrives."""
