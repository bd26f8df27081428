"""The command ``cfblock``, as the package installs it."""

from __future__ import annotations

import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import cfblock
import pytest

SCRIPT = Path(sysconfig.get_path("scripts")) / "cfblock"
MESSAGE = b"HTTP/2 429\r\nserver: cloudflare\r\ncontent-type: text/plain\r\n\r\nerror code: 1015"

WAYS = {"script": [str(SCRIPT)], "module": [sys.executable, "-m", "cfblock"]}


def run(way: str, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*WAYS[way], *arguments], input=given, capture_output=True, timeout=60, check=False
    )


@pytest.mark.parametrize("way", WAYS)
def test_runs(way: str) -> None:
    explained = run(way, "explain", "1020")
    assert explained.returncode == 0
    assert explained.stdout.startswith(b"1020 firewall_rule_blocked")
    assert run(way, "--version").stdout.strip() == f"cfblock {cfblock.__version__}".encode()


@pytest.mark.parametrize("way", WAYS)
def test_reads_a_message_from_a_pipe(way: str) -> None:
    finished = run(way, given=MESSAGE)
    assert finished.returncode == 1
    assert finished.stdout.startswith(b"Rate limited (1015)")
    assert run(way, given=b"HTTP/2 200\r\n\r\nwelcome").returncode == 0


@pytest.mark.parametrize("way", WAYS)
def test_says_what_is_wrong(way: str) -> None:
    finished = run(way, "explain", "slow_dwon")
    assert finished.returncode not in (0, 1)
    assert b"slow_down" in finished.stderr
    assert b"Traceback" not in finished.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("way", WAYS)
def test_an_interrupt_ends_it_at_once(way: str) -> None:
    with subprocess.Popen(
        [*WAYS[way], "scan", "--format", "jsonl", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b'{"id": 1, "status": 200}\n')
        process.stdin.flush()
        # The first answer shows that it runs; then it waits for more input.
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=10)
        assert process.returncode in (-signal.SIGINT, 128 + signal.SIGINT)
        assert process.stderr
        assert b"Traceback" not in process.stderr.read()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_a_closed_pipe_is_no_error() -> None:
    with subprocess.Popen(
        [*WAYS["script"], "codes"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        process.stdout.close()
        process.wait(timeout=10)
        assert process.stderr
        errors = process.stderr.read()
    assert b"panicked" not in errors
    assert b"Traceback" not in errors
