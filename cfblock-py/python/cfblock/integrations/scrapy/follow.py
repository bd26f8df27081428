"""Translates advice into what Scrapy does: wait, slow down, send again, or not."""

from __future__ import annotations

import sys
import time
from collections import OrderedDict

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response

from cfblock._cfblock import Verdict
from cfblock.integrations.scrapy import meta
from cfblock.integrations.scrapy.pacing import Pacing, domain_of
from cfblock.integrations.scrapy.responses import classify_scrapy, host_of, is_fresh
from cfblock.integrations.scrapy.settings import SENDS_AGAIN, CfblockSettings
from cfblock.types import Advice
from cfblock.words import Action


class Follower:
    """Follows the first step of advice where Scrapy can take it, and no other step."""

    def __init__(self, crawler: Crawler, settings: CfblockSettings) -> None:
        self._crawler = crawler
        self._settings = settings
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
        return verdict.intercepted and verdict.class_ not in self._settings.leave_alone

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
        triage = verdict.triage(
            self._settings.policy,
            attempt=request.meta.get("retry_times", 0) + 1,
            tried=request.meta.get(meta.TRIED, ()),
            others_succeed=others_succeed,
        )
        request.meta[meta.TRIAGE] = triage
        step = triage.steps[0]
        if step["action"] not in SENDS_AGAIN:
            return None
        # A queue and a fault of single pages leave the rest of the site as it is.
        waits_alone = step["action"] == "join_queue" or (
            others_succeed is True and not verdict.blocked
        )
        if not self._pace(request, host, verdict, step, waits_alone=waits_alone):
            return None
        if step["action"] not in self._settings.retry:
            return None
        retry = self._retry(request, step, verdict.reason or verdict.class_)
        if retry is None:
            return None
        if waits_alone and step["wait"]:
            retry.meta[meta.NOT_BEFORE] = time.time() + step["wait"]
        return step["action"], retry

    def note(self, request: Request, response: Response, verdict: Verdict) -> None:
        """Remembers how the request fared, for the advice about others."""
        if is_fresh(response):
            self._neighbours.add(host_of(response), request, succeeds=not verdict.intercepted)

    def _pace(
        self, request: Request, host: str, verdict: Verdict, step: Advice, *, waits_alone: bool
    ) -> bool:
        """Spaces the requests to the site; false where it asks for more than the settings allow."""
        site = domain_of(host) if verdict.class_ == "rate_limited" else host
        longest = self._settings.max_wait
        seconds = step["wait"] or 0
        if step["action"] == "pause_host" and step["wait"] is None:
            # The time is not known, or it exceeds the policy.
            self._pacing.refuse(site, verdict.retry_after or longest, verdict)
            return False
        if seconds > longest:
            if not waits_alone:
                self._pacing.refuse(site, seconds, verdict)
            return False
        if seconds and not waits_alone:
            self._pacing.hold(site, seconds)
        if step["action"] == "slow_down":
            self._pacing.slow_down(site, request, seconds)
        return True

    def _retry(self, request: Request, step: Advice, reason: str) -> Request | None:
        if step["action"] == "join_queue":
            return self._refresh_queue(request, reason)
        retry = self._send_again(request, reason)
        # A back-off goes on, with longer waits, as long as there are attempts.
        if retry is not None and step["action"] != "back_off":
            tried = {"action": step["action"], "change": step["change"]}
            retry.meta[meta.TRIED] = [*request.meta.get(meta.TRIED, ()), tried]
        return retry

    def _refresh_queue(self, request: Request, reason: str) -> Request | None:
        """Keeps the place in a queue, which is no failed attempt."""
        queued = request.meta.get(meta.QUEUED, 0)
        if queued >= self._settings.queue_refreshes or not self._keeps_cookies(request):
            return None
        retry = self._send_again(request, reason, sys.maxsize)
        if retry is not None:
            retry.meta["retry_times"] = request.meta.get("retry_times", 0)
            retry.meta[meta.QUEUED] = queued + 1
        return retry

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
