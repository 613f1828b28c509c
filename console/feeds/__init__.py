"""Where the screens' facts come from: calls, streams, and writes that must arrive."""
