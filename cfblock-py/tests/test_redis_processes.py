"""Workers as processes of their own, killed with SIGKILL."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cfblock.integrations.redis import SharedMonitor, read_events
from conftest import Edge
from redis_server import RedisServer, redis_server, wait_until

PROGRAM = str(Path(__file__).with_name("redis_worker.py"))
ONE_INCIDENT = ["incident_opened", "probe_wanted"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path) as server:
        yield server


def start(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, PROGRAM, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def kinds(server: RedisServer, **settings: Any) -> list[str]:
    return [event["event"] for event in read_events(server.url, **settings)]


def counted(worker: SharedMonitor) -> int:
    return sum(row["responses"] for row in worker.tally())


def test_a_leader_killed_at_any_command_reports_once(server: RedisServer) -> None:
    # Its commands are: send, lead, read batches, commit, read events, read events;
    # each is one, for Redis knows the scripts already.
    with SharedMonitor(server.url, checkpoint_s=0) as first:
        first.observe("prices", "shop.example", "passed")
    places = [(step, when) for step in range(7) for when in ("before", "after")]
    victims = {
        place: start("die", server.port, f"{place[0]}-{place[1]}", *place) for place in places
    }
    for (step, when), victim in victims.items():
        output, _ = victim.communicate(timeout=60)
        if step == 6:
            assert output == "survived 0\n"
            continue
        assert victim.returncode == -signal.SIGKILL, (step, when)
        prefix = f"{step}-{when}"
        survivor = SharedMonitor(server.url, key_prefix=prefix, interval_s=0.1, hold_s=1)
        was_sent = (step, when) != (0, "before")
        assert counted(survivor) == 300 + 20 * was_sent

        # The victim starts again, sees what it lost once more, and goes on.
        survivor.flush()
        if not was_sent:
            for _ in range(20):
                survivor.observe("prices", "shop.example", "site_misconfigured", error_code=1002)

        def is_over(survivor: SharedMonitor = survivor, prefix: str = prefix) -> bool:
            assert survivor.flush()
            return len(kinds(server, key_prefix=prefix)) >= 2

        wait_until(is_over, f"an incident after a kill {when} command {step}")
        assert survivor.close()
        assert kinds(server, key_prefix=prefix) == ONE_INCIDENT, (step, when)
        assert counted(survivor) == 320


class Lives:
    """A worker that is killed and started again under the same name."""

    def __init__(self, server: RedisServer, edge: Edge, name: str, folder: Path) -> None:
        self._arguments = ["crawl", server.url, edge / f"site/{name}", name]
        self._output = folder / name
        self.acknowledged = 0
        self.seen = 0
        self._start()

    def kill(self) -> None:
        self._end(signal.SIGKILL)
        self._start()

    def stop(self) -> None:
        assert self._end(signal.SIGTERM) == 0

    def _start(self) -> None:
        command = [sys.executable, PROGRAM, *self._arguments]
        with self._output.open("w") as output:
            self._process = subprocess.Popen(command, stdout=output)
        wait_until(self._output.read_text, "the worker to say something")

    def _end(self, how: signal.Signals) -> int:
        self._process.send_signal(how)
        status = self._process.wait(timeout=60)
        said = {"seen": 0, "sent": 0}
        for line in self._output.read_text().splitlines():
            what, number = line.split()
            said[what] = int(number)
        self.acknowledged += said["sent"]
        self.seen += said["seen"]
        return status


def test_killed_workers_lose_their_unsent_batch_and_double_nothing(
    server: RedisServer, edge: Edge, tmp_path: Path
) -> None:
    chance = random.Random(11)
    workers = [Lives(server, edge, f"worker-{number}", tmp_path) for number in range(3)]
    listener = SharedMonitor(server.url, interval_s=0.1, hold_s=2, checkpoint_s=0)

    def served() -> int:
        return sum(count for path, count in edge.counts().items() if path.startswith("/site/"))

    def serve(more: int) -> None:
        goal = served() + more
        wait_until(lambda: served() >= goal, f"{more} more responses")

    def has_counted(class_: str) -> bool:
        return any(row["class"] == class_ for row in listener.tally())

    serve(1500)
    chance.choice(workers).kill()
    serve(300)
    edge.sicken()
    wait_until(lambda: has_counted("site_misconfigured"), "the first refusal")
    for worker in workers:  # one of them leads
        worker.kill()
        serve(chance.randint(20, 200))
    wait_until(lambda: "incident_opened" in kinds(server), "the incident")
    chance.choice(workers).kill()
    edge.sicken(False)
    wait_until(lambda: "recovered" in kinds(server), "the recovery")
    chance.choice(workers).kill()
    serve(100)
    for worker in workers:
        worker.stop()

    total = counted(listener)
    kills = 6
    assert sum(worker.acknowledged for worker in workers) <= total
    # A worker that was killed may have sent one response before it could say that it saw it.
    assert total <= sum(worker.seen for worker in workers) + kills
    assert total <= served()

    # What nobody was there to watch any more is watched once somebody is.
    def is_all_watched() -> bool:
        assert listener.flush()
        report = listener.report()
        assert report is not None
        assert report["missed"] == report["damaged"] == 0
        return report["counters"]["responses"] + report["late"] == total

    wait_until(is_all_watched, "the monitor to see everything")
    told = [event for event in kinds(server) if event != "probe_wanted"]
    assert told == ["incident_opened", "recovered"]
