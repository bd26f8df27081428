"""Settings: read, checked, and refused by name."""

from __future__ import annotations

import logging
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cfblock import Policy
from cfblock.integrations.scrapy import CfblockAddon, CfblockDropMiddleware, CfblockMiddleware
from cfblock.integrations.scrapy.pacing import domain_of
from cfblock.integrations.scrapy.responses import classify_scrapy
from cfblock.integrations.scrapy.settings import CfblockSettings, warn_of_misspelt
from conftest import Edge
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse
from scrapy.settings import Settings
from scrapy_harness import PYTHON, crawl

EDGE = {"Server": "cloudflare", "CF-RAY": "8a1b2c3d4e5f6789-FRA"}


def read(**settings: Any) -> CfblockSettings:
    return CfblockSettings.read(Settings(settings))


def test_by_default_nothing_is_acted_on() -> None:
    settings = read()
    assert settings.enabled
    assert not settings.act
    assert not settings.drop
    assert not settings.monitor


def test_acting_drops_unless_told_otherwise() -> None:
    assert read(CFBLOCK_ACT=True).drop
    assert not read(CFBLOCK_ACT=True, CFBLOCK_DROP="0").drop


@pytest.mark.parametrize(
    "policy",
    [
        {"base": "cooperative", "max_wait": 60},
        '{"base": "cooperative", "max_wait": 60}',
        Policy("cooperative", max_wait=60),
    ],
)
def test_policies_are_names_dicts_or_json(policy: Any) -> None:
    assert read(CFBLOCK_POLICY=policy).policy == Policy("cooperative", max_wait=60)
    assert read(CFBLOCK_POLICY="cooperative").policy == Policy("cooperative")


def test_words_are_lists_or_separated_by_commas() -> None:
    assert read(CFBLOCK_RETRY="wait,retry").retry == {"wait", "retry"}
    assert read(CFBLOCK_RETRY=[]).retry == frozenset()
    assert read(CFBLOCK_LEAVE_ALONE=["challenge"]).leave_alone == {"challenge"}


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("CFBLOCK_ACT", "perhaps", "boolean"),
        ("CFBLOCK_LOG_LEVEL", "LOUD", "'LOUD'"),
        ("CFBLOCK_POLICY", "reckless", "reckless"),
        ("CFBLOCK_POLICY", {"max_wiat": 3}, "max_wiat"),
        ("CFBLOCK_POLICY", 7, "int"),
        ("CFBLOCK_RETRY", ["use_browser"], "'use_browser' is none of retry, wait"),
        ("CFBLOCK_LEAVE_ALONE", "chalenge", "'chalenge' is none of passed, challenge"),
        ("CFBLOCK_MAX_WAIT", "soon", "soon"),
        ("CFBLOCK_MAX_WAIT", -1, "-1"),
        ("CFBLOCK_MAX_DELAY", float("inf"), "inf"),
        ("CFBLOCK_MAX_QUEUE", -3, "-3"),
        ("CFBLOCK_MONITOR", "yes please", "boolean"),
    ],
)
def test_errors_name_the_setting(name: str, value: Any, says: str) -> None:
    with pytest.raises(ValueError, match=f"^{name}: ") as error:
        read(**{name: value})
    assert says in str(error.value)


def test_a_wrong_setting_stops_the_crawl_before_it_starts(edge: Edge) -> None:
    done = crawl(edge / "ok", CFBLOCK_MAX_WAIT="soon")
    assert edge.counts() == {}
    assert "ValueError: CFBLOCK_MAX_WAIT: " in done.log
    done = crawl(edge / "ok", CFBLOCK_MONITOR=True, CFBLOCK_RECORDER="nowhere.Recorder")
    assert edge.counts() == {}
    assert "ValueError: CFBLOCK_RECORDER: " in done.log


