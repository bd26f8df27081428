"""A Redis server of a test's own, and a way to it that fails where a test says so."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import redis

T = TypeVar("T")
C = TypeVar("C", bound=redis.Redis)


class RedisServer:
    """A ``redis-server`` without files, on a free port; it can be stopped and started again."""

    def __init__(self, folder: Path, *settings: str) -> None:
        program = shutil.which("redis-server")
        if program is None:
            pytest.fail("redis-server is missing; it is in Debian's package redis-server")
        self._program = program
        self._folder = folder
        self._settings = settings
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self, **settings: Any) -> redis.Redis:
        return redis.Redis.from_url(self.url, **settings)

    def client_of(self, kind: type[C]) -> C:
        return kind(port=self.port)

    def start(self) -> None:
        settings = {"--port": self.port, "--bind": "127.0.0.1", "--dir": self._folder}
        files = {"--save": "", "--appendonly": "no"}
        arguments = [str(part) for pair in {**settings, **files}.items() for part in pair]
        self._process = subprocess.Popen(
            [self._program, *arguments, *self._settings], stdout=subprocess.DEVNULL
        )
        wait_until(self._answers, "the Redis server to answer")

    def stop(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def pause(self, on: bool = True) -> None:
        """Makes it hang, or go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP if on else signal.SIGCONT)

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            pytest.fail(f"redis-server ended with {self._process.returncode}")
        with contextlib.suppress(redis.RedisError), self.client() as client:
            return bool(client.ping())
        return False


class Flaky(redis.Redis):
    """Fails at the calls that it is told to, before they are sent or after they took effect."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.fails: Callable[[], str | None] = lambda: None
        super().__init__(*args, **kwargs)

    def execute_command(self, *args: Any, **options: Any) -> Any:
        when = self.fails()
        if when == "before":
            raise redis.ConnectionError("cut off before the command was sent")
        reply = super().execute_command(*args, **options)
        if when == "after":
            raise redis.ConnectionError("cut off before the reply arrived")
        return reply


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_until(condition: Callable[[], T], what: str, seconds: float = 60) -> T:
    """Waits for a condition, and fails with its name."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    pytest.fail(f"waited for {what} for {seconds} s")


@contextlib.contextmanager
def redis_server(folder: Path, *settings: str) -> Iterator[RedisServer]:
    server = RedisServer(folder, *settings)
    try:
        yield server
    finally:
        server.stop()
