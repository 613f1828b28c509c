"""A simulated shop that sends coherent telemetry: made up, and marked as such."""
