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
        # The server may yet read what was on its way from the process: CONCURRENT_REQUESTS.
        most_lost += crawl.served() - before + 8
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


PLAIN_SPIDER = """
import scrapy

class Plain(scrapy.Spider):
    name = "plain"
    custom_settings = {
        "ADDONS": {"cfblock.integrations.scrapy.CfblockAddon": 500},
        "CFBLOCK_MONITOR": True,
        "CFBLOCK_RECORDER": "cfblock.integrations.redis.scrapy.RedisRecorder",
        "CFBLOCK_REDIS_INTERVAL": 0.2,
        "DOWNLOAD_DELAY": 0.02,
        "DEFAULT_REQUEST_HEADERS": {"Connection": "close"},
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "INFO",
    }

    async def start(self):
        for page in range(int(self.pages)):
            yield scrapy.Request(f"{self.edge}/ok/{page}")

    def parse(self, response):
        pass
"""


def run_plain(edge: Edge, server: RedisServer, folder: Path, pages: int) -> subprocess.Popen[bytes]:
    (folder / "plain.py").write_text(PLAIN_SPIDER)
    command = [sys.executable, "-m", "scrapy", "runspider", str(folder / "plain.py")]
    command += ["-a", f"edge={edge.url}", "-a", f"pages={pages}"]
    command += ["-s", f"CFBLOCK_REDIS_URL={server.url}"]
    with (folder / "plain.log").open("wb") as log:
        return subprocess.Popen(command, stderr=log)


def test_a_redis_that_hangs_delays_no_request(tmp_path: Path, edge: Edge) -> None:
    with redis_server(tmp_path) as server:
        tally = SharedMonitor(server.url)
        process = run_plain(edge, server, tmp_path, 500)
        wait_until(lambda: tally.tally(), "the first batch")
        server.pause()
        served = len(edge.counts())
        log = tmp_path / "plain.log"
        wait_until(lambda: "Redis cannot be used" in log.read_text(), "the warning")
        # It took the five seconds of a timeout: the crawl went on meanwhile.
        assert len(edge.counts()) - served > 50
        server.pause(False)
        assert process.wait(timeout=60) == 0
        assert sum(row["responses"] for row in tally.tally()) == len(edge.counts()) == 500
        assert log.read_text().count("Redis cannot be used") == 1


def test_a_crawl_ends_well_without_redis(tmp_path: Path, edge: Edge) -> None:
    with redis_server(tmp_path) as server:
        process = run_plain(edge, server, tmp_path, 200)
        wait_until(lambda: len(edge.counts()) > 50, "the first pages")
        server.stop()
        assert process.wait(timeout=60) == 0
    log = (tmp_path / "plain.log").read_text()
    assert len(edge.counts()) == 200
    assert log.count("Redis cannot be used") == 1
    assert "responses were not sent" in log
    assert "'finish_reason': 'finished'" in log
