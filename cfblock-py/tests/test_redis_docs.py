"""The blocks of docs/redis.md run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cfblock.integrations.redis.scrapy import RedisRecorder
from conftest import REPOSITORY
from redis_server import RedisServer, redis_server
from scrapy.settings import Settings

PAGE = REPOSITORY / "docs" / "redis.md"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path) as server:
        yield server


def blocks(kind: str, server: RedisServer) -> list[str]:
    found = re.findall(rf"^```{kind}\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    return [block.replace("redis://localhost:6379/0", server.url) for block in found]


def test_python_blocks(server: RedisServer, capsys: pytest.CaptureFixture[str]) -> None:
    (worker, listener) = blocks("python", server)
    exec(compile(worker, str(PAGE), "exec"), {})
    exec(compile(listener, str(PAGE), "exec"), {})
    promised = re.findall(r"^print\(.*\)  # (.*)$", worker, re.MULTILINE)
    assert capsys.readouterr().out.splitlines() == promised == ["[3]"]


def test_settings_make_the_recorder(server: RedisServer) -> None:
    (block,) = blocks("python settings", server)
    members: dict[str, Any] = {}
    exec(compile(block, str(PAGE), "exec"), members)
    settings = Settings({name: value for name, value in members.items() if name.isupper()})
    recorder = RedisRecorder.from_crawler(SimpleNamespace(settings=settings))
    assert f"{RedisRecorder.__module__}.{RedisRecorder.__qualname__}" == members["CFBLOCK_RECORDER"]
    recorder.close(0)
    with server.client() as client:
        assert client.exists("{cfblock}:monitor")


def test_a_recorder_without_a_server_says_which_setting_is_missing() -> None:
    with pytest.raises(ValueError, match="CFBLOCK_REDIS_URL"):
        RedisRecorder.from_crawler(SimpleNamespace(settings=Settings()))


def test_every_setting_is_documented() -> None:
    source = Path(RedisRecorder.from_crawler.__func__.__code__.co_filename).read_text()
    for setting in re.findall(r'"(CFBLOCK_REDIS_\w+)"', source):
        assert f"`{setting}`" in PAGE.read_text()
