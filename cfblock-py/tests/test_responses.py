from __future__ import annotations

import asyncio
import http.client
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import cfblock
import cfblock.responses
import curl_cffi
import httpx
import pytest
import requests
import scrapy.http
import urllib3
from clients import ANSWERS, BLOCK, EDGE_HEADERS, answer, every_answer, site, told
from conftest import Edge


def by_urllib3(url: str) -> Any:
    return urllib3.request("GET", url, retries=urllib3.Retry(10, status=0, raise_on_status=False))


SYNC: dict[str, Callable[[str], Any]] = {
    "requests": lambda url: requests.get(url, timeout=10),
    "httpx": lambda url: httpx.get(url, follow_redirects=True),
    "curl_cffi": lambda url: curl_cffi.get(url),
    "urllib3": by_urllib3,
}
every_client = pytest.mark.parametrize("client", SYNC)


@every_client
@every_answer
def test_sync(client: str, path: str, edge: Edge) -> None:
    response = SYNC[client](edge / path)
    verdict = cfblock.classify_response(response)
    assert told(verdict) == ANSWERS[path]
    assert verdict.provenance != "contradicted"
    if verdict.intercepted:
        with pytest.raises(cfblock.CloudflareError) as raised:
            cfblock.raise_for_cloudflare(response)
        assert raised.value.response is response
    else:
        assert cfblock.raise_for_cloudflare(response) == verdict


@every_answer
def test_aiohttp(path: str, edge: Edge) -> None:
    async def run() -> None:
        async with aiohttp.ClientSession() as session, session.get(edge / path) as response:
            verdict = await cfblock.classify_response_async(response)
            assert told(verdict) == ANSWERS[path]
            assert await response.read()
            # What was read needs no waiting.
            assert cfblock.classify_response(response) == verdict

    asyncio.run(run())


@pytest.mark.parametrize("path", ["ok", "gzip-block"])
def test_async_takes_all(path: str, edge: Edge) -> None:
    async def run() -> None:
        async with httpx.AsyncClient() as client, curl_cffi.AsyncSession() as session:
            for response in (
                await client.get(edge / path),
                await session.get(edge / path),
                requests.get(edge / path, timeout=10),
            ):
                verdict = await cfblock.classify_response_async(response)
                assert told(verdict) == ANSWERS[path]

    asyncio.run(run())


def test_raise_async(edge: Edge) -> None:
    async def run() -> None:
        async with httpx.AsyncClient() as client:
            with pytest.raises(cfblock.AccessDenied, match="1020") as raised:
                await cfblock.raise_for_cloudflare_async(await client.get(edge / "blocked-1020"))
            with pytest.raises(cfblock.AccessDenied):
                await cfblock.raise_for_cloudflare_async(raised.value.verdict)
            verdict = await cfblock.raise_for_cloudflare_async(await client.get(edge / "ok"))
            assert verdict.class_ == "passed"

    asyncio.run(run())


def test_raise_for_a_verdict() -> None:
    verdict = cfblock.classify(429, EDGE_HEADERS | {"retry-after": "7"}, "error code: 1015")
    with pytest.raises(cfblock.RateLimited) as raised:
        cfblock.raise_for_cloudflare(verdict)
    assert (raised.value.retry_after, raised.value.response) == (7, None)


@pytest.mark.parametrize("path", ["ok", "blocked-1020"])
def test_urllib_keeps_no_body(path: str, edge: Edge) -> None:
    try:
        response = urllib.request.urlopen(edge / path, timeout=10)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        with pytest.raises(ValueError, match="give body what was read of it"):
            cfblock.classify_response(response)
        body = response.read()
        assert told(cfblock.classify_response(response, body=body)) == ANSWERS[path]


def test_http_client(edge: Edge) -> None:
    connection = http.client.HTTPConnection(urlsplit(edge.url).netloc)
    connection.request("GET", "/br-block")
    response = connection.getresponse()
    body = response.read()
    connection.close()
    with pytest.raises(ValueError, match="not kept"):
        cfblock.classify_response(response)
    verdict = cfblock.classify_response(response, body=body)
    assert verdict.class_ == "passed"
    assert "compressed_body" in {found["signal"] for found in verdict.evidence}


