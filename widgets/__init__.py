"""Things that draw: they know Textual and small frozen values, never the wire."""
