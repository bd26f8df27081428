from __future__ import annotations

import asyncio
import gzip
import hashlib
import pickle
from typing import Any

import brotli
import cfblock
import httpx
import pytest
from cfblock.integrations.httpx import (
    AsyncCfblockTransport,
    CfblockTransport,
    async_response_hook,
    response_hook,
)
from clients import ANSWERS, BLOCK, EDGE_HEADERS, EventStream, answer, every_answer, site, told
from conftest import Edge


def clients(**options: Any) -> list[httpx.Client]:
    return [
        httpx.Client(transport=CfblockTransport(**options)),
        httpx.Client(event_hooks={"response": [response_hook(**options)]}),
    ]


def async_clients(**options: Any) -> list[httpx.AsyncClient]:
    return [
        httpx.AsyncClient(transport=AsyncCfblockTransport(**options)),
        httpx.AsyncClient(event_hooks={"response": [async_response_hook(**options)]}),
    ]


@every_answer
def test_annotates(path: str, edge: Edge) -> None:
    for client in clients():
        with client:
            response = client.get(edge / path)
            verdict = response.extensions["cfblock"]
            assert told(verdict) == ANSWERS[path]
            assert verdict.to_dict() == cfblock.classify_response(response).to_dict()
    assert edge.counts()[f"/{path}"] == 2


@every_answer
def test_annotates_async(path: str, edge: Edge) -> None:
    async def run() -> None:
        for client in async_clients():
            async with client:
                response = await client.get(edge / path)
                assert told(response.extensions["cfblock"]) == ANSWERS[path]
                assert len(response.content) > 20

    asyncio.run(run())


def test_body_is_handed_on(edge: Edge) -> None:
    plain = httpx.get(edge / "about-1020").content
    for client in clients():
        with client, client.stream("GET", edge / "about-1020") as response:
            assert told(response.extensions["cfblock"]) == ("passed", None)
            assert b"".join(response.iter_bytes(7)) == plain


def page(size: int) -> bytes:
    return b"<p>%s</p>" % (b"x" * size)


BIG = page(300_000)


@pytest.mark.parametrize("encoding", [None, "gzip", "br"])
def test_big_page(encoding: str | None) -> None:
    body, headers = BIG, {"content_type": "text/html"}
    if encoding:
        body = gzip.compress(BIG) if encoding == "gzip" else brotli.compress(BIG)
        headers["content_encoding"] = encoding

    async def run(url: str) -> None:
        for client in async_clients():
            async with client, client.stream("GET", url) as response:
                assert response.extensions["cfblock"].class_ == "passed"
                assert b"".join([part async for part in response.aiter_bytes()]) == BIG

    with site({"/": answer(200, body, **headers)}) as url:
        for client in clients():
            with client, client.stream("GET", f"{url}/") as response:
                assert response.extensions["cfblock"].class_ == "passed"
                assert b"".join(response.iter_bytes()) == BIG
        asyncio.run(run(f"{url}/"))


@pytest.mark.parametrize(
    ("encoding", "compress"), [("gzip", gzip.compress), ("br", brotli.compress)]
)
def test_cut_compressed_block(encoding: str, compress: Any, edge: Edge) -> None:
    noise = "".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(256))
    page = httpx.get(edge / "blocked-1020").content + f"<!-- {noise} -->".encode()
    body = compress(page)
    headers = EDGE_HEADERS | {"content-encoding": encoding, "content-type": "text/html"}

    def respond(_: httpx.Request) -> httpx.Response:
        return httpx.Response(403, headers=headers, stream=httpx.ByteStream(body))

    # A stream of one chunk is seen whole; the decoded part is cut all the same.
    for peek in (3000, 65_536):
        transport = CfblockTransport(httpx.MockTransport(respond), peek=peek)
        with httpx.Client(transport=transport) as client:
            response = client.get("https://shop.example/")
            assert told(response.extensions["cfblock"]) == ("access_denied", 1020)
            assert response.content == page
    with site(
        {"/": answer(403, body, **{n.replace("-", "_"): v for n, v in headers.items()})}
    ) as url:
        for client in clients(peek=4000):
            with client:
                response = client.get(f"{url}/")
                assert told(response.extensions["cfblock"]) == ("access_denied", 1020)
                assert response.content == page


def test_event_stream_is_not_held_up() -> None:
    async def run(url: str) -> None:
        for client in async_clients():
            events.may_end.clear()
            async with client, client.stream("GET", url) as response:
                assert response.extensions["cfblock"].class_ == "passed"
                events.may_end.set()
                assert (await response.aread()).count(b"data") == 2

    events = EventStream()
    with site({"/": events}) as url:
        for client in clients():
            events.may_end.clear()
            with client, client.stream("GET", url + "/") as response:
                assert response.extensions["cfblock"].class_ == "passed"
                events.may_end.set()
                assert response.read().count(b"data") == 2
        asyncio.run(run(url + "/"))


