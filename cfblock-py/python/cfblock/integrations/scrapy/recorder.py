"""The monitor in a crawl: what is observed, and how its events are reported."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, Protocol

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.utils.job import job_dir
from scrapy.utils.misc import build_from_crawler

from cfblock._cfblock import Monitor, Verdict
from cfblock.integrations.scrapy.settings import logger
from cfblock.types import Event
from cfblock.words import Action, Class

try:
    from scrapy.utils.asyncio import create_looping_call
except ImportError:  # Scrapy before 2.14
    from twisted.internet.task import LoopingCall as create_looping_call  # type: ignore[assignment]

incident: Final = object()
"""The signal for events of the monitor; its handlers take ``event`` and ``spider``."""

TICK_S = 5.0


class Recorder(Protocol):
    """What takes in the answers of a crawl, and finds the incidents in them.

    ``CFBLOCK_RECORDER`` names the class; it is made by ``from_crawler`` if it
    has one. All methods are called in Scrapy's own thread and must not wait
    for anything. Times are seconds since 1970.
    """

    def observe(self, pipeline: str, host: str, verdict: Verdict, time: float) -> Iterable[Event]:
        """Takes in one fresh answer, the site's own ones included."""

    def acted(self, pipeline: str, host: str, class_: Class, action: Action, time: float) -> None:
        """Takes in that advice was followed."""

    def tick(self, time: float) -> Iterable[Event]:
        """Called every few seconds."""

    def close(self, time: float) -> Iterable[Event]:
        """Called once, when the spider closes."""


class MonitorRecorder:
    """One monitor for the crawl. With ``JOBDIR`` its state is there when the crawl goes on."""

    def __init__(self, state: Path | None = None) -> None:
        self._state = state
        self.monitor = self._restored() or Monitor()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> MonitorRecorder:
        """Called by Scrapy."""
        directory = job_dir(crawler.settings)
        return cls(Path(directory) / "cfblock-monitor.json" if directory else None)

    def _restored(self) -> Monitor | None:
        if self._state is None or not self._state.exists():
            return None
        try:
            return Monitor.restore(self._state.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            logger.warning("The monitor starts anew: %s cannot be read: %s", self._state, error)
            return None

    def observe(self, pipeline: str, host: str, verdict: Verdict, time: float) -> Iterable[Event]:
        """Takes in one fresh answer."""
        return self.monitor.observe(pipeline, host, verdict, time)

    def acted(self, pipeline: str, host: str, class_: Class, action: Action, time: float) -> None:
        """Takes in that advice was followed."""
        self.monitor.acted(pipeline, host, class_, action, time)

    def tick(self, time: float) -> Iterable[Event]:
        """Gives up what has lasted too long."""
        return self.monitor.tick(time)

    def close(self, time: float) -> Iterable[Event]:
        """Saves the state."""
        events = self.monitor.tick(time)
        if self._state is not None:
            beside = self._state.with_suffix(".tmp")
            beside.write_text(self.monitor.save(), encoding="utf-8")
            beside.replace(self._state)
        return events


class Reporter:
    """Feeds the recorder, and reports its events as stats, log lines and signals.

    A recorder that fails is counted and logged once; the crawl goes on.
    """

    def __init__(self, crawler: Crawler, recorder: Any) -> None:
        self._crawler = crawler
        self.recorder: Recorder = build_from_crawler(recorder, crawler)
        self._has_failed = False
        crawler.signals.connect(self._opened, signals.spider_opened)
        crawler.signals.connect(self._closed, signals.spider_closed)

    def observe(self, host: str, verdict: Verdict) -> None:
        """Takes in one fresh answer."""
        self._report(self.recorder.observe, self._spider.name, host, verdict)

    def acted(self, host: str, verdict: Verdict, action: Action) -> None:
        """Takes in that advice was followed."""
        self._report(self.recorder.acted, self._spider.name, host, verdict.class_, action)

    def _opened(self) -> None:
        self._ticking = create_looping_call(self._tick)
        self._ticking.start(TICK_S, now=False)

    def _tick(self) -> None:
        self._report(self.recorder.tick)

    def _closed(self) -> None:
        if self._ticking.running:
            self._ticking.stop()
        self._report(self.recorder.close)

    @property
    def _spider(self) -> Spider:
        assert self._crawler.spider is not None
        return self._crawler.spider

    def _report(self, record: Callable[..., Iterable[Event] | None], *arguments: Any) -> None:
        try:
            events = list(record(*arguments, time.time()) or ())
        except Exception:
            self._count("cfblock/recorder_error")
            if not self._has_failed:
                self._has_failed = True
                logger.exception("%r failed; the crawl goes on", self.recorder)
            return
        for event in events:
            self._announce(event)

    def _announce(self, event: Event) -> None:
        kind = event["event"].removeprefix("incident_")
        self._count(f"cfblock/incident/{kind}")
        logger.log(
            logging.WARNING if kind in ("opened", "given_up") else logging.INFO,
            "Incident %(kind)s: %(class)s %(code)s at %(host)s since %(since)s",
            {
                "kind": kind,
                "class": event["class"],
                "code": event["error_code"] or "",
                "host": event["host"],
                "since": event["opened_at"],
            },
            extra={"spider": self._spider},
        )
        self._crawler.signals.send_catch_log(incident, event=event, spider=self._spider)

    def _count(self, name: str) -> None:
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value(name)
