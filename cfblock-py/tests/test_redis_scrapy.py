"""Two Scrapy processes with one queue, one monitor and one tally."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from cfblock.integrations.redis import SharedMonitor, read_events
from conftest import Edge
from redis_server import RedisServer, redis_server, wait_until

SPIDER = str(Path(__file__).with_name("redis_spider.py"))


class Crawl:
    """The shared queue, and the processes that work it off."""

    def __init__(self, server: RedisServer, edge: Edge, folder: Path) -> None:
        self.server = server
        self.edge = edge
        self.tally = SharedMonitor(server.url)
        self._folder = folder
        self._pushed = 0
        self._queue: redis.Redis = server.client()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        command = [sys.executable, "-m", "scrapy", "runspider", SPIDER]
        command += ["-s", f"REDIS_URL={self.server.url}", "-s", f"CFBLOCK_REDIS_WORKER={name}"]
        with self._log(name).open("ab") as log:
            self.processes[name] = subprocess.Popen(command, stderr=log)

    def push(self, pages: int) -> None:
        for _ in range(pages):
            self._pushed += 1
            record = json.dumps({"url": self.edge / f"site/page-{self._pushed}"})
            self._queue.rpush("prices:start_urls", record)

    def served(self) -> int:
        return sum(count for path, count in self.edge.counts().items() if "/site/" in path)

    def counted(self) -> int:
        return sum(row["responses"] for row in self.tally.tally())

    def events(self) -> list[str]:
        events = [event["event"] for event in read_events(self.server.url)]
        return [event for event in events if event != "probe_wanted"]

    def wait_for(self, event: str) -> None:
        """Keeps the processes busy until there is such an event."""

        def has_come() -> bool:
            if self._pushed - self.served() < 50:
                self.push(20)
            return event in self.events()

        wait_until(has_come, event)

    def finish(self) -> None:
        wait_until(lambda: self._queue.llen("prices:start_urls") == 0, "an empty queue")
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            assert process.wait(timeout=60) == 0

    def stats(self, name: str) -> dict[str, int]:
        log = self._log(name).read_text()
        return {key: int(number) for key, number in re.findall(r"'(cfblock/[^']*)': (\d+)", log)}

    def log(self, name: str) -> str:
        return self._log(name).read_text()

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"


@pytest.fixture
def crawl(tmp_path: Path, edge: Edge) -> Iterator[Crawl]:
    with redis_server(tmp_path) as server:
        crawl = Crawl(server, edge, tmp_path)
        try:
            yield crawl
        finally:
            for process in crawl.processes.values():
                process.kill()


def test_two_processes_report_one_incident_and_count_what_was_served(crawl: Crawl) -> None:
    crawl.push(400)
    for name in ("one", "two"):
        crawl.start(name)
    wait_until(lambda: crawl.served() >= 380, "the first pages")
    crawl.edge.sicken()
    crawl.wait_for("incident_opened")
    crawl.edge.sicken(False)
    crawl.wait_for("recovered")
    crawl.push(100)
    crawl.finish()

    assert crawl.events() == ["incident_opened", "recovered"]
    assert crawl.counted() == crawl.served()
    both = [crawl.stats(name) for name in ("one", "two")]
    assert all(stats["cfblock/class/passed"] > 0 for stats in both)
    assert sum(stats["cfblock/class/passed"] for stats in both) == sum(
        row["responses"] for row in crawl.tally.tally() if row["class"] == "passed"
    )
    # Each hears of the one incident once.
    assert [stats["cfblock/incident/opened"] for stats in both] == [1, 1]
    assert "Traceback" not in crawl.log("one") + crawl.log("two")


def test_a_killed_process_loses_its_unsent_batch_at_most_and_doubles_nothing(
    crawl: Crawl,
) -> None:
    crawl.push(500)
    for name in ("one", "two"):
        crawl.start(name)
    wait_until(lambda: crawl.served() >= 300, "the first pages")
    most_lost = 0
    for name in ("one", "two"):  # one of them leads
        before = crawl.counted()
        crawl.processes[name].kill()
        crawl.processes[name].wait()
        most_lost += crawl.served() - before
        crawl.start(name)
        crawl.push(200)
        goal = crawl.served() + 150
        wait_until(lambda goal=goal: crawl.served() >= goal, "more pages")
    crawl.edge.sicken()
    crawl.wait_for("incident_opened")
    crawl.edge.sicken(False)
    crawl.wait_for("recovered")
    crawl.finish()
    assert crawl.served() - most_lost <= crawl.counted() <= crawl.served()
    assert crawl.events() == ["incident_opened", "recovered"]
