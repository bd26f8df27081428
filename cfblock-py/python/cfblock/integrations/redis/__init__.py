"""One monitor and one tally for a crawl over many workers, shared through Redis.

``SharedMonitor`` is what a worker uses; ``read_events`` is for a program that
only listens. Needs the package ``redis`` (``pip install "cfblock[redis]"``) and
a server of version 6.2 or later.
"""

from cfblock.integrations.redis.monitor import SharedMonitor, WorkerCounters, read_events
from cfblock.integrations.redis.records import SharedEvent
from cfblock.integrations.redis.store import Report

__all__ = ["Report", "SharedEvent", "SharedMonitor", "WorkerCounters", "read_events"]
