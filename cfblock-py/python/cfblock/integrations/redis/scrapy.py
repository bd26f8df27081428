"""The shared monitor in a Scrapy crawl: a recorder for ``cfblock.integrations.scrapy``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from cfblock import Verdict
from cfblock.integrations.redis.monitor import SharedMonitor
from cfblock.integrations.redis.records import SharedEvent
from cfblock.words import Action, Class

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class RedisRecorder:
    """Tells the shared monitor what a crawl sees, and the crawl what the monitor finds.

    Only a thread of the monitor's own ever waits for Redis; the last batch is
    sent when the spider closes.
    """

    def __init__(self, monitor: SharedMonitor) -> None:
        self.monitor = monitor
        self._pipelines: set[str] = set()
        monitor.start()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Reads the settings ``CFBLOCK_REDIS_*``; the server may be that of scrapy-redis."""
        settings = crawler.settings
        url = settings.get("CFBLOCK_REDIS_URL") or settings.get("REDIS_URL")
        if not url:
            raise ValueError("CFBLOCK_REDIS_URL is not set, and neither is REDIS_URL")
        interval_s = settings.getfloat("CFBLOCK_REDIS_INTERVAL", 1.0)
        return cls(
            SharedMonitor(
                url,
                key_prefix=settings.get("CFBLOCK_REDIS_PREFIX", "cfblock"),
                worker=settings.get("CFBLOCK_REDIS_WORKER"),
                interval_s=interval_s,
                hold_s=settings.getfloat("CFBLOCK_REDIS_HOLD", 10 * interval_s),
            )
        )

    def observe(
        self, pipeline: str, host: str, verdict: Verdict, time: float
    ) -> Iterable[SharedEvent]:
        """Takes a response into account; returns the events that came in meanwhile."""
        self._pipelines.add(pipeline)
        self.monitor.observe(pipeline, host, verdict, time)
        return self._events()

    def acted(self, pipeline: str, host: str, class_: Class, action: Action, time: float) -> None:
        """Takes in what was done about an incident."""
        self.monitor.acted(pipeline, host, class_, action, time)

    def tick(self, time: float) -> Iterable[SharedEvent]:  # noqa: ARG002 - the leader has the time
        """The events that came in meanwhile."""
        return self._events()

    def close(self, time: float) -> Iterable[SharedEvent]:  # noqa: ARG002 - the leader has the time
        """Sends the rest; returns the last events."""
        self.monitor.close()
        return self._events()

    def _events(self) -> list[SharedEvent]:
        # Other spiders may use the same keys; their incidents are not this one's.
        return [event for event in self.monitor.events() if event["pipeline_id"] in self._pipelines]
