from __future__ import annotations

import asyncio

import cfblock
import pytest
from cfblock.integrations.curl_cffi import CfblockAsyncSession, CfblockSession
from clients import ANSWERS, answer, every_answer, site, told
from conftest import Edge


@every_answer
def test_annotates(path: str, edge: Edge) -> None:
    with CfblockSession(impersonate="chrome") as session:
        response = session.get(edge / path)
    assert told(response.cfblock) == ANSWERS[path]
    assert edge.counts() == {f"/{path}": 1}


@every_answer
def test_annotates_async(path: str, edge: Edge) -> None:
    async def run() -> None:
        async with CfblockAsyncSession() as session:
            response = await session.get(edge / path)
            assert told(response.cfblock) == ANSWERS[path]

    asyncio.run(run())


def test_stream_is_left_to_the_caller(edge: Edge) -> None:
    async def run() -> None:
        async with (
            CfblockAsyncSession() as session,
            session.stream("GET", edge / "blocked-1020") as response,
        ):
            assert response.cfblock.class_ == "passed"
            assert b"1020" in await response.acontent()

    with CfblockSession() as session, session.stream("GET", edge / "challenge") as response:
        assert response.cfblock.class_ == "challenge"
        assert b"".join(response.iter_content()).startswith(b"<!DOCTYPE")
    asyncio.run(run())


def test_raises(edge: Edge) -> None:
    async def run() -> None:
        async with CfblockAsyncSession(raise_for=cfblock.CloudflareError) as session:
            with pytest.raises(cfblock.SiteMisconfigured):
                await session.get(edge / "null-route")
            with pytest.raises(cfblock.Challenge):
                await session.get(edge / "challenge", stream=True)
            assert (await session.get(edge / "ok")).status_code == 200

    with CfblockSession(raise_for=cfblock.Blocked) as session:
        with pytest.raises(cfblock.AccessDenied, match="1020") as raised:
            session.get(edge / "br-block")
        assert b"1020" in raised.value.response.content
        with pytest.raises(cfblock.Challenge):
            session.get(edge / "challenge", stream=True)
        assert session.get(edge / "null-route").cfblock.error_code == 1002
        assert session.get(edge / "origin-503").status_code == 503
    asyncio.run(run())


def test_redirect(edge: Edge) -> None:
    with site({"/": answer(302, location=edge / "gzip-block")}) as url, CfblockSession() as session:
        response = session.get(f"{url}/")
        assert response.cfblock.error_code == 1020
        assert response.redirect_count == 1


def test_wrong_raise_for() -> None:
    for build in (CfblockSession, CfblockAsyncSession):
        with pytest.raises(TypeError, match="raise_for"):
            build(raise_for="blocked")
