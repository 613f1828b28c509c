"""Who may call, and where the platform listens."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.process import ROOT, PlatformProcess, platform

TOKEN = "correct-horse-battery"


def token_file(tmp_path: Path, mode: int = 0o600) -> Path:
    path = tmp_path / "token"
    path.write_text(TOKEN + "\n")
    path.chmod(mode)
    return path


def refused(tmp_path, *options):
    done = subprocess.run(
        [sys.executable, "-m", "backend", "--data", str(tmp_path / "d"), "--no-host", "--otlp", "none", *options],
        cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


def test_a_tcp_address_demands_a_token(tmp_path):
    status, words = refused(tmp_path, "--listen", "127.0.0.1:0")
    assert status == 2
    assert "--token-file" in words


@pytest.mark.parametrize("address", ["0.0.0.0:4000", "[::]:4000", "192.168.1.1:4000", "example.com:80"])
def test_no_auth_is_refused_beyond_loopback(tmp_path, address):
    status, words = refused(tmp_path, "--listen", address, "--no-auth")
    assert status == 2
    assert "not a loopback address" in words


def test_a_token_file_that_others_can_read_is_refused(tmp_path):
    status, words = refused(tmp_path, "--listen", "127.0.0.1:0", "--token-file", str(token_file(tmp_path, 0o644)))
    assert status == 2
    assert "chmod 600" in words
    assert TOKEN not in words


def test_callers_over_tcp_need_the_token(tmp_path):
    with (
        platform(tmp_path / "d", "--no-host", "--token-file", str(token_file(tmp_path))) as process,
        process.http() as http,
    ):
        assert http.get("/health").status_code == 200
        missing = http.get("/api/v1/sources")
        assert (missing.status_code, missing.json()["error"]["code"]) == (401, "AUTHENTICATION_REQUIRED")
        wrong = http.get("/api/v1/sources", headers={"Authorization": "Bearer wrong-wrong-wrong-wrong"})
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "INVALID_TOKEN")
        assert http.get("/api/v1/sources", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
        assert http.post("/v1/logs", content=b"", headers={"content-type": "application/x-protobuf"}).status_code == 401
    assert TOKEN not in process.log.read_text()


def test_the_socket_belongs_to_its_owner_alone(tmp_path):
    with platform(tmp_path / "d", "--no-host", listen=f"unix:{tmp_path}/run/s.sock"):
        assert stat.S_IMODE((tmp_path / "run" / "s.sock").stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700
        second = PlatformProcess(tmp_path / "other", "--no-host", listen=f"unix:{tmp_path}/run/s.sock")
        assert second.process.wait(15) == 4
        assert "another process answers there already" in second.log.read_text()
    assert (tmp_path / "run" / "s.sock").exists()  # that one was killed
    with platform(tmp_path / "d", "--no-host", listen=f"unix:{tmp_path}/run/s.sock") as again:
        assert again.stop() == 0
    assert not (tmp_path / "run" / "s.sock").exists()


def test_a_second_process_on_the_same_data_is_refused(tmp_path):
    with platform(tmp_path / "d", "--no-host") as first:
        second = PlatformProcess(tmp_path / "d", "--no-host")
        assert second.process.wait(15) == 3
        assert f"in use by process {first.process.pid}" in second.log.read_text()


def test_a_service_runs_alone_and_the_gateway_reaches_it(tmp_path):
    with platform(tmp_path / "logs", "--no-host", "--only", "logs") as logs:
        options = ("--no-host", "--only", "gateway", "--peer", f"logs={logs.url}")
        with platform(tmp_path / "gate", *options) as gateway, gateway.http() as http:
            assert (
                http.post("/api/v1/logs", json={"message": "through the gateway", "service": "far"}).status_code == 202
            )
            assert (
                http.get("/api/v1/logs/search", params={"service": "far"}).json()["data"]["logs"][0]["message"]
                == "through the gateway"
            )
            logs.stop()
            down = http.get("/api/v1/logs/search")
            assert (down.status_code, down.json()["error"]["code"]) == (503, "SERVICE_UNAVAILABLE")
            assert "logs service" in down.json()["error"]["message"]


def test_it_stops_cleanly_when_asked_and_after_lingering(tmp_path):
    process = PlatformProcess(tmp_path / "d", "--no-host").wait()
    assert process.stop() == 0
    lingering = PlatformProcess(tmp_path / "d", "--no-host", "--linger", "1").wait()
    assert lingering.process.wait(20) == 0
    assert "nobody has asked" in lingering.log.read_text()
