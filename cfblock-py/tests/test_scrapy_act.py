"""What ``CFBLOCK_ACT`` and ``CFBLOCK_DROP`` do; what was asked for is counted by the servers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest
from conftest import Edge
from scrapy_harness import Crawl, Record, at, crawl

WINDOW_S = 2.0
"""For so long the edge server refuses a page below /limited."""

EDGE = {"server": "cloudflare", "cf-ray": "8a1b2c3d4e5f6789-FRA"}
ANSWERS = {
    "limits": (429, {**EDGE, "retry-after": "1"}, b"error code: 1015"),
    "challenge-503": (
        503,
        {**EDGE, "cf-mitigated": "challenge"},
        b"<title>Just a moment...</title>",
    ),
    "down": (522, EDGE, b"error code: 522"),
    "soon": (
        500,
        {**EDGE, "content-type": "application/problem+json"},
        b'{"type":"https://developers.cloudflare.com/support/troubleshooting/http-status-codes'
        b'/cloudflare-1xxx-errors/error-1101/","title":"Error 1101: Worker threw exception",'
        b'"status":500,"error_code":1101,"error_name":"worker_threw_exception",'
        b'"error_category":"worker","ray_id":"8a1b2c3d4e5f6789","retryable":true,'
        b'"retry_after":1,"cloudflare_error":true}',
    ),
    "ok": (200, {}, b"a page"),
}


class Stubborn:
    """A server on loopback that gives the same answer for as long as it is asked."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.arrivals: list[float] = []
        counts, arrivals = self.counts, self.arrivals

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                counts[self.path] += 1
                arrivals.append(monotonic())
                status, headers, body = ANSWERS[self.path.split("/")[1]]
                self.send_response(status)
                for name, value in {**headers, "content-length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def stubborn() -> Iterator[Stubborn]:
    stubborn = Stubborn()
    thread = Thread(target=stubborn.server.serve_forever)
    thread.start()
    yield stubborn
    stubborn.server.shutdown()
    thread.join()
    stubborn.server.server_close()


def assert_dropped(error: Record, class_: str) -> None:
    assert error["kind"] == "CloudflareIgnored"
    assert error["verdict"]["class"] == class_


def seconds_between(done: Crawl, first: str, then: str) -> float:
    """From the first answer for one URL to the last page of another."""
    begin = next(record["time"] for record in done.of("answer") if record["url"] == first)
    end = next(record["time"] for record in done.of("page") if record["url"] == then)
    return float(end - begin)


@pytest.mark.parametrize("throttle", [False, True])
def test_retry_after_is_waited_for(edge: Edge, throttle: bool) -> None:
    done = crawl(
        edge / "limited",
        CFBLOCK_ACT=True,
        AUTOTHROTTLE_ENABLED=throttle,
        AUTOTHROTTLE_START_DELAY=0.1,
    )
    assert edge.counts() == {"/limited": 2}
    assert edge.early_retries() == {}
    assert done.pages["/limited"]["verdict"]["class"] == "passed"
    assert not done.errors
    assert done.cfblock_stats("retry/") == {"count": 1, "reason_count/rate_limited": 1}
    assert done.cfblock_stats("class/") == {"rate_limited": 1, "passed": 1}
    assert "retry/count" not in done.stats


def test_the_next_request_of_the_slot_waits_too(edge: Edge) -> None:
    done = crawl(
        edge / "limited/first",
        edge / "ok/second",
        CFBLOCK_ACT=True,
        CONCURRENT_REQUESTS_PER_DOMAIN=1,
    )
    assert edge.early_retries() == {}
    answers = [record["time"] for record in done.of("answer")]
    assert len(answers) == 3
    assert answers[1] - answers[0] >= WINDOW_S


def test_all_hosts_of_the_domain_wait_and_no_others(edge: Edge) -> None:
    limited = at(edge.url, "www.example.com", "/limited")
    sibling = at(edge.url, "images.example.com", "/ok/sibling")
    other = at(edge.url, "www.example.org", "/ok/other")
    new = at(edge.url, "new.example.com", "/ok/new")
    done = crawl(
        {"url": limited, "on_refusal": [{"url": sibling}, {"url": other, "then": [{"url": new}]}]},
        CFBLOCK_ACT=True,
    )
    assert edge.early_retries() == {}
    order = [page["url"] for page in done.of("page")]
    assert order[0] == other
    assert sorted(order[1:]) == sorted([limited, sibling, new])
    for waited in (limited, sibling, new):
        assert seconds_between(done, limited, waited) >= WINDOW_S


def test_a_site_that_asks_for_too_long_a_pause_is_left_alone(edge: Edge) -> None:
    limited = at(edge.url, "www.example.com", "/limited")
    sibling = at(edge.url, "images.example.com", "/ok/sibling")
    other = at(edge.url, "www.example.org", "/ok/other")
    # The next two are sent by the callback of a page that comes after the refusal.
    later = {"url": other, "then": [{"url": sibling}, {"url": limited + "/again"}]}
    done = crawl({"url": limited, "on_refusal": [later]}, CFBLOCK_ACT=True, CFBLOCK_MAX_WAIT=1)
    assert edge.counts() == {"/limited": 1, "/ok/other": 1}
    assert_dropped(done.errors["/limited"], "rate_limited")
    assert done.errors["/limited"]["status"] == 429
    for path in ("/ok/sibling", "/limited/again"):
        assert_dropped(done.errors[path], "rate_limited")
        assert done.errors[path]["status"] is None
    assert done.cfblock_stats("refused") == {"": 2}
    assert done.cfblock_stats("dropped/") == {"rate_limited": 1}
    assert "it asks for 2 s, CFBLOCK_MAX_WAIT is 1\n" in done.log
    assert re.search(r"Not sent: <GET \S+>; the site is paused for another [12] s: ", done.log)


def test_blocks_go_to_the_errback_and_are_not_sent_again(edge: Edge) -> None:
    blocks = {
        "blocked-1020": "access_denied",
        "gzip-block": "access_denied",
        "br-block": "access_denied",
        "challenge": "challenge",
        "null-route": "site_misconfigured",
    }
    done = crawl(
        *(edge / path for path in blocks),
        edge / "about-1020",
        edge / "origin-403",
        CFBLOCK_ACT=True,
        RETRY_HTTP_CODES=[403],
    )
    for path, class_ in blocks.items():
        error = done.errors[f"/{path}"]
        assert_dropped(error, class_)
        assert error["triage"]["action"] == error["verdict"]["action"]
        assert "dont_retry" not in error["meta"]
    assert set(done.pages) == {"/about-1020", "/origin-403"}
    # The site's own refusal is RetryMiddleware's business, as ever.
    assert edge.counts() == {
        **{f"/{path}": 1 for path in blocks},
        "/about-1020": 1,
        "/origin-403": 3,
    }
    assert done.cfblock_stats("dropped/") == dict(Counter(blocks.values()))
    assert done.log.count("Dropped <GET ") == len(blocks)


def test_a_challenge_with_status_503_is_not_retried_nor_a_503_sooner_than_stated(
    edge: Edge, stubborn: Stubborn
) -> None:
    urls = (f"{stubborn.url}/challenge-503", edge / "origin-503", edge / "ok")
    done = crawl(*urls, CFBLOCK_ACT=True, CFBLOCK_MAX_WAIT=10)
    assert stubborn.counts == {"/challenge-503": 1}
    assert_dropped(done.errors["/challenge-503"], "challenge")
    # It states an hour, which is kept, and says nothing about other pages.
    assert edge.counts() == {"/origin-503": 1, "/ok": 1}
    assert done.pages["/origin-503"]["status"] == 503
    assert "retry/count" not in done.stats


def test_a_step_that_failed_is_not_taken_again(stubborn: Stubborn) -> None:
    done = crawl(
        f"{stubborn.url}/limits",
        CFBLOCK_ACT=True,
        RETRY_TIMES=10,
        CFBLOCK_MAX_DELAY=2,
        CFBLOCK_POLICY={"max_attempts": 3},
    )
    # It waits, then slows down; more often the policy does not allow.
    assert stubborn.counts == {"/limits": 3}
    error = done.errors["/limits"]
    assert_dropped(error, "rate_limited")
    assert error["triage"]["action"] == "contact_owner"
    times = [record["time"] for record in done.of("answer")]
    assert all(later - earlier >= 1.0 for earlier, later in pairwise(times))
    assert times[2] - times[1] >= 1.5, "slowed down: a second to wait, and half of a second's delay"


@pytest.mark.parametrize(
    ("meta", "settings"),
    [
        ({"dont_retry": True}, {}),
        ({"max_retry_times": 0}, {}),
        ({}, {"RETRY_TIMES": 0}),
        ({}, {"CFBLOCK_RETRY": "retry,slow_down"}),
    ],
)
def test_whoever_wants_no_retries_gets_none(
    stubborn: Stubborn, meta: Record, settings: Record
) -> None:
    done = crawl({"url": f"{stubborn.url}/limits", "meta": meta}, CFBLOCK_ACT=True, **settings)
    assert stubborn.counts == {"/limits": 1}
    assert_dropped(done.errors["/limits"], "rate_limited")
    assert ("dont_retry" in done.errors["/limits"]["meta"]) == ("dont_retry" in meta)


def test_a_host_that_is_down_is_left_alone(stubborn: Stubborn) -> None:
    settings: Record = {"CFBLOCK_ACT": True, "CFBLOCK_MAX_WAIT": 5, "CONCURRENT_REQUESTS": 1}
    other = at(stubborn.url, "www.example.org", "/ok/other")
    done = crawl(f"{stubborn.url}/down", f"{stubborn.url}/ok", other, **settings)
    assert stubborn.counts == {"/down": 1, "/ok/other": 1}
    assert_dropped(done.errors["/down"], "origin_failed")
    assert_dropped(done.errors["/ok"], "origin_failed")

    stubborn.counts.clear()
    done = crawl(f"{stubborn.url}/ok/1", f"{stubborn.url}/down", f"{stubborn.url}/ok/2", **settings)
    assert stubborn.counts == {"/ok/1": 1, "/down": 1, "/ok/2": 1}, "the host is not down"
    assert set(done.errors) == {"/down"}


def test_a_fault_of_one_page_holds_up_no_others(stubborn: Stubborn) -> None:
    done = crawl(
        f"{stubborn.url}/ok/1",
        f"{stubborn.url}/soon",
        f"{stubborn.url}/ok/2",
        CFBLOCK_ACT=True,
        CONCURRENT_REQUESTS=2,
        CONCURRENT_REQUESTS_PER_DOMAIN=1,
    )
    assert stubborn.counts == {"/ok/1": 1, "/soon": 2, "/ok/2": 1}
    assert_dropped(done.errors["/soon"], "site_misconfigured")
    answers = [record for record in done.of("answer") if record["url"].endswith("/soon")]
    assert answers[1]["time"] - answers[0]["time"] >= 1.0
    last_answer = done.of("answer")[-1]
    assert last_answer is answers[1]


@pytest.mark.parametrize("slot", [None, "chosen"])
def test_a_request_that_waits_alone_goes_through_its_own_slot(
    stubborn: Stubborn, slot: str | None
) -> None:
    meta = {"download_slot": slot} if slot else {}
    paths = ("ok/1", "soon", "ok/2", "ok/3", "ok/4")
    done = crawl(
        *({"url": f"{stubborn.url}/{path}", "meta": meta} for path in paths),
        CFBLOCK_ACT=True,
        CFBLOCK_DROP=False,
        CONCURRENT_REQUESTS=8,
        DOWNLOAD_SLOTS={slot or "127.0.0.1": {"delay": 1, "concurrency": 1, "jitter": 0}},
        RANDOMIZE_DOWNLOAD_DELAY=False,
    )
    assert stubborn.counts == {"/soon": 2, **{f"/ok/{number}": 1 for number in range(1, 5)}}
    assert {page["slot"] for page in done.of("page")} == {slot or "127.0.0.1"}
    assert all(later - earlier > 0.7 for earlier, later in pairwise(stubborn.arrivals))


def test_the_queue_is_waited_in_while_the_rest_goes_on(edge: Edge) -> None:
    done = crawl(
        edge / "queue",
        {"url": edge / "ok", "then": [{"url": edge / "ok/then"}]},
        CFBLOCK_ACT=True,
        COOKIES_ENABLED=True,
        RETRY_TIMES=0,
    )
    assert done.pages["/queue"]["verdict"]["class"] == "passed"
    assert edge.counts() == {"/queue": 3, "/ok": 1, "/ok/then": 1}
    assert [page["url"] for page in done.of("page")][-1] == edge / "queue"
    assert done.cfblock_stats("class/") == {"waiting_room": 2, "passed": 3}


@pytest.mark.parametrize(
    ("meta", "settings"),
    [
        ({}, {"COOKIES_ENABLED": True, "CFBLOCK_MAX_QUEUE": 0}),
        ({}, {"COOKIES_ENABLED": False}),
        ({"dont_merge_cookies": True}, {"COOKIES_ENABLED": True}),
    ],
)
def test_a_place_in_a_queue_that_cannot_be_kept_is_given_up(
    edge: Edge, meta: Record, settings: Record
) -> None:
    done = crawl({"url": edge / "queue", "meta": meta}, CFBLOCK_ACT=True, **settings)
    assert edge.counts() == {"/queue": 1}
    assert_dropped(done.errors["/queue"], "waiting_room")


def test_callbacks_can_be_given_the_blocks(edge: Edge) -> None:
    done = crawl(
        edge / "blocked-1020", CFBLOCK_ACT=True, CFBLOCK_DROP=False, RETRY_HTTP_CODES=[403]
    )
    assert edge.counts() == {"/blocked-1020": 1}
    assert done.pages["/blocked-1020"]["verdict"]["error_code"] == 1020
    assert "dont_retry" not in done.pages["/blocked-1020"]["meta"]


def test_dropping_alone_leaves_retries_to_scrapy(edge: Edge) -> None:
    done = crawl(edge / "limited", edge / "blocked-1020", CFBLOCK_DROP=True)
    assert edge.counts() == {"/limited": 3, "/blocked-1020": 1}
    assert_dropped(done.errors["/limited"], "rate_limited")
    assert_dropped(done.errors["/blocked-1020"], "access_denied")
    assert done.stats["retry/count"] == 2
    assert not done.pages


def test_classes_can_be_left_alone(edge: Edge) -> None:
    done = crawl(
        edge / "limited",
        edge / "blocked-1020",
        CFBLOCK_ACT=True,
        CFBLOCK_LEAVE_ALONE=["rate_limited", "access_denied"],
    )
    assert edge.counts() == {"/limited": 3, "/blocked-1020": 1}
    assert set(done.pages) == {"/limited", "/blocked-1020"}
    assert done.cfblock_stats("class/") == {"rate_limited": 3, "access_denied": 1}


def test_requests_can_differ_from_the_settings(edge: Edge) -> None:
    act = {"url": edge / "limited/act", "meta": {"cfblock_act": True}}
    drop = {"url": edge / "blocked-1020/drop", "meta": {"cfblock_drop": True}}
    done = crawl(act, drop, edge / "blocked-1020")
    assert edge.early_retries() == {}
    assert edge.counts()["/limited/act"] == 2
    assert set(done.pages) == {"/limited/act", "/blocked-1020"}
    assert_dropped(done.errors["/blocked-1020/drop"], "access_denied")


def test_a_block_from_the_cache_is_fetched_afresh(edge: Edge, tmp_path: Path) -> None:
    settings = {"HTTPCACHE_ENABLED": True, "HTTPCACHE_DIR": str(tmp_path), "CFBLOCK_ACT": True}
    first = crawl(edge / "limited", **settings)
    assert first.pages["/limited"]["status"] == 200, "the retry must not be answered by the cache"
    assert edge.early_retries() == {}
    second = crawl(edge / "limited", **settings)
    assert second.pages["/limited"]["status"] == 200
    assert second.cfblock_stats("cached/") == {"rate_limited": 1}
    assert second.cfblock_stats("retry/") == {"count": 1, "reason_count/cached": 1}
    assert edge.counts() == {"/limited": 3}


def test_the_policy_decides_what_is_advised(edge: Edge) -> None:
    done = crawl(edge / "blocked-1020", CFBLOCK_ACT=True, CFBLOCK_POLICY="cooperative")
    assert done.errors["/blocked-1020"]["triage"]["action"] == "contact_owner"
    done = crawl(
        edge / "blocked-1020",
        CFBLOCK_ACT=True,
        CFBLOCK_POLICY={"exclude": ["probe", "contact_owner"]},
    )
    assert done.errors["/blocked-1020"]["triage"]["action"] == "stop"


def test_log_and_stats_say_what_the_policy_advises(edge: Edge) -> None:
    done = crawl(
        edge / "blocked-1020", edge / "limited", RETRY_TIMES=0, CFBLOCK_POLICY="cooperative"
    )
    assert done.cfblock_stats("action/") == {"contact_owner": 1, "wait": 1}
    assert "next step: contact_owner\n" in done.log
    assert "next step: wait (2 s)\n" in done.log
