"""A crawl in a process of its own: reads a job as JSON, prints what happened as JSON lines.

A job has ``settings`` and ``requests``; a request has ``url``, and may have
``meta``, ``headers``, ``then`` (requests that its callback sends) and
``on_refusal`` (requests that are sent when its first answer is a 429).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import cfblock
import scrapy
from cfblock.integrations.scrapy import CloudflareIgnored, incident
from scrapy import signals
from scrapy.crawler import CrawlerProcess
from scrapy.resolver import dnscache
from scrapy.utils.httpobj import urlparse_cached


def tell(what: str, **members: Any) -> None:
    print(json.dumps({"what": what, "time": time.monotonic(), **members}), flush=True)


class JobSpider(scrapy.Spider):
    name = "job"

    def __init__(self, requests: list[dict[str, Any]]) -> None:
        super().__init__()
        self.requests = requests

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> JobSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.downloaded, signals.response_downloaded)
        crawler.signals.connect(spider.on_incident, incident)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        for request in self.requests:
            yield self.request(request)

    def request(self, job: dict[str, Any]) -> scrapy.Request:
        meta = {**job.get("meta", {}), "then": job.get("then", [])}
        meta["on_refusal"] = job.get("on_refusal", [])
        request = scrapy.Request(
            job["url"],
            callback=self.parse,
            errback=self.failed,
            headers=job.get("headers"),
            dont_filter=True,
            meta=meta,
        )
        dnscache[urlparse_cached(request).hostname] = "127.0.0.1"
        return request

    def downloaded(self, request: scrapy.Request, response: Any) -> None:
        tell("answer", url=response.url, status=response.status)
        if response.status == 429:
            for job in request.meta.pop("on_refusal", []):
                self.crawler.engine.crawl(self.request(job))

    def parse(self, response: Any) -> Iterator[scrapy.Request]:
        verdict = response.meta.get("cfblock")
        tell(
            "page",
            url=response.url,
            status=response.status,
            verdict=verdict and verdict.to_dict(),
            flags=response.flags,
            slot=response.meta.get("download_slot"),
            meta=sorted(response.meta),
        )
        for job in response.meta["then"]:
            yield self.request(job)

    def failed(self, failure: Any) -> None:
        value = failure.value
        is_ours = isinstance(value, CloudflareIgnored)
        tell(
            "error",
            url=failure.request.url,
            kind=type(value).__name__,
            verdict=value.verdict.to_dict() if is_ours else None,
            status=value.response.status if getattr(value, "response", None) else None,
            triage=value.triage.to_dict() if is_ours and value.triage else None,
            meta=sorted(failure.request.meta),
        )

    def on_incident(self, event: Any, spider: Any) -> None:
        tell("incident", event=event, spider=spider.name)


class DiagnosingSpider(JobSpider):
    """Asks from several vantages, and says at the end what the answers have in common."""

    observations: list[dict[str, Any]]

    def parse(self, response: Any) -> Iterator[scrapy.Request]:
        self.observations = [
            *getattr(self, "observations", []),
            {"verdict": response.meta["cfblock"], "vantage": response.meta["vantage"]},
        ]
        yield from super().parse(response)

    def closed(self, reason: str) -> None:  # noqa: ARG002
        tell("diagnosis", **cfblock.diagnose(self.observations).to_dict())


class BrokenRecorder:
    """A recorder whose service is gone."""

    def observe(self, *arguments: Any) -> Any:  # noqa: ARG002
        raise ConnectionError("no recorder here")

    acted = tick = close = observe


if __name__ == "__main__":
    job = json.load(sys.stdin)
    process = CrawlerProcess(
        {
            "ADDONS": {"cfblock.integrations.scrapy.CfblockAddon": 500},
            "COOKIES_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "ROBOTSTXT_OBEY": False,
            "HTTPERROR_ALLOW_ALL": True,
            "DOWNLOAD_DELAY": 0,
            # The edge server can leave a connection unanswered when it has more than four.
            "CONCURRENT_REQUESTS": 3,
            **job["settings"],
        }
    )
    spider = DiagnosingSpider if job["diagnose"] else JobSpider
    crawler = process.create_crawler(spider)
    process.crawl(crawler, requests=job["requests"])
    process.start()
    stats = crawler.stats.get_stats() if crawler.stats else {}
    tell("stats", stats={name: value for name, value in stats.items() if isinstance(value, int)})
