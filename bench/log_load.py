"""Sends log lines over OTLP/HTTP at a steady rate for a while: `python -m bench.log_load PORT LINES_PER_S SECONDS`."""

import http.client
import sys
import time

from bench import otlp_bodies

_BATCH = 500


def send(port: int, lines_per_s: int, seconds: float) -> tuple[int, float]:
    """Send to loopback on schedule, catching up where an answer was late; return lines taken in and seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    began, sent = time.monotonic(), 0
    while (now := time.monotonic() - began) < seconds:
        if (early := sent / lines_per_s - now) > 0:
            time.sleep(early)
        body = otlp_bodies.logs(_BATCH, sent)
        connection.request("POST", "/v1/logs", body, {"Content-Type": "application/x-protobuf"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != http.client.OK:
            raise SystemExit(f"the platform answered {answer.status}")
        sent += _BATCH
    return sent, time.monotonic() - began


def main() -> int:
    """Send, and print how much was taken in."""
    port, lines_per_s, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    sent, took_s = send(port, lines_per_s, seconds)
    print(sent, f"{took_s:.3f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
