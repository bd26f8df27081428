"""The add-on: puts the middlewares where they belong."""

from __future__ import annotations

from scrapy.settings import BaseSettings

from cfblock.integrations.scrapy.drop import CfblockDropMiddleware
from cfblock.integrations.scrapy.middleware import CfblockMiddleware


class CfblockAddon:
    """Puts the middlewares around RetryMiddleware, unless the project placed them itself."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy before a crawl starts."""
        for middleware in (CfblockMiddleware, CfblockDropMiddleware):
            settings.setdefault_in_component_priority_dict(
                "DOWNLOADER_MIDDLEWARES", middleware, middleware.POSITION
            )
