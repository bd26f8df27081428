"""The monitor that many workers share."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time as clock
from collections import Counter, deque
from collections.abc import Callable
from secrets import token_hex
from types import TracebackType
from typing import Any, Self, TypedDict

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisClusterException
from redis.retry import Retry

from cfblock import Monitor, Verdict
from cfblock.integrations.redis.leader import Leader
from cfblock.integrations.redis.records import Acted, Batch, Kind, Seen, SharedEvent, Told
from cfblock.integrations.redis.store import OTHER_HOSTS, Client, Report, Store, count_of
from cfblock.types import TallyRow
from cfblock.words import Action, Class

logger = logging.getLogger("cfblock.integrations.redis")

WEEK_S = 7 * 24 * 3600
MOST_KINDS = 50_000
MOST_EVENTS_KEPT = 10_000
EVENTS_A_READ = 1000


class WorkerCounters(TypedDict):
    """What has become of the responses that one worker saw, and what it could not read."""

    observed: int
    sent: int
    waiting: int
    not_watched: int
    in_doubt: int
    damaged: int


class SharedMonitor:
    """One monitor and one tally for all workers that use the same Redis and ``key_prefix``.

    ``observe`` only remembers; ``flush`` talks to Redis. Either call ``flush``
    every ``interval_s`` from a thread that may wait, or let ``start`` (or a
    ``with`` block) do so. No trouble with Redis is ever raised by these: it is
    logged once, and what was seen is kept and sent later.

    ``monitor`` makes the monitor, with its settings, where none is saved yet.
    Make the object after a fork, not before.
    """

    def __init__(
        self,
        client: Client | str,
        *,
        key_prefix: str = "cfblock",
        worker: str | None = None,
        batch: int = 2000,
        interval_s: float = 1.0,
        hold_s: float = 10.0,
        checkpoint_s: float = 10.0,
        keep_s: int = WEEK_S,
        max_waiting: int = 100_000,
        max_rows: int = 100_000,
        monitor: Callable[[], Monitor] = Monitor,
        events_after: str | None = None,
    ) -> None:
        for setting, value in {
            "batch": batch,
            "max_waiting": max_waiting,
            "keep_s": keep_s,
        }.items():
            if value < 1:
                raise ValueError(f"{setting} is {value}, expected a number above 0")
        if not 0 < interval_s <= hold_s / 3:
            raise ValueError(f"interval_s is {interval_s}, expected at most a third of hold_s")
        self._client = _connected(client)
        self._store = Store(self._client, key_prefix, keep_s=keep_s, max_rows=max_rows)
        self._name = (worker or f"{socket.gethostname()}:{os.getpid()}")[:200]
        self._batch_size = batch
        self._interval_s = interval_s
        self._max_waiting = max_waiting
        self._leader_settings: Any = {
            "monitor": monitor,
            "hold_s": hold_s,
            "checkpoint_s": checkpoint_s,
            "lease_s": hold_s,
        }

        self._seeing = threading.Lock()
        self._waiting: deque[Told] = deque()
        self._uncounted: Counter[Kind] = Counter()
        self._latest = 0.0
        self._counters = WorkerCounters(
            observed=0, sent=0, waiting=0, not_watched=0, in_doubt=0, damaged=0
        )

        self._sending = threading.Lock()
        self._part: str | None = None
        self._number = 0
        self._leader: Leader | None = None
        self._unsent: Batch | None = None
        self._was_tried = False
        self._is_failing = False
        self._is_closed = False

        self._events_after = events_after
        self._events: deque[SharedEvent] = deque(maxlen=MOST_EVENTS_KEPT)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def observe(
        self,
        pipeline: str,
        host: str,
        answer: Verdict | Class,
        time: float | None = None,
        error_code: int | None = None,
    ) -> None:
        """Takes one response into account; never waits for Redis.

        ``time`` is when it came, in seconds since 1970, by default now. One that
        lies before the previous response or in the future is set right.
        """
        class_: Class
        if isinstance(answer, Verdict):
            class_ = "passed" if answer.preview else answer.class_
            error_code = answer.error_code
        else:
            class_ = answer
        time = _no_later_than_now(time)
        self._tell(Seen.checked(time, pipeline, host, class_, error_code))

    def acted(
        self, pipeline: str, host: str, class_: Class, action: Action, time: float | None = None
    ) -> None:
        """Takes in what was done about an incident; never waits for Redis."""
        self._tell(Acted.checked(_no_later_than_now(time), pipeline, host, class_, action))

    def flush(self) -> bool:
        """Sends what was seen, leads if nobody else does, fetches events; whether all went well."""
        with self._sending:
            return not self._is_closed and self._flush(is_last=False)

    def events(self) -> list[SharedEvent]:
        """The events that were fetched and not yet handed out; every worker is told of each."""
        events = []
        while self._events:
            events.append(self._events.popleft())
        return events

    def tally(self) -> list[TallyRow]:
        """The counts of all workers together, as far as they were sent."""
        return self._store.tally()

    def report(self) -> Report | None:
        """The open incidents and counters of the monitor, as the leader last stored them."""
        return self._store.report()

    def counters(self) -> WorkerCounters:
        """What has become of the responses of this worker."""
        with self._seeing:
            waiting = sum(isinstance(told, Seen) for told in self._waiting)
            waiting += count_of(self._uncounted)
            unsent = self._unsent
            if unsent is not None:
                waiting += count_of(unsent.counts())
            return {**self._counters, "waiting": waiting, "damaged": self._store.damaged}

    def start(self) -> None:
        """Flushes every ``interval_s`` in a thread of its own, from now on."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="cfblock-redis", daemon=True)
            self._thread.start()

    def close(self) -> bool:
        """Sends the rest and says good-bye; whether everything was sent."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        with self._sending:
            if self._is_closed:
                return True
            self._is_closed = self._flush(is_last=True)
            if not self._is_closed:
                logger.error("%d responses were not sent", self.counters()["waiting"])
            return self._is_closed

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _tell(self, told: Told) -> None:
        with self._seeing:
            self._latest = max(self._latest, told.time)
            self._waiting.append(told._replace(time=self._latest))
            self._counters["observed"] += isinstance(told, Seen)
            if len(self._waiting) > self._max_waiting:
                self._count_only(self._waiting.popleft())

    def _run(self) -> None:
        while True:
            try:
                self.flush()
            except Exception:
                logger.exception("a flush failed; the next one is in %s s", self._interval_s)
            if self._stop.wait(self._interval_s):
                return

    def _flush(self, *, is_last: bool) -> bool:
        try:
            part, leader = self._registered()
            self._send_all(part, is_last)
            leader.round(is_last=is_last)
            self._fetch_events()
        except (redis.RedisError, RedisClusterException) as error:
            if not self._is_failing:
                logger.warning("Redis cannot be used, what is seen is kept for later: %s", error)
            self._is_failing = True
            return False
        if self._is_failing:
            logger.info("Redis can be used again")
        self._is_failing = False
        return True

    def _registered(self) -> tuple[str, Leader]:
        if self._events_after is None:
            self._events_after = self._store.latest_event()
        if self._part is None or self._leader is None:
            # A name of its own for each start: its batches are counted from 1.
            part = f"{self._name}:{token_hex(8)}"
            self._store.register(part)
            self._part, self._number = part, 0
            self._leader = Leader(self._store, part, **self._leader_settings)
        return self._part, self._leader

    def _send_all(self, part: str, is_last: bool) -> None:
        while True:
            batch = self._unsent or self._next_batch(part, is_last)
            was_tried, self._was_tried = self._was_tried, True
            reply = self._store.send(batch, clock.time())
            self._was_tried = False
            with self._seeing:
                self._unsent = None
                if reply != "unknown_worker":
                    self._counters["sent"] += count_of(batch.counts())
                    if not self._waiting and not self._uncounted and (batch.is_last or not is_last):
                        return
                    continue
            part = self._begin_anew(batch, was_tried)

    def _begin_anew(self, batch: Batch, was_tried: bool) -> str:
        """Redis has forgotten this worker: it goes on as another one."""
        self._part = None
        part, _ = self._registered()
        if was_tried:
            # It may have been counted before: rather lost than counted twice.
            lost = count_of(batch.counts())
            self._counters["in_doubt"] += lost
            logger.warning("Redis has lost this worker; %d responses may not be counted", lost)
        else:
            with self._seeing:
                self._waiting.extendleft(reversed(batch.told))
                self._uncounted += batch.uncounted
        return part

    def _next_batch(self, part: str, is_last: bool) -> Batch:
        with self._seeing:
            size = min(self._batch_size, len(self._waiting))
            told = [self._waiting.popleft() for _ in range(size)]
            if not self._waiting:
                # Nothing older than this will be seen any more.
                self._latest = max(self._latest, round(clock.time(), 3))
            up_to = told[-1].time if self._waiting else self._latest
            uncounted, self._uncounted = self._uncounted, Counter()
            self._number += 1
            is_last = is_last and not self._waiting
            self._unsent = Batch(part, self._number, up_to, told, is_last, uncounted)
            return self._unsent

    def _count_only(self, told: Told) -> None:
        if not isinstance(told, Seen):
            return
        kind = told.kind
        if kind not in self._uncounted and len(self._uncounted) >= MOST_KINDS:
            kind = (kind[0], OTHER_HOSTS, *kind[2:])
        self._uncounted[kind] += 1
        self._counters["not_watched"] += 1

    def _fetch_events(self) -> None:
        while True:
            after = self._events_after or "0-0"
            self._events_after, events = self._store.events(after, EVENTS_A_READ)
            self._events += events
            if self._events_after == after:
                return


def read_events(
    client: Client | str, after: str = "0-0", *, key_prefix: str = "cfblock"
) -> list[SharedEvent]:
    """The next events after the one of this id, for a program that only listens."""
    store = Store(_connected(client), key_prefix, keep_s=WEEK_S, max_rows=0)
    while True:
        position, events = store.events(after, EVENTS_A_READ)
        if events or position == after:
            return events
        after = position  # all of these were damaged


def _no_later_than_now(time: float | None) -> float:
    now = clock.time()
    return now if time is None else min(time, now)


def _connected(client: Client | str) -> Client:
    if isinstance(client, str):
        # What fails is sent again by the next flush; to wait here would be too long at the end.
        return redis.Redis.from_url(
            client, socket_timeout=5, socket_connect_timeout=5, retry=Retry(NoBackoff(), 0)
        )
    return client