@pytest.fixture
def hops(edge: Edge) -> Iterator[str]:
    routes = {
        "/first": answer(302, location="/second"),
        "/second": answer(307, location=edge / "blocked-1020"),
    }
    with site(routes) as url:
        yield f"{url}/first"


@pytest.fixture
def arguments(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The named arguments of the last call of ``classify``."""
    last: dict[str, Any] = {}

    def classify(*given: Any, **named: Any) -> cfblock.Verdict:
        last.update(named)
        return cfblock.classify(*given, **named)

    monkeypatch.setattr(cfblock.responses, "classify", classify)
    return last


@every_client
def test_redirects(client: str, hops: str, edge: Edge, arguments: dict[str, Any]) -> None:
    verdict = cfblock.classify_response(SYNC[client](hops))
    assert told(verdict) == ("access_denied", 1020)
    assert arguments["history"] == [(302, "/second"), (307, edge / "blocked-1020")]
    assert arguments["url"] == edge / "blocked-1020"
    assert arguments["peer_ip"] is None


def test_redirects_aiohttp(hops: str, edge: Edge, arguments: dict[str, Any]) -> None:
    async def run() -> None:
        async with aiohttp.ClientSession() as session, session.get(hops) as response:
            await cfblock.classify_response_async(response)

    asyncio.run(run())
    assert arguments["history"] == [(302, "/second"), (307, edge / "blocked-1020")]
    assert arguments["url"] == edge / "blocked-1020"


def test_scrapy(arguments: dict[str, Any]) -> None:
    url = "https://shop.example/end"
    response = scrapy.http.HtmlResponse(
        url, status=403, headers=EDGE_HEADERS | {"x": ["1", "2"]}, body=BLOCK, flags=["partial"]
    )
    assert told(cfblock.classify_response(response)) == ("access_denied", 1020)
    assert (arguments["history"], arguments["truncated"]) == ([], True)
    response.request = scrapy.http.Request(
        url,
        meta={
            "redirect_urls": ["https://shop.example/", "https://shop.example/old"],
            "redirect_reasons": [301, "meta refresh"],
        },
    )
    cfblock.classify_response(response)
    assert arguments["history"] == [(301, "https://shop.example/old"), (None, url)]


@pytest.mark.parametrize("kind", [requests.Response, httpx.Response])
def test_subclasses(kind: type) -> None:
    class Own(kind):  # type: ignore[misc]
        pass

    if kind is httpx.Response:
        response = Own(403, headers=EDGE_HEADERS, content=BLOCK)
    else:
        response = Own()
        response.status_code, response._content = 403, BLOCK
        response.headers.update(EDGE_HEADERS)
    assert told(cfblock.classify_response(response)) == ("access_denied", 1020)


def test_anything_of_that_shape() -> None:
    response = SimpleNamespace(status_code=403, headers=EDGE_HEADERS, content=BLOCK)
    assert told(cfblock.classify_response(response)) == ("access_denied", 1020)


def test_options() -> None:
    response = httpx.Response(
        429, headers=EDGE_HEADERS | {"retry-after": "Sat, 01 Jan 2028 00:01:00 GMT"}, content=b""
    )
    verdict = cfblock.classify_response(
        response, body="error code: 1015", peer_ip="104.16.0.1", now="2028-01-01T00:00:00Z"
    )
    assert (verdict.error_code, verdict.provenance, verdict.retry_after) == (1015, "verified", 60)


class TestStreams:
    def test_unread_requests(self, edge: Edge) -> None:
        with requests.get(edge / "blocked-1020", stream=True, timeout=10) as response:
            headers_alone = cfblock.classify_response(response)
            assert headers_alone.class_ == "passed"
            assert not response._content_consumed
            body = b"".join(response.iter_content(100))
            assert b"1020" in body
            with pytest.raises(ValueError, match=r"body of response .* cannot be read again"):
                cfblock.classify_response(response)
            verdict = cfblock.classify_response(response, body=body[:1500], truncated=True)
            assert verdict.class_ == "access_denied"

    def test_unread_httpx(self, edge: Edge) -> None:
        with httpx.stream("GET", edge / "blocked-1020") as response:
            assert cfblock.classify_response(response).class_ == "passed"
            body = b"".join(response.iter_bytes())
            with pytest.raises(ValueError, match="body of response"):
                cfblock.classify_response(response)
            assert cfblock.classify_response(response, body=body).error_code == 1020
        with httpx.stream("GET", edge / "blocked-1020") as response:
            pass
        with pytest.raises(ValueError, match="body of response"):
            cfblock.classify_response(response)

    def test_unread_httpx_async(self, edge: Edge) -> None:
        async def run() -> None:
            async with (
                httpx.AsyncClient() as client,
                client.stream("GET", edge / "blocked-1020") as response,
            ):
                verdict = await cfblock.classify_response_async(response)
                assert verdict.class_ == "passed"
                assert b"1020" in await response.aread()
                verdict = await cfblock.classify_response_async(response)
                assert verdict.error_code == 1020

        asyncio.run(run())

    def test_unread_urllib3(self, edge: Edge) -> None:
        response = urllib3.request("GET", edge / "blocked-1020", preload_content=False)
        assert cfblock.classify_response(response).class_ == "passed"
        assert b"1020" in response.data
        assert cfblock.classify_response(response).error_code == 1020

    def test_unread_curl_cffi(self, edge: Edge) -> None:
        with curl_cffi.Session() as session:
            response = session.get(edge / "blocked-1020", stream=True)
            assert cfblock.classify_response(response).class_ == "passed"
            body = b"".join(response.iter_content())
            assert cfblock.classify_response(response, body=body).error_code == 1020

    def test_closed_aiohttp(self, edge: Edge) -> None:
        async def run() -> None:
            async with aiohttp.ClientSession() as session:
                async with session.get(edge / "blocked-1020") as response:
                    pass
                with pytest.raises(ValueError, match=r"body of response .* give body"):
                    await cfblock.classify_response_async(response)
                verdict = await cfblock.classify_response_async(response, body=BLOCK)
                assert verdict.error_code == 1020
                async with session.get(edge / "blocked-1020") as response:
                    assert b"1020" in await response.content.read()
                    with pytest.raises(ValueError, match="body of response"):
                        await cfblock.classify_response_async(response)

        asyncio.run(run())

    def test_bodiless_aiohttp(self) -> None:
        async def run(url: str) -> None:
            async with aiohttp.ClientSession() as session, session.get(url) as response:
                assert (await cfblock.classify_response_async(response)).class_ == "passed"

        with site({"/": answer(204)}) as url:
            asyncio.run(run(f"{url}/"))

    def test_aiohttp_has_to_be_awaited(self, edge: Edge) -> None:
        async def run() -> None:
            async with aiohttp.ClientSession() as session, session.get(edge / "ok") as response:
                with pytest.raises(TypeError, match="response has to be awaited"):
                    cfblock.classify_response(response)
                assert cfblock.classify_response(response, body=BLOCK).class_ == "passed"
                assert await response.read()

        asyncio.run(run())


@pytest.mark.parametrize(
    "wrong",
    [None, 403, "error code: 1020", BLOCK, {"status": 403}, object(), requests.Response, pytest],
)
def test_no_response(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"response is of type .*, expected a response of requests"):
        cfblock.classify_response(wrong)
    with pytest.raises(TypeError, match="response is of type"):
        asyncio.run(cfblock.classify_response_async(wrong))
    with pytest.raises(TypeError, match="response is of type"):
        cfblock.raise_for_cloudflare(wrong)


def test_wrong_parts() -> None:
    with pytest.raises(TypeError, match="status"):
        cfblock.classify_response(SimpleNamespace(status_code="403", headers={}, content=b""))
    with pytest.raises(TypeError, match="body"):
        cfblock.classify_response(httpx.Response(403), body={"error": 1020})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="peer_ip"):
        cfblock.classify_response(httpx.Response(403), peer_ip="here")
    with pytest.raises(TypeError, match="unknown"):
        cfblock.raise_for_cloudflare(httpx.Response(403), unknown=1)


def test_nothing_is_imported() -> None:
    code = (
        "import sys, cfblock; print([name for name in ('requests', 'httpx', 'aiohttp', "
        "'curl_cffi', 'scrapy', 'urllib3', 'playwright', 'tenacity') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