def test_headers_alone(edge: Edge) -> None:
    for client in clients(peek=0):
        with client:
            response = client.get(edge / "blocked-1020")
            assert response.extensions["cfblock"].class_ == "passed"
            assert response.extensions["cfblock"].evidence is not None
            assert b"1020" in response.content


def test_raises(edge: Edge) -> None:
    for client in clients(raise_for=(cfblock.Blocked, cfblock.OriginFailed)):
        with client:
            with pytest.raises(cfblock.RateLimited) as raised:
                client.get(edge / "limited")
            assert raised.value.retry_after == 2
            assert b"1015" in raised.value.response.content
            assert raised.value.response.is_closed
            assert pickle.loads(pickle.dumps(raised.value)).verdict == raised.value.verdict
            # Not among those that were asked for.
            assert client.get(edge / "null-route").extensions["cfblock"].error_code == 1002
            assert client.get(edge / "origin-403").status_code == 403
            edge.reset()


def test_raises_async(edge: Edge) -> None:
    async def run() -> None:
        for client in async_clients(raise_for=cfblock.CloudflareError):
            async with client:
                with pytest.raises(cfblock.SiteMisconfigured) as raised:
                    await client.get(edge / "null-route")
                assert raised.value.response.is_closed
                assert b"1002" in raised.value.response.content
                assert (await client.get(edge / "ok")).status_code == 200

    asyncio.run(run())


def test_every_hop_of_a_redirect(edge: Edge) -> None:
    with site({"/": answer(302, location=edge / "gzip-block")}) as url:
        for client in clients():
            with client:
                response = client.get(f"{url}/", follow_redirects=True)
                assert response.extensions["cfblock"].error_code == 1020
                assert response.history[0].extensions["cfblock"].class_ == "passed"


def test_a_read_response_is_not_read_again() -> None:
    def respond(_: httpx.Request) -> httpx.Response:
        return httpx.Response(403, headers=EDGE_HEADERS, content=BLOCK)

    with httpx.Client(transport=CfblockTransport(httpx.MockTransport(respond))) as client:
        response = client.get("https://shop.example/")
        assert response.extensions["cfblock"].error_code == 1020
        assert response.content == BLOCK


def test_failure_while_peeking() -> None:
    class Broken(httpx.SyncByteStream):
        closed = False

        def __iter__(self) -> Any:
            yield b"<html>"
            raise httpx.ReadTimeout("too slow")

        def close(self) -> None:
            self.closed = True

    stream = Broken()
    transport = CfblockTransport(
        httpx.MockTransport(lambda _: httpx.Response(200, stream=stream)),
    )
    with httpx.Client(transport=transport) as client, pytest.raises(httpx.ReadTimeout):
        client.get("https://shop.example/")
    assert stream.closed


def test_connections_are_reused(edge: Edge) -> None:
    inner = httpx.HTTPTransport(limits=httpx.Limits(max_connections=1))
    with httpx.Client(transport=CfblockTransport(inner), timeout=5) as client:
        for path in ("ok", "blocked-1020", "br-block", "ok"):
            assert told(client.get(edge / path).extensions["cfblock"]) == ANSWERS[path]


@pytest.mark.parametrize("wrong", ["blocked", None, ValueError, (cfblock.Blocked, 1)])
def test_wrong_raise_for(wrong: Any) -> None:
    for build in (CfblockTransport, AsyncCfblockTransport, response_hook, async_response_hook):
        with pytest.raises(TypeError, match="raise_for"):
            build(raise_for=wrong)


def test_hook_of_the_other_client(edge: Edge) -> None:
    async def get() -> None:
        async with httpx.AsyncClient(event_hooks={"response": [response_hook()]}) as client:
            await client.get(edge / "ok")

    with pytest.raises(TypeError, match="use async_response_hook"):
        asyncio.run(get())
    hooks: dict[str, list[Any]] = {"response": [async_response_hook()]}
    with (
        httpx.Client(event_hooks=hooks) as client,
        pytest.raises(TypeError, match="use response_hook"),
    ):
        client.get(edge / "ok")


def test_two_vantages(edge: Edge) -> None:
    """A null route meets the datacenter alone."""
    observations = []
    with httpx.Client(transport=CfblockTransport()) as client:
        for network in ("datacenter", "residential"):
            headers = {"x-vantage-network": network, "x-vantage-tls-fingerprint": network}
            response = client.get(edge / "null-route", headers=headers)
            verdict = response.extensions["cfblock"]
            observations.append({"verdict": verdict, "vantage": {"network": network}})
    diagnosis = cfblock.diagnose(observations)
    assert diagnosis.classification == "targeted_null_route"
    assert diagnosis.change == ["tls_fingerprint", "asn", "session"]
