"""A spider that several processes run at the same time, with the queue of scrapy-redis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from scrapy import Spider
from scrapy.http import Response
from scrapy_redis.spiders import RedisSpider


class PricesSpider(RedisSpider):  # type: ignore[misc]
    name = "prices"
    redis_key = "prices:start_urls"
    handle_httpstatus_all = True
    custom_settings: ClassVar[dict[str, Any]] = {
        "ADDONS": {"cfblock.integrations.scrapy.CfblockAddon": 500},
        "CFBLOCK_MONITOR": True,
        "CFBLOCK_RECORDER": "cfblock.integrations.redis.scrapy.RedisRecorder",
        "CFBLOCK_REDIS_INTERVAL": 0.2,
        "SCHEDULER": "scrapy_redis.scheduler.Scheduler",
        "DUPEFILTER_CLASS": "scrapy_redis.dupefilter.RFPDupeFilter",
        "CONCURRENT_REQUESTS": 8,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "DOWNLOAD_DELAY": 0.005,
        # The edge server can leave a new connection unread until another one ends.
        "DEFAULT_REQUEST_HEADERS": {"Connection": "close"},
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "INFO",
    }

    def parse(self, _response: Response) -> Iterator[dict[str, Any]]:
        yield from ()


assert issubclass(PricesSpider, Spider)
