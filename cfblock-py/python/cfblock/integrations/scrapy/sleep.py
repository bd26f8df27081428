"""Waits without holding up the crawl, with whatever loop Scrapy runs on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred

try:
    from scrapy.utils.asyncio import call_later
except ImportError:  # Scrapy before 2.14

    def call_later(delay: float, func: Callable[..., Any], *args: Any) -> Any:  # type: ignore[misc]
        """Calls the function after some seconds."""
        # Importing it installs a reactor, which is for Scrapy to choose.
        from twisted.internet import reactor

        return reactor.callLater(delay, func, *args)  # type: ignore[arg-type]


async def sleep(seconds: float) -> None:
    """Returns after some seconds."""
    waited: Deferred[None] = Deferred()
    call_later(seconds, waited.callback, None)
    await maybe_deferred_to_future(waited)
