"""What many workers tell is put into the order of time, however their batches arrive."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from itertools import accumulate

import pytest
from cfblock import Monitor
from cfblock.integrations.redis.merge import Merge
from cfblock.integrations.redis.records import Batch, Seen, Sent
from cfblock.types import Event

HOLD_S = 10.0
START = 1_795_176_000.0


@dataclass
class Told:
    """One crawl: what was seen, and the batches in which it arrived."""

    seen: list[Seen] = field(default_factory=list)
    arrivals: list[Sent] = field(default_factory=list)


def answer(time: float) -> Seen:
    if 150 < time < 180:
        return Seen(START + time, "p", "shop.example", "site_misconfigured", 1002)
    return Seen(START + time, "p", "shop.example", "passed", None)


def crawl(chance: random.Random, workers: int) -> Told:
    """A host that refuses everybody for 30 s, seen by several workers."""
    told = Told()
    for number in range(workers):
        worker, skew = f"worker-{number}", chance.choice([0.0, 0.0, 0.5, -3600.0])
        # The first batch is empty: it only says that the worker is there.
        pauses = [0.0, *(chance.uniform(0.1, 3) for _ in range(400))]
        flushes = [*(time for time in accumulate(pauses) if time < 239), 240.0]
        before = 0.0
        for batch_number, until in enumerate(flushes, 1):
            times = sorted(
                chance.uniform(before, until) for _ in range(round(4 * (until - before)))
            )
            seen = [answer(time) for time in times]
            told.seen += seen
            shifted = [row._replace(time=row.time + skew) for row in seen]
            told_up_to = START + until + skew
            batch = Batch(worker, batch_number, told_up_to, shifted, until == 240)
            sent = Sent(batch, told_up_to, START + until + chance.choice([0.001, 0.05]))
            told.arrivals += [sent] * chance.choice([1, 1, 2])
            before = until
    told.seen.sort()
    told.arrivals.sort(key=lambda sent: sent.arrived)
    return told


def in_order(seen: list[Seen]) -> list[Event]:
    monitor = Monitor()
    events = []
    for time, pipeline, host, class_, error_code in seen:
        events += monitor.observe(pipeline, host, class_, time, error_code)
    return events


@pytest.mark.parametrize("seed", range(30))
def test_any_arrival_gives_the_incidents_of_one_ordered_stream(seed: int) -> None:
    chance = random.Random(seed)
    told = crawl(chance, workers=chance.randint(1, 4))
    merge = Merge(Monitor(), HOLD_S)
    events = []
    for sent in told.arrivals:
        merge.take(Sent.from_json(sent.batch.to_json(sent.sent), sent.arrived))
        if chance.random() < 0.7 and sent.arrived > START + 1:
            events += merge.advance()
        if chance.random() < 0.1:
            saved = merge.monitor.save(), merge.save()
            merge = Merge.restore(Monitor.restore(saved[0]), HOLD_S, saved[1])
    events += merge.advance()
    assert [event["event"] for event in events] == ["incident_opened", "probe_wanted", "recovered"]
    assert merge.numbers.late == merge.numbers.missed == merge.numbers.damaged == 0
    assert merge.monitor.counters()["responses"] == len(told.seen)
    assert merge.monitor.counters()["late"] == 0


def batch(worker: str, number: int, time: float, *classes: str, is_last: bool = False) -> Sent:
    seen = [Seen(time, "p", "h.example", class_, None) for class_ in classes]
    return Sent(Batch(worker, number, time, seen, is_last), time, time)


def test_exact_times_give_exactly_the_events_of_one_ordered_stream() -> None:
    chance = random.Random(7)
    times = [round(START + 0.1 * step, 3) for step in range(2000)]
    seen = [
        Seen(time, "p", "h.example", "rate_limited" if step > 1800 else "passed", None)
        for step, time in enumerate(times)
    ]
    mine = [[row for row in seen if chance.random() < 0.5]]
    mine.append([row for row in seen if row not in mine[0]])
    arrivals = []
    for worker, rows in enumerate(mine):
        for number in range(1, 41):
            until = START + 5 * number
            part = [row for row in rows if until - 5 <= row.time < until]
            arrivals.append(
                Sent(Batch(f"w{worker}", number, until, part), until, until + worker / 2)
            )
    arrivals.sort(key=lambda sent: sent.arrived)
    merge = Merge(Monitor(), HOLD_S)
    events = []
    for sent in arrivals:
        merge.take(sent)
        events += merge.advance()
    assert events == in_order(seen)


def test_nobody_is_fed_before_the_slowest_has_told() -> None:
    merge = Merge(Monitor(), HOLD_S)
    merge.take(batch("slow", 1, START))
    merge.take(batch("fast", 1, START + 1, "passed"))
    merge.advance()
    assert merge.monitor.counters()["responses"] == 0
    merge.take(batch("slow", 2, START + 2))
    merge.advance()
    assert merge.monitor.counters()["responses"] == 1


def test_a_silent_worker_is_no_longer_waited_for_and_then_comes_too_late() -> None:
    merge = Merge(Monitor(), HOLD_S)
    merge.take(batch("silent", 1, START))
    for second in range(1, 15):
        merge.take(batch("fast", second, START + second, "passed"))
        merge.advance()
    assert merge.monitor.counters()["responses"] == 14
    merge.take(
        Sent(batch("silent", 2, START + 3, "passed", "passed").batch, START + 15, START + 15)
    )
    assert merge.numbers.late == 2


def test_nobody_is_taken_for_silent_while_redis_is_away() -> None:
    merge = Merge(Monitor(), HOLD_S)
    for worker in ("one", "two"):
        merge.take(batch(worker, 1, START))
    merge.take(batch("one", 2, START + 600, "passed"))
    merge.advance()
    assert merge.monitor.counters()["responses"] == 0
    merge.take(batch("two", 2, START + 601, "passed"))
    merge.advance()
    assert merge.numbers.late == 0
    assert merge.monitor.counters()["responses"] == 1


def test_batches_that_never_came_are_counted() -> None:
    merge = Merge(Monitor(), HOLD_S)
    merge.take(batch("one", 1, START))
    merge.take(batch("one", 4, START))
    merge.take(batch("one", 2, START, "passed"))
    merge.advance()
    assert merge.numbers.missed == 2
    assert merge.monitor.counters()["responses"] == 0


def test_what_waits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfblock.integrations.redis.merge.MOST_PENDING", 10)
    merge = Merge(Monitor(), HOLD_S)
    merge.take(batch("slow", 1, START))
    merge.take(batch("fast", 1, START + 1, *["passed"] * 5))
    merge.take(batch("fast", 2, START + 2, *["passed"] * 8))
    merge.advance()
    assert merge.monitor.counters()["responses"] > 0


@pytest.mark.parametrize(
    "row",
    [
        [],
        None,
        "text",
        [START, "p", "h.example", "unheard_of", None],
        [START, "p", "h.example", ["passed"], None],
        [START, "p", 5, "passed", None],
        ["now", "p", "h.example", "passed", None],
        [-1, "p", "h.example", "passed", None],
        [True, "p", "h.example", "passed", None],
        [1e30, "p", "h.example", "passed", None],
        [START, "p", "h.example", "passed", 65536],
        [START, "p", "h.example", "passed", True],
        [START, "p", "h.example", "passed", "dance"],
        [START, "p", "h.example", "unheard_of", "retry"],
        [START, "p", "h.example", "passed", None, None],
    ],
)
def test_a_damaged_row_is_left_out_and_counted(row: object) -> None:
    whole = [START, "p", "h.example", "passed", None]
    record = {"worker": "one", "number": 1, "sent": START, "up_to": START, "told": [row, whole]}
    merge = Merge(Monitor(), HOLD_S)
    merge.take(Sent.from_json(json.dumps(record), START))
    merge.advance()
    assert merge.numbers.damaged == 1
    assert merge.monitor.counters()["responses"] == 1


def test_names_that_are_no_unicode_reach_the_monitor() -> None:
    record = {
        "worker": "one",
        "number": 1,
        "sent": START,
        "up_to": START,
        "told": [[START, "\ud800", "h" * 1000, "passed", None]],
    }
    merge = Merge(Monitor(), HOLD_S)
    merge.take(Sent.from_json(json.dumps(record), START))
    merge.advance()
    assert merge.monitor.counters()["responses"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[" * 100_000,
        "{}",
        '{"worker": "one", "number": 0, "sent": 1, "up_to": 1, "told": []}',
        '{"worker": "one", "number": 1, "sent": 1e400, "up_to": 1, "told": []}',
        '{"worker": "one", "number": 1, "sent": NaN, "up_to": 1, "told": []}',
        '{"worker": null, "number": 1, "sent": 1, "up_to": 1, "told": []}',
    ],
)
def test_a_damaged_batch_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Sent.from_json(text, START)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"workers": 5}', "null"])
def test_a_damaged_order_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Merge.restore(Monitor(), HOLD_S, text)
