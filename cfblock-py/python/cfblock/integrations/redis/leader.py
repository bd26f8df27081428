"""The one worker that runs the monitor for all, and what it takes over from the one before."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from secrets import token_hex

from cfblock import Monitor
from cfblock.integrations.redis.merge import Merge
from cfblock.integrations.redis.store import Report, Saved, Store

logger = logging.getLogger("cfblock.integrations.redis")

BATCHES_A_READ = 100
READS_A_ROUND = 20


class Leader:
    """Leads whenever nobody else does.

    The lease only saves work. What makes events appear once is the commit: it
    stores the state, the position in the stream and the events in one step,
    and only on top of the commit that this leader began with. Whatever is not
    committed is worked out again from there.
    """

    def __init__(
        self,
        store: Store,
        worker: str,
        monitor: Callable[[], Monitor],
        *,
        hold_s: float,
        checkpoint_s: float,
        lease_s: float,
    ) -> None:
        self._store = store
        self._worker = worker
        self._new_monitor = monitor
        self._hold_s = hold_s
        self._checkpoint_s = checkpoint_s
        self._lease_s = lease_s
        self._merge: Merge | None = None
        self._saved = Saved()
        self._position = "0-0"
        self._committed_at = 0.0

    def round(self, *, is_last: bool = False) -> None:
        """Leads for one round, if nobody else leads. Nothing is lost where it raises."""
        if not self._store.lead(self._worker, self._lease_s):
            self._merge = None
            return
        try:
            self._lead(is_last)
        except BaseException:
            # Whether a commit arrived is not known: the next round asks.
            self._merge = None
            raise
        if is_last:
            self._store.resign(self._worker)

    def _lead(self, is_last: bool) -> None:
        merge = self._merge or self._take_over()
        for _ in range(READS_A_ROUND):
            entries = self._store.batches(self._position, BATCHES_A_READ)
            for entry in entries:
                self._position = entry.id
                if entry.sent is None:
                    merge.numbers.damaged += 1
                else:
                    merge.take(entry.sent)
            if len(entries) < BATCHES_A_READ:
                break
        events = merge.advance()
        is_due = time.monotonic() - self._committed_at >= self._checkpoint_s or is_last
        if not events and not (is_due and self._position != self._saved.position):
            return
        after = Saved(token_hex(8), self._position, merge.monitor.save(), merge.save())
        report: Report = {
            "incidents": merge.monitor.incidents(),
            "counters": merge.monitor.counters(),
            "pending": merge.pending,
            "late": merge.numbers.late,
            "missed": merge.numbers.missed,
            "damaged": merge.numbers.damaged,
        }
        if self._store.commit(self._saved, after, report, events):
            self._saved = Saved(after.commit, after.position)
            self._committed_at = time.monotonic()
        else:
            logger.info("%s was replaced as the leader", self._worker)
            self._merge = None

    def _take_over(self) -> Merge:
        saved = self._store.load()
        self._merge = merge = self._restored(saved)
        self._saved = Saved(saved.commit, saved.position)
        self._position = saved.position
        self._committed_at = time.monotonic()
        logger.info("%s leads", self._worker)
        return merge

    def _restored(self, saved: Saved) -> Merge:
        if saved.monitor is not None and saved.order is not None:
            try:
                return Merge.restore(Monitor.restore(saved.monitor), self._hold_s, saved.order)
            except ValueError as error:
                logger.warning("the monitor begins anew, its saved state cannot be read: %s", error)
        elif saved.commit:
            logger.warning("the monitor begins anew, its saved state is damaged")
        merge = Merge(self._new_monitor(), self._hold_s)
        if saved.commit:
            merge.numbers.damaged += 1
        return merge
