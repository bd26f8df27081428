"""Playwright for Python with Debian's Chromium, or the one that CHROMIUM names."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import Any

import cfblock
import pytest
from clients import ANSWERS, answer, every_answer, site, told
from conftest import Edge
from playwright.async_api import async_playwright
from playwright.sync_api import Browser, sync_playwright

LAUNCH: dict[str, Any] = {
    "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
    "args": ["--no-sandbox"],
}


@pytest.fixture(scope="module")
def browser() -> Any:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        yield browser
        browser.close()


@every_answer
def test_sync(path: str, edge: Edge, browser: Browser) -> None:
    page = browser.new_page()
    response = page.goto(edge / path)
    assert told(cfblock.classify_response(response)) == ANSWERS[path]
    page.close()


def test_api_response(edge: Edge, browser: Browser) -> None:
    page = browser.new_page()
    response = page.request.get(edge / "blocked-1020")
    assert told(cfblock.classify_response(response)) == ("access_denied", 1020)
    with pytest.raises(cfblock.AccessDenied):
        cfblock.raise_for_cloudflare(response)
    page.close()


def test_redirects(edge: Edge, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def classify(*parts: Any, **named: Any) -> cfblock.Verdict:
        given.update(named)
        return cfblock.classify(*parts, **named)

    monkeypatch.setattr("cfblock.responses.classify", classify)
    routes = {
        "/": answer(302, location="/second"),
        "/second": answer(302, location=edge / "blocked-1020"),
    }
    with site(routes) as url:
        page = browser.new_page()
        response = page.goto(f"{url}/")
        assert response is not None
        assert cfblock.classify_response(response).error_code == 1020
        assert given["history"] == [(None, f"{url}/second"), (None, edge / "blocked-1020")]
        hop = response.request.redirected_from
        assert hop is not None
        assert cfblock.classify_response(hop.response()).class_ == "passed"
        page.close()


def test_async(edge: Edge) -> None:
    async def run() -> None:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(**LAUNCH)
            page = await browser.new_page()
            for path in ("ok", "br-block", "challenge"):
                response = await page.goto(edge / path)
                with pytest.raises(TypeError, match="response has to be awaited"):
                    cfblock.classify_response(response)
                verdict = await cfblock.classify_response_async(response)
                assert told(verdict) == ANSWERS[path]
            await browser.close()

    # Of its own thread: the sync API keeps a loop running in this one.
    failures: list[BaseException] = []

    def target() -> None:
        try:
            asyncio.run(run())
        except BaseException as failure:
            failures.append(failure)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    assert not failures, failures
