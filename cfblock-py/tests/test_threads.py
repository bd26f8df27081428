"""Threads that use the package at the same time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from cfblock import Monitor, Tally, Verdict, classify, classify_many
from corpus import cases

THREADS = 8
RESPONSES = [case.response for case in cases() if len(case.response["body"] or b"") < 100_000]


def in_threads(work: Callable[[int], Any]) -> list[Any]:
    """The results of the same work in all threads, which begin together."""
    barrier = Barrier(THREADS)

    def begin(thread: int) -> Any:
        barrier.wait()
        return work(thread)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))


def classified(response: dict[str, Any]) -> Verdict:
    arguments = dict(response)
    return classify(arguments.pop("status"), **arguments)


def test_verdicts_are_the_same_in_every_thread() -> None:
    expected = [classified(response) for response in RESPONSES]
    for one in in_threads(lambda _: [classified(response) for response in RESPONSES]):
        assert one == expected
    for many in in_threads(lambda _: classify_many(RESPONSES)):
        assert many == expected


def test_one_verdict_is_read_by_all() -> None:
    verdict = classify(429, [("server", "cloudflare")], b"error code: 1015")
    expected = (verdict.to_json(), hash(verdict), verdict.triage().to_json())

    def read(_: int) -> set[tuple[str, int, str]]:
        return {(verdict.to_json(), hash(verdict), verdict.triage().to_json()) for _ in range(500)}

    assert in_threads(read) == [{expected}] * THREADS


def test_headers_that_another_thread_changes() -> None:
    headers: list[Any] = []

    def work(thread: int) -> None:
        for turn in range(2000):
            if thread % 2:
                headers[:] = [(f"x-{turn}-{at}", str(at) * at) for at in range(turn % 40)]
            else:
                assert classify(429, headers, b"error code: 1015").error_code == 1015

    in_threads(work)


def test_a_shared_monitor_counts_every_response() -> None:
    monitor = Monitor()

    def observe(thread: int) -> None:
        for at in range(1000):
            monitor.observe(f"pipeline-{thread % 2}", "a.example", "passed", at)
            if at % 100 == 0:
                monitor.save()
                monitor.counters()
                monitor.tick(at)

    in_threads(observe)
    assert monitor.counters()["responses"] == THREADS * 1000


def test_a_shared_tally_counts_every_response() -> None:
    tally, sums = Tally(), [Tally(), Tally()]

    def add(thread: int) -> None:
        for _ in range(1000):
            tally.add("here", "shop", "a.example", "passed")
        for at in range(100):
            # Each is merged into the other: no order of the two may block.
            sums[(thread + at) % 2].merge(sums[(thread + at + 1) % 2])
            sums[thread % 2].merge(tally)

    in_threads(add)
    assert tally.rows()[0]["responses"] == THREADS * 1000
    sums[0].merge(tally)
    assert sums[0] == tally
