"""What the add-on does by default: annotate, count and log, and change no request."""

from __future__ import annotations

from pathlib import Path

import pytest
from clients import ANSWERS
from conftest import Edge
from scrapy_harness import crawl


@pytest.fixture
def every_page(edge: Edge) -> list[str]:
    return [edge / path for path in ANSWERS]


def test_callbacks_find_the_verdict_of_every_page(every_page: list[str]) -> None:
    done = crawl(*every_page)
    found = {
        path.removeprefix("/"): (page["verdict"]["class"], page["verdict"]["error_code"])
        for path, page in done.pages.items()
    }
    assert found == ANSWERS
    assert not done.errors
    for page in done.pages.values():
        verdict = page["verdict"]
        flags = [f"cfblock:{verdict['class']}"] if verdict["intercepted"] else []
        assert page["flags"] == flags


def test_every_response_is_counted_once(edge: Edge, every_page: list[str]) -> None:
    done = crawl(*every_page)
    responses = sum(edge.counts().values())
    # Of the origin's 503 and of the 429, RetryMiddleware asks for two more.
    assert responses == len(ANSWERS) + 4
    assert done.cfblock_stats("class/") == {
        "passed": 4 + 2,
        "access_denied": 3,
        "rate_limited": 3,
        "challenge": 1,
        "waiting_room": 1,
        "site_misconfigured": 1,
    }
    assert done.cfblock_stats("code/") == {"1020": 3, "1015": 3, "1002": 1}
    assert sum(done.cfblock_stats("action/").values()) == responses
    assert done.cfblock_stats("action/")["wait"] == 3
    assert not done.cfblock_stats("retry/")
    assert not done.cfblock_stats("dropped/")


def test_requests_are_those_of_scrapy_alone(edge: Edge, every_page: list[str]) -> None:
    crawl(*every_page, ADDONS={})
    alone = edge.counts()
    edge.reset()
    crawl(*every_page)
    assert edge.counts() == alone


def test_one_log_line_names_each_block_by_its_ray_id(edge: Edge) -> None:
    done = crawl(edge / "blocked-1020", edge / "ok", LOG_LEVEL="INFO")
    ray_id = done.pages["/blocked-1020"]["verdict"]["ray_id"]
    lines = [line for line in done.log.splitlines() if "Cloudflare answered" in line]
    assert len(lines) == 1
    assert "1020" in lines[0]
    assert f"Ray ID {ray_id}" in lines[0]
    assert " INFO: " in lines[0]

    quiet = crawl(edge / "blocked-1020", LOG_LEVEL="INFO", CFBLOCK_LOG_LEVEL="DEBUG")
    assert "Cloudflare answered" not in quiet.log


def test_a_request_can_opt_out(edge: Edge) -> None:
    job = {"url": edge / "blocked-1020", "meta": {"cfblock_skip": True}}
    done = crawl(job, CFBLOCK_ACT=True)
    assert done.pages["/blocked-1020"]["verdict"] is None
    assert done.pages["/blocked-1020"]["flags"] == []
    assert done.cfblock_stats() == {}


def test_nothing_is_done_when_switched_off(edge: Edge) -> None:
    done = crawl(edge / "blocked-1020", CFBLOCK_ENABLED=False, CFBLOCK_ACT=True)
    assert done.pages["/blocked-1020"]["verdict"] is None
    assert done.cfblock_stats() == {}


def test_cached_responses_are_annotated_and_counted_apart(edge: Edge, tmp_path: Path) -> None:
    cache = str(tmp_path)
    settings = {"HTTPCACHE_ENABLED": True, "HTTPCACHE_DIR": cache}
    pages = [edge / "blocked-1020", edge / "ok"]
    fresh = crawl(*pages, **settings)
    assert fresh.cfblock_stats("class/") == {"access_denied": 1, "passed": 1}
    cached = crawl(*pages, CFBLOCK_MONITOR=True, **settings)
    assert edge.counts() == {"/blocked-1020": 1, "/ok": 1}
    assert cached.pages["/blocked-1020"]["verdict"]["error_code"] == 1020
    assert cached.cfblock_stats("cached/") == {"access_denied": 1, "passed": 1}
    assert cached.cfblock_stats("class/") == {}


def test_two_vantages_name_a_null_route(edge: Edge) -> None:
    bot = {"network": "datacenter", "asn": 64500}
    person = {"network": "residential", "asn": 64511, "tls_fingerprint": "chromium"}
    jobs = [
        {
            "url": edge / f"null-route/{name}",
            "meta": {"vantage": vantage},
            "headers": {
                f"x-vantage-{key.replace('_', '-')}": str(value) for key, value in vantage.items()
            },
        }
        for name, vantage in (("bot", bot), ("person", person))
    ]
    done = crawl(*jobs, diagnose=True)
    assert done.pages["/null-route/bot"]["verdict"]["error_code"] == 1002
    assert done.pages["/null-route/person"]["verdict"]["class"] == "passed"
    (diagnosis,) = done.of("diagnosis")
    assert diagnosis["classification"] == "targeted_null_route"
