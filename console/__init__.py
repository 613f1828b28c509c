"""The console: what the engineer on call sees and does."""
