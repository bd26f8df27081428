"""Annotates responses before RetryMiddleware sees them, and follows advice where asked to."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable
from typing import Any, ClassVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from cfblock._cfblock import Verdict
from cfblock.integrations.scrapy import meta
from cfblock.integrations.scrapy.drop import CfblockDropMiddleware, CloudflareIgnored
from cfblock.integrations.scrapy.follow import Follower
from cfblock.integrations.scrapy.recorder import Reporter
from cfblock.integrations.scrapy.responses import classify_scrapy, host_of, is_fresh, is_http
from cfblock.integrations.scrapy.settings import CfblockSettings, logger, warn_of_misspelt
from cfblock.integrations.scrapy.sleep import sleep
from cfblock.types import Advice
from cfblock.words import Action


class CfblockMiddleware:
    """Annotates responses; follows advice where ``CFBLOCK_ACT`` says so.

    It sees responses decompressed and after redirects, and before
    RetryMiddleware decides by their status alone.
    """

    POSITION: ClassVar = 560

    def __init__(self, crawler: Crawler, settings: CfblockSettings) -> None:
        assert crawler.stats is not None
        self._crawler = crawler
        self._stats = crawler.stats
        self._settings = settings
        self._follower = Follower(crawler, settings)
        self._reporter = Reporter(crawler, settings.recorder) if settings.monitor else None
        crawler.signals.connect(self._downloaded, signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CfblockMiddleware:
        """Called by Scrapy."""
        settings = CfblockSettings.read_if_enabled(crawler)
        warn_of_misspelt(crawler.settings)
        if (settings.act or settings.drop) and not _is_installed(
            crawler.settings, CfblockDropMiddleware
        ):
            raise ValueError(
                "CFBLOCK_ACT, CFBLOCK_DROP: DOWNLOADER_MIDDLEWARES lacks "
                "cfblock.integrations.scrapy.CfblockDropMiddleware at "
                f"{CfblockDropMiddleware.POSITION}; CfblockAddon puts it there"
            )
        return cls(crawler, settings)

    def process_request(
        self,
        request: Request,
        spider: Spider | None = None,  # noqa: ARG002
    ) -> Awaitable[None] | None:
        """Refuses requests to a site that asked for a longer pause than allowed.

        A request that waits alone waits here, before it takes a place in its
        download slot, so that it is sent as any other request to its host.
        """
        if not self._acts_on(request):
            return None
        seconds = request.meta.get(meta.NOT_BEFORE, 0.0) - time.time()
        if seconds > 0:
            return self._wait_alone(request, seconds)
        self._refuse_if_paused(request)
        return None

    async def _wait_alone(self, request: Request, seconds: float) -> None:
        await sleep(seconds)
        self._refuse_if_paused(request)

    def _refuse_if_paused(self, request: Request) -> None:
        refusal = self._follower.refusal(request)
        if refusal is not None:
            verdict, seconds = refusal
            self._stats.inc_value("cfblock/refused")
            logger.log(
                self._settings.log_level,
                "Not sent: %(request)s; the site is paused for another %(seconds)d s: %(verdict)s",
                {"request": request, "seconds": math.ceil(seconds), "verdict": verdict},
                extra=self._extra,
            )
            raise CloudflareIgnored(verdict)

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002
    ) -> Request | Response:
        """Annotates the response; answers with another request where advice is followed."""
        if request.meta.get(meta.SKIP) or not is_http(response):
            return response
        verdict = classify_scrapy(request, response)
        request.meta[meta.VERDICT] = verdict
        step = verdict.triage(self._settings.policy).steps[0] if verdict.intercepted else None
        self._count(response, verdict, step["action"] if step else verdict.action)
        if step:
            response.flags.append(f"cfblock:{verdict.class_}")
            self._log(request, response, verdict, step)
        if self._reporter is not None and is_fresh(response):
            self._reporter.observe(host_of(response), verdict)
        if self._acts_on(request):
            retry = self._act(request, response, verdict)
            self._follower.note(request, response, verdict)
            return retry or response
        return response

    def _act(self, request: Request, response: Response, verdict: Verdict) -> Request | None:
        if not self._follower.may_act_on(verdict):
            return None
        followed = self._follower.follow(request, response, verdict)
        if followed is None:
            # RetryMiddleware would send it again, against the advice.
            if not request.meta.get("dont_retry"):
                request.meta["dont_retry"] = request.meta[meta.KEPT_FROM_RETRY] = True
            return None
        action, retry = followed
        if self._reporter is not None:
            self._reporter.acted(host_of(response), verdict, action)
        return retry

    def _downloaded(self, request: Request, response: Response) -> None:
        if self._acts_on(request) and is_http(response):
            self._follower.hold_early(request, response)

    def _acts_on(self, request: Request) -> bool:
        return not request.meta.get(meta.SKIP) and bool(
            request.meta.get(meta.ACT, self._settings.act)
        )

    def _count(self, response: Response, verdict: Verdict, action: Action) -> None:
        if not is_fresh(response):
            self._stats.inc_value(f"cfblock/cached/{verdict.class_}")
            return
        self._stats.inc_value(f"cfblock/class/{verdict.class_}")
        self._stats.inc_value(f"cfblock/action/{action}")
        if verdict.error_code is not None:
            self._stats.inc_value(f"cfblock/code/{verdict.error_code}")

    def _log(self, request: Request, response: Response, verdict: Verdict, step: Advice) -> None:
        logger.log(
            self._settings.log_level,
            "Cloudflare answered %(request)s with %(status)d%(cached)s: %(verdict)s; "
            "Ray ID %(ray_id)s; next step: %(action)s%(wait)s",
            {
                "request": request,
                "status": response.status,
                "verdict": verdict,
                "cached": "" if is_fresh(response) else " (cached)",
                "ray_id": verdict.ray_id or "unknown",
                "action": step["action"],
                "wait": f" ({step['wait']} s)" if step["wait"] else "",
            },
            extra=self._extra,
        )

    @property
    def _extra(self) -> dict[str, Any]:
        return {"spider": self._crawler.spider}


def _is_installed(settings: BaseSettings, middleware: type) -> bool:
    configured = settings.getdict("DOWNLOADER_MIDDLEWARES")
    return any(
        position is not None and load_object(name) is middleware
        for name, position in configured.items()
    )
