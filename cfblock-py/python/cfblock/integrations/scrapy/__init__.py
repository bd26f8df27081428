"""Scrapy: which responses Cloudflare gave in place of the site, and what to do about them.

Switched on by one line of ``settings.py``::

    ADDONS = {"cfblock.integrations.scrapy.CfblockAddon": 500}

Callbacks then find the verdict in ``response.meta["cfblock"]``. No request is
changed unless a setting asks for it; ``docs/scrapy.md`` lists the settings.
"""

from cfblock.integrations.scrapy.addon import CfblockAddon
from cfblock.integrations.scrapy.drop import CfblockDropMiddleware, CloudflareIgnored
from cfblock.integrations.scrapy.middleware import CfblockMiddleware
from cfblock.integrations.scrapy.recorder import MonitorRecorder, Recorder, incident

__all__ = [
    "CfblockAddon",
    "CfblockDropMiddleware",
    "CfblockMiddleware",
    "CloudflareIgnored",
    "MonitorRecorder",
    "Recorder",
    "incident",
]
