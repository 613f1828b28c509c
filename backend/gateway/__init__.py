"""The gateway: one address, one identity check, one envelope in front of the four services."""
