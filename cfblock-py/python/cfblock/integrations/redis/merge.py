"""Puts what many workers saw into the order of time, for one monitor."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import asdict, dataclass
from operator import attrgetter
from typing import Any

from cfblock import Monitor
from cfblock.integrations.redis.records import Seen, Sent, Told, moment, parsed, told_from
from cfblock.types import Event

CLOCK_TOLERANCE_S = 2.0
"""Clocks that are further apart than this are set right by the time when batches arrive."""
MOST_PENDING = 200_000

_time: Callable[[Told], float] = attrgetter("time")


@dataclass
class Worker:
    """What is known about a worker: its latest batch, and up to when it has told everything."""

    number: int
    up_to: float
    offset: float
    heard: float
    has_ended: bool


@dataclass
class Numbers:
    """What the monitor was not fed: it arrived too late, never, or damaged."""

    late: int = 0
    missed: int = 0
    damaged: int = 0


class Merge:
    """Feeds a monitor in the order of time.

    A response waits until every worker has told what it saw up to then. A
    worker that has been silent for ``hold_s`` is no longer waited for; what it
    still tells about that time comes too late and is left out, since a monitor
    that is told of old successes would take them for a recovery.
    """

    def __init__(self, monitor: Monitor, hold_s: float) -> None:
        self.monitor = monitor
        self.numbers = Numbers()
        self._hold_s = hold_s
        self._workers: dict[str, Worker] = {}
        self._pending: list[Told] = []
        self._watermark = 0.0
        # Time in which batches arrive: it stands still while Redis is away,
        # so that nobody is taken for silent then.
        self._clock = 0.0
        self._newest = 0.0

    @property
    def pending(self) -> int:
        """How much waits for what other workers tell about the same time."""
        return len(self._pending)

    def take(self, sent: Sent) -> None:
        """Takes in one batch, in the order of arrival; a known one changes nothing."""
        batch = sent.batch
        known = self._workers.get(batch.worker)
        self._clock += min(max(sent.arrived - self._newest, 0.0), self._hold_s / 3)
        self._newest = max(sent.arrived, self._newest)
        if known is not None:
            if batch.number <= known.number:
                return
            self.numbers.missed += batch.number - known.number - 1
        offset = known.offset if known else 0.0
        measured = sent.arrived - sent.sent
        if abs(measured - offset) > CLOCK_TOLERANCE_S:
            offset = measured
        up_to = batch.up_to + offset
        if known is not None:
            up_to = max(up_to, known.up_to)
        self.numbers.damaged += batch.damaged
        for told in batch.told:
            time = min(told.time + offset, up_to)
            if time < self._watermark:
                self.numbers.late += 1
            else:
                self._pending.append(told._replace(time=time))
        # One that has ended is remembered, too: its last batch may come twice.
        self._workers[batch.worker] = Worker(
            batch.number, up_to, offset, self._clock, batch.is_last
        )

    def advance(self) -> list[Event]:
        """Feeds the monitor with all that is certain to be in order."""
        silent_since = self._clock - self._hold_s
        self._workers = {
            name: worker for name, worker in self._workers.items() if worker.heard >= silent_since
        }
        self._pending.sort(key=_time)
        latest = self._pending[-1].time if self._pending else self._watermark
        waited_for = (worker.up_to for worker in self._workers.values() if not worker.has_ended)
        reach = min(waited_for, default=latest)
        if len(self._pending) > MOST_PENDING:
            reach = max(reach, self._pending[-MOST_PENDING].time)
        self._watermark = max(reach, self._watermark)
        ready = bisect_right(self._pending, self._watermark, key=_time)
        events = []
        for told in self._pending[:ready]:
            try:
                events += self._feed(told)
            except (TypeError, ValueError):
                self.numbers.damaged += 1
        del self._pending[:ready]
        return events + self.monitor.tick(self._watermark)

    def _feed(self, told: Told) -> list[Event]:
        time, pipeline, host, class_, _ = told
        if isinstance(told, Seen):
            return self.monitor.observe(pipeline, host, class_, time, told.error_code)
        self.monitor.acted(pipeline, host, class_, told.action, time)
        return []

    def save(self) -> str:
        """All but the monitor's own state."""
        members = {
            "workers": {name: asdict(worker) for name, worker in self._workers.items()},
            "pending": self._pending,
            "watermark": self._watermark,
            "clock": self._clock,
            "newest": self._newest,
            "numbers": asdict(self.numbers),
        }
        return json.dumps(members, separators=(",", ":"))

    @classmethod
    def restore(cls, monitor: Monitor, hold_s: float, text: str) -> Merge:
        """Goes on where a saved one stopped; a ValueError where that makes no sense."""
        members = parsed(text)
        merge = cls(monitor, hold_s)
        try:
            merge._workers = {
                name: Worker(
                    number=_whole(worker["number"]),
                    up_to=_real(worker["up_to"]),
                    offset=_real(worker["offset"]),
                    heard=_real(worker["heard"]),
                    has_ended=worker["has_ended"] is True,
                )
                for name, worker in members["workers"].items()
            }
            merge._pending = [told_from(row) for row in members["pending"]]
            merge._watermark = moment("watermark", members["watermark"])
            merge._clock = _real(members["clock"])
            merge._newest = moment("newest", members["newest"])
            merge.numbers = Numbers(
                **{key: _whole(value) for key, value in members["numbers"].items()}
            )
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"the saved order of the workers is damaged: {error!r}") from error
        return merge


def _whole(number: Any) -> int:
    if type(number) is not int or number < 0:
        raise ValueError(f"found {number!r}, expected a count")
    return number


def _real(number: Any) -> float:
    if type(number) not in (int, float) or not abs(number) < 1e12:
        raise ValueError(f"found {number!r}, expected a number of seconds")
    return float(number)