def test_a_misspelt_setting_is_pointed_out(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        warn_of_misspelt(Settings({"CFBLOCK_MAXWAIT": 3, "CFBLOCK_REDIS_URL": "redis://localhost"}))
    (record,) = caplog.records
    assert record.getMessage() == (
        "There is no setting CFBLOCK_MAXWAIT; did you mean CFBLOCK_MAX_WAIT?"
    )


def test_dropping_needs_its_middleware(edge: Edge) -> None:
    settings = {"CFBLOCK_DROP": True, "DOWNLOADER_MIDDLEWARES": {CfblockMiddleware: 560}}
    with pytest.raises(ValueError, match=r"CFBLOCK_DROP.*CfblockDropMiddleware at 540"):
        CfblockMiddleware.from_crawler(Crawler(Spider, settings))
    placed = {
        "cfblock.integrations.scrapy.CfblockMiddleware": 560,
        "cfblock.integrations.scrapy.CfblockDropMiddleware": 540,
    }
    done = crawl(edge / "blocked-1020", ADDONS={}, CFBLOCK_DROP=True, DOWNLOADER_MIDDLEWARES=placed)
    assert done.errors["/blocked-1020"]["kind"] == "CloudflareIgnored"


def test_the_add_on_leaves_what_the_project_placed_itself() -> None:
    settings = Settings(
        {"DOWNLOADER_MIDDLEWARES": {"cfblock.integrations.scrapy.CfblockMiddleware": 570}}
    )
    CfblockAddon().update_settings(settings)
    assert settings.getdict("DOWNLOADER_MIDDLEWARES") == {
        "cfblock.integrations.scrapy.CfblockMiddleware": 570,
        CfblockDropMiddleware: 540,
    }


def test_domains_are_those_that_are_registered() -> None:
    assert domain_of("www.shop.co.uk") == domain_of("shop.co.uk") == ".shop.co.uk"
    assert domain_of("one.workers.dev") != domain_of("two.workers.dev")
    assert domain_of("127.0.0.1") == ".127.0.0.1"
    assert domain_of("localhost") == ".localhost"


def limited(**parts: Any) -> HtmlResponse:
    headers = {**EDGE, **parts.pop("headers", {})}
    return HtmlResponse(
        "https://shop.example.com/b", 429, headers, body=b"error code: 1015", **parts
    )


def test_the_peers_address_counts_unless_it_is_a_proxys() -> None:
    request = Request("https://shop.example.com/b")
    elsewhere = limited(ip_address="192.0.2.7")
    assert classify_scrapy(request, elsewhere).provenance == "contradicted"
    request.meta["proxy"] = "http://192.0.2.7:3128"
    assert classify_scrapy(request, elsewhere).provenance == "consistent"


def test_a_date_to_wait_for_is_counted_from_now_unless_it_is_an_old_one() -> None:
    request = Request("https://shop.example.com/b")
    late = {"Retry-After": "Fri, 31 Dec 2100 23:59:59 GMT"}
    fresh = classify_scrapy(request, limited(headers=late))
    assert fresh.retry_after is not None
    assert fresh.retry_after > 3600
    cached = classify_scrapy(request, limited(headers=late, flags=["cached"]))
    assert cached.retry_after != fresh.retry_after


def test_redirects_are_part_of_what_is_classified() -> None:
    login = "https://team.cloudflareaccess.com/cdn-cgi/access/login/shop.example.com?kid=1"
    request = Request(
        login,
        meta={"redirect_urls": ["https://shop.example.com/"], "redirect_reasons": [302]},
    )
    answer = HtmlResponse(login, 200, EDGE, body=b"<title>Sign in</title>")
    assert classify_scrapy(request, answer).class_ == "sign_in_required"


def test_a_new_project_needs_one_line(edge: Edge, tmp_path: Path) -> None:
    def scrapy(*arguments: str, directory: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PYTHON, "-m", "scrapy", *arguments],
            cwd=directory,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )

    scrapy("startproject", "shop", directory=tmp_path)
    project = tmp_path / "shop"
    scrapy("genspider", "pages", "127.0.0.1", directory=project)
    settings = project / "shop" / "settings.py"
    with settings.open("a") as lines:
        lines.write('ADDONS = {"cfblock.integrations.scrapy.CfblockAddon": 500}\n')
    (project / "shop" / "spiders" / "pages.py").write_text(
        "import scrapy\n\n\n"
        "class PagesSpider(scrapy.Spider):\n"
        '    name = "pages"\n'
        "    handle_httpstatus_list = [403]\n"
        f"    start_urls = [{edge / 'ok'!r}, {edge / 'blocked-1020'!r}]\n\n"
        "    def parse(self, response):\n"
        '        verdict = response.meta["cfblock"]\n'
        '        yield {"class": verdict.class_, "code": verdict.error_code}\n'
    )
    done = scrapy("crawl", "pages", "-O", "items.jsonl", directory=project)
    items = sorted((project / "items.jsonl").read_text().splitlines())
    assert items == [
        '{"class": "access_denied", "code": 1020}',
        '{"class": "passed", "code": null}',
    ]
    assert "'cfblock/code/1020': 1" in done.stderr
