"""Translates advice into what Scrapy does: wait, slow down, send again, or not."""

from __future__ import annotations

import sys
import time
from collections import OrderedDict

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response

from cfblock._cfblock import Course, Verdict
from cfblock.integrations._following import concerns, policy_within
from cfblock.integrations.scrapy import meta
from cfblock.integrations.scrapy.pacing import Pacing, domain_of
from cfblock.integrations.scrapy.responses import classify_scrapy, host_of, is_fresh
from cfblock.integrations.scrapy.settings import CfblockSettings
from cfblock.types import Next, Pause
from cfblock.words import Action, Held

DAY_S = 86_400


class Follower:
    """Follows the course of each request, as far as Scrapy can take its steps."""

    def __init__(self, crawler: Crawler, settings: CfblockSettings) -> None:
        self._crawler = crawler
        self._settings = settings
        self._policy = policy_within(
            settings.policy,
            max_wait=int(min(settings.max_wait, DAY_S)),
            max_queue=int(min(settings.max_queue, DAY_S)),
        )
        self._pacing = Pacing(crawler, settings.max_delay)
        self._neighbours = _Neighbours()

    def refusal(self, request: Request) -> tuple[Verdict, float] | None:
        """The verdict because of which the request is not to be sent, and for how many seconds."""
        return self._pacing.refusal(request)

    def hold_early(self, request: Request, response: Response) -> None:
        """Holds a domain that limits the rate before its slot sends the next request."""
        verdict = classify_scrapy(request, response)
        seconds = verdict.retry_after or 0
        if (
            verdict.class_ == "rate_limited"
            and self.may_act_on(verdict)
            and 0 < seconds <= self._settings.max_wait
        ):
            self._pacing.hold(domain_of(host_of(response)), seconds)

    def may_act_on(self, verdict: Verdict) -> bool:
        """Whether the settings leave the verdict to advice."""
        asks = concerns(verdict) or verdict.status == 429
        return asks and verdict.class_ not in self._settings.leave_alone

    def follow(
        self, request: Request, response: Response, verdict: Verdict
    ) -> tuple[Action, Request] | None:
        """The request to send in place of the response, and the advice that it follows."""
        if not is_fresh(response):
            # What the cache kept of an earlier crawl says nothing about the site now.
            retry = self._send_again(request, "cached")
            return ("retry", retry) if retry else None
        host = host_of(response)
        others_succeed = self._neighbours.succeed(host, request)
        kept = request.meta.get(meta.COURSE)
        course = (
            Course.from_json(kept)
            if kept
            else Course(self._policy, method=request.method, can=["pause_host"])
        )
        following = course.next(verdict, others_succeed=others_succeed)
        request.meta[meta.COURSE] = course.to_json()
        request.meta[meta.TRIAGE] = verdict.triage(
            self._settings.policy,
            attempt=course.attempts,
            others_succeed=others_succeed,
            method=request.method,
        )
        seconds, whom, step = following["seconds"], following["whom"], following["step"]
        if seconds is None:
            if following["hold"] is not None:
                self._hold_others(host, following["hold"], verdict)
            return None
        if verdict.class_ == "rate_limited" or step["action"] == "slow_down":
            self._pacing.slow_down(self._site(host, "site"), request, seconds)
        if whom != "request":
            self._pacing.hold(self._site(host, whom), seconds)
        if step["action"] not in self._settings.retry:
            return None
        in_queue = step["action"] == "join_queue"
        if not (self._keeps_cookies(request) if in_queue else self._has_retries(request)):
            return None
        retry = self._retry(request, following, verdict.reason or verdict.class_)
        if retry is None:
            return None
        if whom == "request":
            retry.meta[meta.NOT_BEFORE] = time.time() + seconds
        return step["action"], retry

    def _hold_others(self, host: str, pause: Pause, verdict: Verdict) -> None:
        """Keeps others from being sent too early; they end only where it takes too long."""
        site = self._site(host, pause["whom"])
        if pause["whom"] == "request":
            return
        if pause["seconds"] <= self._settings.max_wait:
            self._pacing.hold(site, pause["seconds"])
        else:
            self._pacing.refuse(site, pause["seconds"], verdict)

    @staticmethod
    def _site(host: str, whom: Held | None) -> str:
        return domain_of(host) if whom == "site" else host

    def note(self, request: Request, response: Response, verdict: Verdict) -> None:
        """Remembers how the request fared, for the advice about others."""
        if is_fresh(response):
            self._neighbours.add(host_of(response), request, succeeds=not verdict.intercepted)

    def _retry(self, request: Request, following: Next, reason: str) -> Request | None:
        """The request to send again; what is held back costs none of its retries."""
        retry = self._send_again(
            request, reason, None if following["next"] == "send_again" else sys.maxsize
        )
        if retry is not None and following["next"] == "hold":
            retry.meta["retry_times"] = request.meta.get("retry_times", 0)
        return retry

    def _has_retries(self, request: Request) -> bool:
        """Whether anybody wants retries of the request at all; a place in a queue needs none."""
        most = request.meta.get("max_retry_times")
        return most != 0 and (most is not None or self._crawler.settings.getint("RETRY_TIMES") > 0)

    def _keeps_cookies(self, request: Request) -> bool:
        enabled = self._crawler.settings.getbool("COOKIES_ENABLED")
        return enabled and not request.meta.get("dont_merge_cookies")

    def _send_again(
        self, request: Request, reason: str, max_retry_times: int | None = None
    ) -> Request | None:
        if request.meta.get("dont_retry"):
            return None
        assert self._crawler.spider is not None
        retry = get_retry_request(
            request,
            spider=self._crawler.spider,
            reason=reason,
            max_retry_times=max_retry_times,
            priority_adjust=request.meta.get("priority_adjust"),
            stats_base_key="cfblock/retry",
        )
        if retry is not None:
            retry.meta.pop(meta.VERDICT, None)
            retry.meta.pop(meta.TRIAGE, None)
            # The answer that was just refused may be in the HTTP cache by now.
            retry.meta["dont_cache"] = True
        return retry


class _Neighbours:
    """How the latest request to a host fared, for as long as that is news to others."""

    NEWS_S = 120.0
    MOST_HOSTS = 10_000

    def __init__(self) -> None:
        self._latest: OrderedDict[str, tuple[str, bool, float]] = OrderedDict()

    def add(self, host: str, request: Request, *, succeeds: bool) -> None:
        self._latest[host] = (request.url, succeeds, time.monotonic())
        self._latest.move_to_end(host)
        if len(self._latest) > self.MOST_HOSTS:
            self._latest.popitem(last=False)

    def succeed(self, host: str, request: Request) -> bool | None:
        url, succeeds, when = self._latest.get(host, (request.url, False, 0.0))
        is_news = url != request.url and time.monotonic() - when < self.NEWS_S
        return succeeds if is_news else None
