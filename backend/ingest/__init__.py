"""What comes in: every accepted format becomes the same columns of telemetry."""
