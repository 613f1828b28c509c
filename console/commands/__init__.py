"""What the user can do, as rows of data."""
