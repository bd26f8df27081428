from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import cfblock
import pytest
from cfblock.integrations.aiohttp import CfblockMiddleware
from clients import ANSWERS, EventStream, answer, every_answer, site, told
from conftest import Edge


def session_of(**options: Any) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(middlewares=(CfblockMiddleware(**options),))


@every_answer
def test_annotates(path: str, edge: Edge) -> None:
    async def run() -> None:
        async with session_of() as session, session.get(edge / path) as response:
            assert told(response.cfblock) == ANSWERS[path]
            assert len(await response.text()) > 20
            assert await cfblock.classify_response_async(response) == response.cfblock

    asyncio.run(run())
    assert edge.counts() == {f"/{path}": 1}


BIG = b"<p>%s</p>" % (b"x" * 900_000)


def test_body_is_put_back() -> None:
    async def run(url: str) -> None:
        async with session_of() as session:
            async with session.get(url) as response:
                assert response.cfblock.class_ == "passed"
                assert await response.read() == BIG
            async with session.get(url) as response:
                assert b"".join([part async for part in response.content.iter_chunked(999)]) == BIG
            async with session.get(url) as response:
                assert b"".join([part async for part, _ in response.content.iter_chunks()]) == BIG

    with site({"/": answer(200, BIG, content_type="text/html")}) as url:
        asyncio.run(run(f"{url}/"))


def test_event_stream_is_not_held_up() -> None:
    events = EventStream()

    async def run(url: str) -> None:
        async with session_of() as session, session.get(url) as response:
            assert response.cfblock.class_ == "passed"
            events.may_end.set()
            assert (await response.read()).count(b"data") == 2

    with site({"/": events}) as url:
        asyncio.run(run(f"{url}/"))


def test_headers_alone(edge: Edge) -> None:
    async def run() -> None:
        async with session_of(peek=0) as session:
            async with session.get(edge / "blocked-1020") as response:
                assert response.cfblock.class_ == "passed"
                assert b"1020" in await response.read()
            async with session.get(edge / "challenge") as response:
                assert response.cfblock.class_ == "challenge"

    asyncio.run(run())


def test_raises(edge: Edge) -> None:
    async def run() -> None:
        connector = aiohttp.TCPConnector(limit=1)
        middlewares = (CfblockMiddleware(raise_for=cfblock.Blocked),)
        async with aiohttp.ClientSession(connector=connector, middlewares=middlewares) as session:
            with pytest.raises(cfblock.AccessDenied, match="1020") as raised:
                await session.get(edge / "gzip-block")
            assert "1020" in await raised.value.response.text()
            with pytest.raises(cfblock.WaitingRoom):
                await session.get(edge / "queue")
            async with session.get(edge / "null-route") as response:
                assert response.cfblock.error_code == 1002
            async with session.get(edge / "origin-403") as response:
                assert response.status == 403

    asyncio.run(run())


def test_every_hop_of_a_redirect(edge: Edge) -> None:
    async def run(url: str) -> None:
        async with session_of() as session, session.get(url) as response:
            assert response.cfblock.error_code == 1020
            assert [hop.cfblock.class_ for hop in response.history] == ["passed"]

    with site({"/": answer(302, location=edge / "br-block")}) as url:
        asyncio.run(run(f"{url}/"))


def test_wrong_raise_for() -> None:
    with pytest.raises(TypeError, match="raise_for"):
        CfblockMiddleware(raise_for="blocked")  # type: ignore[arg-type]
