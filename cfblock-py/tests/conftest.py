"""What the tests share: the repository, and a server that answers as Cloudflare's edge does."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Edge:
    """The server on loopback that ``tests/edge-server.md`` describes."""

    url: str

    def __truediv__(self, path: str) -> str:
        return f"{self.url}/{path}"

    def counts(self) -> dict[str, int]:
        """How often each path was asked for."""
        return self._state()["requests"]

    def early_retries(self) -> dict[str, int]:
        """How often each path below /limited was asked for inside its window."""
        return self._state()["early_retries"]

    def sicken(self, on: bool = True) -> None:
        """Makes /site/… answer as a null route does, or well again."""
        self._post(f"__sick?on={int(on)}")

    def reset(self) -> None:
        """Forgets everything that was asked."""
        self._post("__reset")

    def _state(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/__count", timeout=10) as response:
            state: dict[str, Any] = json.load(response)
        return state

    def _post(self, path: str) -> None:
        request = urllib.request.Request(f"{self.url}/{path}", method="POST", data=b"")
        with urllib.request.urlopen(request, timeout=10):
            pass


@pytest.fixture(scope="session")
def edge_server() -> Iterator[Edge]:
    """The server, started once; ``CFBLOCK_EDGE_SERVER`` names its program elsewhere."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    program = os.environ.get("CFBLOCK_EDGE_SERVER", str(target / "debug" / "edge-server"))
    if not Path(program).exists():
        pytest.fail(f"{program} is missing; run `cargo build -p cfblock-tests --bin edge-server`")
    with subprocess.Popen([program, "--port", "0"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        try:
            yield Edge(line.rsplit(" ", 1)[-1].strip())
        finally:
            server.kill()


@pytest.fixture
def edge(edge_server: Edge) -> Edge:
    """The server, with nothing counted yet."""
    edge_server.reset()
    return edge_server
