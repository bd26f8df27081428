"""Spaces the requests to a site by the delays of Scrapy's download slots."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import scrapy.core.downloader
import tldextract
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler

from cfblock._cfblock import Verdict
from cfblock.integrations.scrapy.responses import host_of

if TYPE_CHECKING:
    from scrapy.core.downloader import Downloader, Slot

MOST_SITES = 10_000
# A slot without any delay never looks at when it may send again.
LEAST_DELAY = 0.01
FIRST_SLOW_DELAY = 1.0

# Scrapy before 2.14 measures in slots by the wall clock.
_slot_clock = getattr(scrapy.core.downloader, "monotonic", time.time)
_extract = tldextract.TLDExtract(
    suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True
)


def domain_of(host: str) -> str:
    """All hosts of the registrable domain that a host belongs to, such as ``.shop.co.uk``."""
    parts = _extract(host)
    return f".{parts.domain}.{parts.suffix}" if parts.domain and parts.suffix else f".{host}"


@dataclass
class _Pace:
    """How a site is to be asked; times are seconds since 1970."""

    held_until: float = 0.0
    delay: float = 0.0
    slowed_until: float = 0.0
    refused_until: float = 0.0
    refused_by: Verdict | None = None


class Pacing:
    """Holds, slows down and refuses the requests to sites.

    A site is a host, or all hosts of a domain as ``domain_of`` names them.
    Requests are held in their download slot, where they wait as they do for
    ``DOWNLOAD_DELAY``: other sites go on, as far as ``CONCURRENT_REQUESTS``
    leaves room.
    """

    def __init__(self, crawler: Crawler, max_delay: float) -> None:
        self._crawler = crawler
        self._max_delay = max_delay
        self._paces: OrderedDict[str, _Pace] = OrderedDict()
        crawler.signals.connect(self._reached_downloader, signals.request_reached_downloader)

    def hold(self, site: str, seconds: float) -> None:
        """Sends nothing to the site for some seconds."""
        pace = self._pace(site)
        pace.held_until = max(pace.held_until, time.time() + seconds)
        self._apply_to(site)

    def slow_down(self, site: str, request: Request, seconds: float) -> None:
        """Doubles the delay between requests to the site, once in that many seconds."""
        pace, now = self._pace(site), time.time()
        if now < pace.slowed_until:
            return
        slot = self._slot(request)
        delay = max(pace.delay, slot.delay if slot else 0.0)
        pace.delay = min(max(2 * delay, FIRST_SLOW_DELAY), self._max_delay)
        pace.slowed_until = now + max(seconds, pace.delay)
        self._apply_to(site)

    def refuse(self, site: str, seconds: float, verdict: Verdict) -> None:
        """Has ``refusal`` answer with the verdict for some seconds."""
        pace = self._pace(site)
        pace.refused_until = max(pace.refused_until, time.time() + seconds)
        pace.refused_by = verdict

    def refusal(self, request: Request) -> tuple[Verdict, float] | None:
        """The verdict because of which nothing is to be sent to the site, and for how long."""
        now = time.time()
        for pace in self._paces_for(request):
            if pace.refused_by is not None and now < pace.refused_until:
                return pace.refused_by, pace.refused_until - now
        return None

    def _pace(self, site: str) -> _Pace:
        pace = self._paces.setdefault(site, _Pace())
        self._paces.move_to_end(site)
        if len(self._paces) > MOST_SITES:
            self._paces.popitem(last=False)
        return pace

    def _paces_for(self, request: Request) -> list[_Pace]:
        if not self._paces:
            return []
        host = host_of(request)
        return [self._paces[site] for site in (host, domain_of(host)) if site in self._paces]

    @property
    def _downloader(self) -> Downloader:
        assert self._crawler.engine is not None
        return self._crawler.engine.downloader

    def _slot(self, request: Request) -> Slot | None:
        downloader = self._downloader
        return downloader.slots.get(request.meta.get(downloader.DOWNLOAD_SLOT, ""))

    def _apply_to(self, site: str) -> None:
        """To the requests on their way; ``_reached_downloader`` sees to those that come later."""
        for request in self._downloader.active:
            host = host_of(request)
            if site in (host, domain_of(host)):
                self._apply(request)

    def _reached_downloader(self, request: Request, spider: Spider) -> None:  # noqa: ARG002
        if self._paces:
            self._apply(request)

    def _apply(self, request: Request) -> None:
        slot = self._slot(request)
        if slot is None:
            return
        paces = self._paces_for(request)
        slot.delay = max([slot.delay, *(pace.delay for pace in paces)])
        seconds = max((pace.held_until for pace in paces), default=0.0) - time.time()
        if seconds > 0:
            slot.delay = max(slot.delay, LEAST_DELAY)
            slot.lastseen = max(slot.lastseen, _slot_clock() + seconds)
