"""Pure drawing: values in, text or strips out; no widget, no clock, no state."""
