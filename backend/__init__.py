"""The AIRIS EPM platform: a gateway and four services over ports, with engines behind them."""
