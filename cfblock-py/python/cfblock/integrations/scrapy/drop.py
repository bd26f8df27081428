"""Keeps intercepted responses from callbacks, after RetryMiddleware had its turn."""

from __future__ import annotations

from typing import ClassVar

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from cfblock._cfblock import Triage, Verdict
from cfblock.integrations.scrapy import meta
from cfblock.integrations.scrapy.settings import CfblockSettings, logger


class CloudflareIgnored(IgnoreRequest):
    """Cloudflare answered in place of the site, and the answer is kept from the callback.

    Errbacks get it as ``failure.value``. ``response`` is the answer; it is None
    for a request that was not sent because its site asked for a pause, where
    ``verdict`` is the one that asked. ``triage`` says what else could be done,
    if advice was followed so far.
    """

    def __init__(
        self, verdict: Verdict, response: Response | None = None, triage: Triage | None = None
    ) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict
        self.response = response
        self.triage = triage


class CfblockDropMiddleware:
    """Raises ``CloudflareIgnored`` for intercepted responses where ``CFBLOCK_DROP`` says so."""

    POSITION: ClassVar = 540

    def __init__(self, crawler: Crawler, settings: CfblockSettings) -> None:
        assert crawler.stats is not None
        self._crawler = crawler
        self._stats = crawler.stats
        self._settings = settings

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CfblockDropMiddleware:
        """Called by Scrapy."""
        return cls(crawler, CfblockSettings.read_if_enabled(crawler))

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002
    ) -> Response:
        """Lets the response pass, or raises."""
        triage = request.meta.pop(meta.TRIAGE, None)
        if request.meta.pop(meta.KEPT_FROM_RETRY, None):
            del request.meta["dont_retry"]
        verdict = request.meta.get(meta.VERDICT)
        if not isinstance(verdict, Verdict) or not self._drops(request, verdict):
            return response
        self._stats.inc_value(f"cfblock/dropped/{verdict.class_}")
        logger.log(
            self._settings.log_level,
            "Dropped %(request)s: %(verdict)s%(too_long)s",
            {
                "request": request,
                "verdict": verdict,
                "too_long": self._too_long_a_wait(verdict, triage),
            },
            extra={"spider": self._crawler.spider},
        )
        raise CloudflareIgnored(verdict, response, triage)

    def _too_long_a_wait(self, verdict: Verdict, triage: Triage | None) -> str:
        asks_for = verdict.retry_after or (triage.steps[0]["wait"] if triage else None) or 0
        longest = self._settings.max_wait
        if triage is None or asks_for <= longest:
            return ""
        return f"; it asks for {asks_for} s, CFBLOCK_MAX_WAIT is {longest:g}"

    def _drops(self, request: Request, verdict: Verdict) -> bool:
        return (
            verdict.intercepted
            and not request.meta.get(meta.SKIP)
            and verdict.class_ not in self._settings.leave_alone
            and bool(request.meta.get(meta.DROP, self._settings.drop))
        )
