"""This host as a source of telemetry: its metrics, its logs, and files to follow."""
