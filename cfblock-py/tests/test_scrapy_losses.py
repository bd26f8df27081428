"""Adopting cfblock loses no page: crawls of 300 pages, with it and without, as a server counts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

import cfblock
import pytest
from cfblock.integrations.scrapy.settings import CfblockSettings
from clients import EDGE_HEADERS
from scrapy.settings import Settings
from scrapy_harness import crawl

PAGES = 300
STATED_S = 2


class Site:
    """Refuses some hits; counts pages, and what came while a refusal still held."""

    def __init__(self, status: int, code: int, fails: range, content_type: str) -> None:
        self.pages: set[str] = set()
        self.hits = self.early = 0
        self._lock, self._held_until = Lock(), 0.0
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                refused = site.count(self.path, fails, stated=status == 429)
                body = b"<html></html>" if not refused else f"error code: {code}".encode()
                self.send_response(status if refused else 200)
                for name, value in EDGE_HEADERS.items():
                    self.send_header(name, value)
                self.send_header("content-type", content_type if refused else "text/html")
                if refused and status == 429:
                    self.send_header("retry-after", str(STATED_S))
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def count(self, path: str, fails: range, *, stated: bool) -> bool:
        with self._lock:
            now = time.monotonic()
            self.hits += 1
            # What was on its way when the refusal came is not early.
            self.early += self._held_until - STATED_S + 0.5 < now < self._held_until
            refused = self.hits in fails
            if refused and stated:
                self._held_until = max(self._held_until, now + STATED_S)
            if not refused:
                self.pages.add(path)
            return refused


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    thread = Thread(target=site.server.serve_forever)
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        thread.join()
        site.server.server_close()


@pytest.mark.parametrize("content_type", ["text/html", "text/plain"])
def test_a_rate_limit_in_a_healthy_crawl(content_type: str) -> None:
    fetched = {}
    for acts in (False, True):
        with serving(Site(429, 1015, range(100, 105), content_type)) as site:
            crawl(
                *(f"{site.url}/p/{page}" for page in range(PAGES)),
                CFBLOCK_ACT=acts,
                CONCURRENT_REQUESTS_PER_DOMAIN=5,
                CFBLOCK_MAX_DELAY=0.01,
            )
        fetched[acts] = len(site.pages)
        if acts:
            assert site.early == 0
    assert fetched[True] == PAGES
    assert fetched[True] >= fetched[False]


def test_the_default_patience_is_at_least_what_the_catalogue_asks_for() -> None:
    waits = [step["wait"] or 0 for entry in cfblock.codes() for step in entry["client"]]
    assert CfblockSettings.read(Settings()).max_wait >= max(waits)
    assert cfblock.Policy().max_wait >= max(waits)
