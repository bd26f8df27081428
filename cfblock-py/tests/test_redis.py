"""Many workers, one monitor and one tally, in a real Redis."""

from __future__ import annotations

import itertools
import json
import logging
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from cfblock import Monitor, classify
from cfblock.integrations.redis import SharedEvent, SharedMonitor, read_events
from redis_server import Flaky, RedisServer, free_port, redis_server, wait_until

HOST = "shop.example"
ONE_INCIDENT = ["incident_opened", "probe_wanted"]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def server(started: RedisServer) -> RedisServer:
    with started.client() as client:
        client.flushall()
    return started


def well(worker: SharedMonitor, times: int) -> None:
    for _ in range(times):
        worker.observe("prices", HOST, "passed")


def refused(worker: SharedMonitor, times: int) -> None:
    for _ in range(times):
        worker.observe("prices", HOST, "site_misconfigured", error_code=1002)


def counted(worker: SharedMonitor) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for row in worker.tally():
        counts[row["class"]] += row["responses"]
    return dict(counts)


def kinds(server: RedisServer, **settings: Any) -> list[str]:
    with server.client() as client:
        return [event["event"] for event in read_events(client, **settings)]


@pytest.mark.parametrize(
    "settings",
    [{}, {"decode_responses": True}, {"protocol": 2}, {"protocol": 3}],
    ids=["default", "decoded", "resp2", "resp3"],
)
def test_two_workers_have_one_tally_and_one_incident(
    server: RedisServer, settings: dict[str, Any]
) -> None:
    one = SharedMonitor(server.client(**settings))
    two = SharedMonitor(server.client(**settings))
    for worker in (one, two):
        assert worker.flush()
        well(worker, 200)
    for worker in (one, two):
        assert worker.flush()
        refused(worker, 20)
    for worker in (one, two, one, two):
        assert worker.flush()
    assert [event["event"] for event in one.events()] == ONE_INCIDENT
    assert [event["event"] for event in two.events()] == ONE_INCIDENT
    assert one.events() == []
    assert counted(one) == {"passed": 400, "site_misconfigured": 40}
    assert two.counters() == {
        "observed": 220,
        "sent": 220,
        "waiting": 0,
        "not_watched": 0,
        "in_doubt": 0,
        "damaged": 0,
    }
    assert two.close()
    well(one, 10)
    assert one.close()
    report = one.report()
    assert report is not None
    assert report["incidents"] == []
    assert report["counters"]["recovered"] == 1
    assert report["late"] == report["missed"] == report["damaged"] == 0
    assert kinds(server) == [*ONE_INCIDENT, "recovered"]


def test_an_event_has_one_id_for_all_who_hear_of_it(server: RedisServer) -> None:
    one, two = SharedMonitor(server.url), SharedMonitor(server.url)
    one.flush()
    two.flush()
    well(one, 300)
    refused(one, 9)
    one.flush()
    two.flush()
    one.flush()
    two.flush()
    heard = one.events()
    assert heard == two.events()
    assert heard == read_events(server.url)
    assert read_events(server.url, heard[0]["id"]) == heard[1:]
    late = SharedMonitor(server.url, events_after=heard[0]["id"])
    late.flush()
    assert late.events() == heard[1:]
    newcomer = SharedMonitor(server.url)
    newcomer.flush()
    assert newcomer.events() == []


def test_verdicts_are_taken_as_they_are_and_previews_as_passed(server: RedisServer) -> None:
    page = '{"cloudflare_error": true, "error_code": 1020, "error_name": "access_denied"}'
    verdict = classify(403, [("server", "cloudflare"), ("content-type", "application/json")], page)
    worker = SharedMonitor(server.url)
    worker.observe("prices", HOST, verdict)
    worker.flush()
    (row,) = worker.tally()
    assert (row["class"], row["error_code"]) == (verdict.class_, verdict.error_code)


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_lost_or_doubled_whatever_is_cut_off(server: RedisServer, seed: int) -> None:
    chance = random.Random(seed)
    clients = [server.client_of(Flaky) for _ in range(3)]
    workers = [
        SharedMonitor(client, key_prefix=f"seed-{seed}", batch=7, checkpoint_s=0)
        for client in clients
    ]
    for worker in workers:
        worker.flush()
    for answer in (well, refused, well):
        for client in clients:
            client.fails = lambda: chance.choice([*[None] * 8, "before", "after"])
        for _ in range(30):
            worker = chance.choice(workers)
            answer(worker, chance.randint(0, 25))
            worker.flush()
        for client in clients:
            client.fails = lambda: None
        for worker in [*workers, *workers]:
            assert worker.flush()
    for worker in workers:
        assert worker.close()
    observed = sum(worker.counters()["observed"] for worker in workers)
    assert sum(counted(workers[0]).values()) == observed
    assert all(worker.counters()["in_doubt"] == 0 for worker in workers)
    events = kinds(server, key_prefix=f"seed-{seed}")
    assert [kind for kind in events if kind != "probe_wanted"] == ["incident_opened", "recovered"]
    report = workers[0].report()
    assert report is not None
    assert report["counters"]["responses"] == observed
    assert report["late"] == report["missed"] == 0


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_leader_that_breaks_off_at_any_command_reports_once(
    server: RedisServer, when: str
) -> None:
    """The command that fails moves on by one until the round has no more commands."""
    for step in itertools.count():
        prefix = f"{when}-{step}"
        client = server.client_of(Flaky)
        leader = SharedMonitor(client, key_prefix=prefix)
        other = SharedMonitor(server.url, key_prefix=prefix)
        leader.flush()
        other.flush()
        well(leader, 300)
        leader.flush()
        refused(leader, 20)
        commands = itertools.count()
        client.fails = lambda step=step, commands=commands: when if next(commands) == step else None
        went_well = leader.flush()
        # The leader is gone, and its lease has run out.
        with server.client() as plain:
            plain.delete(f"{{{prefix}}}:leader")
        other.flush()
        other.flush()
        # It comes back, and is not the leader any more.
        client.fails = lambda: None
        assert leader.flush()
        other.flush()
        assert other.flush()
        assert kinds(server, key_prefix=prefix) == ONE_INCIDENT
        assert counted(other) == {"passed": 300, "site_misconfigured": 20}
        if went_well:
            break
    assert step >= 4


def test_what_was_done_is_told_to_the_leader(server: RedisServer) -> None:
    leader, worker = SharedMonitor(server.url), SharedMonitor(server.url)
    leader.flush()
    worker.flush()
    well(leader, 300)
    refused(leader, 20)
    leader.flush()
    worker.acted("prices", HOST, "site_misconfigured", "pause_host")
    worker.flush()
    leader.flush()
    well(leader, 20)
    for each in (leader, worker, leader):
        each.flush()
    events = read_events(server.url)
    assert [event["event"] for event in events] == [*ONE_INCIDENT, "recovered"]
    assert events[-1]["action"] == "pause_host"
    with pytest.raises(ValueError, match="action"):
        worker.acted("prices", HOST, "site_misconfigured", "dance")  # type: ignore[arg-type]


def test_two_leaders_at_once_report_once(server: RedisServer) -> None:
    one = SharedMonitor(server.url, checkpoint_s=0)
    two = SharedMonitor(server.url, checkpoint_s=0)
    with server.client() as client:
        for worker in (one, two):
            worker.flush()
        for answer, rounds in ((well, 10), (refused, 5), (well, 5)):
            for _ in range(rounds):
                for worker in (one, two):
                    answer(worker, 20)
                    client.delete("{cfblock}:leader")
                    assert worker.flush()
        for worker in (one, two):
            client.delete("{cfblock}:leader")
            assert worker.close()
    events = kinds(server)
    assert [kind for kind in events if kind != "probe_wanted"] == ["incident_opened", "recovered"]
    report = one.report()
    assert report is not None
    assert report["counters"]["responses"] == 800


def test_a_leader_that_was_replaced_unawares_can_lead_again(server: RedisServer) -> None:
    one = SharedMonitor(server.url, checkpoint_s=0)
    two = SharedMonitor(server.url, checkpoint_s=0)
    one.flush()
    two.flush()
    well(one, 300)
    one.flush()
    with server.client() as client:
        client.delete("{cfblock}:leader")
    assert two.close()
    refused(one, 20)
    assert one.flush()
    assert one.flush()
    assert [event["event"] for event in one.events()] == ONE_INCIDENT


def test_the_lead_is_left_to_another_one_on_close(server: RedisServer) -> None:
    one, two = SharedMonitor(server.url), SharedMonitor(server.url)
    one.flush()
    two.flush()
    well(one, 300)
    assert one.close()
    refused(two, 9)
    assert two.flush()
    assert [event["event"] for event in two.events()] == ONE_INCIDENT


def test_a_crawl_goes_on_without_redis_and_sends_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "cfblock.integrations.redis")
    with redis_server(tmp_path) as server:
        client = server.client(retry=None, socket_timeout=1)
        worker = SharedMonitor(client, max_waiting=50)
        assert worker.flush()
        server.stop()
        for _ in range(3):
            well(worker, 40)
            assert not worker.flush()
        assert worker.counters()["waiting"] == 120
        assert not worker.close()
        server.start()
        assert worker.close()
        # Redis came back empty: what was on its way then may have been counted.
        counters = worker.counters()
        assert counters["sent"] + counters["in_doubt"] == 120
        assert counters["in_doubt"] <= 40
        assert counted(worker) == {"passed": counters["sent"]}
        assert counters["not_watched"] == 30
    messages = [record.message for record in caplog.records]
    assert len([line for line in messages if "cannot be used" in line]) == 1
    assert len([line for line in messages if "can be used again" in line]) == 1


def test_what_waits_for_redis_is_bounded_and_its_counts_are_not_lost(server: RedisServer) -> None:
    client = server.client_of(Flaky)
    worker = SharedMonitor(client, max_waiting=100, batch=30)
    client.fails = lambda: "before"
    for host in range(1000):
        worker.observe("prices", f"{host}.example", "passed")
        if host % 100 == 0:
            assert not worker.flush()
    client.fails = lambda: None
    assert worker.flush()
    assert counted(worker) == {"passed": 1000}
    report = worker.report()
    assert report is None or report["counters"]["responses"] <= 130


def test_more_hosts_than_there_is_room_for_are_counted_together(server: RedisServer) -> None:
    worker = SharedMonitor(server.url, max_rows=10)
    for host in range(30):
        worker.observe("prices", f"{host}.example", "passed")
        worker.observe("prices", f"{host}.example", "challenge")
    worker.flush()
    rows = worker.tally()
    assert sum(row["responses"] for row in rows) == 60
    assert len(rows) <= 12
    assert {row["host"] for row in rows} > {"*"}


def test_every_key_expires(server: RedisServer) -> None:
    worker = SharedMonitor(server.url, keep_s=1000)
    well(worker, 300)
    refused(worker, 20)
    worker.flush()
    worker.flush()
    with server.client() as client:
        keys = {key.decode(): client.pttl(key) for key in client.keys("*")}
    assert {key.partition(":worker:")[0] for key in keys} == {
        "{cfblock}",
        "{cfblock}:batches",
        "{cfblock}:events",
        "{cfblock}:leader",
        "{cfblock}:monitor",
        "{cfblock}:tally",
    }
    assert all(0 < expiry <= 1_000_000 for expiry in keys.values())


def test_read_batches_leave_the_stream(server: RedisServer) -> None:
    worker = SharedMonitor(server.url, checkpoint_s=0)
    for _ in range(500):
        well(worker, 1)
        worker.flush()
    with server.client() as client:
        assert client.xlen("{cfblock}:batches") <= 1


def test_a_worker_that_redis_forgot_goes_on_without_doubling(server: RedisServer) -> None:
    worker = SharedMonitor(server.url)
    well(worker, 10)
    assert worker.flush()
    with server.client() as client:
        client.delete(*client.keys("{cfblock}:worker:*"))
    well(worker, 5)
    assert worker.flush()
    assert counted(worker) == {"passed": 15}

    client = server.client_of(Flaky)
    worker = SharedMonitor(client, key_prefix="doubt")
    worker.flush()
    well(worker, 5)
    client.fails = lambda: "after"
    assert not worker.flush()
    with server.client() as plain:
        plain.delete(*plain.keys("{doubt}:worker:*"))
    client.fails = lambda: None
    assert worker.flush()
    assert counted(worker) == {"passed": 5}
    assert worker.counters()["in_doubt"] == 5


DAMAGE = {
    "a batch that is no JSON": lambda client: client.xadd("{cfblock}:batches", {"batch": "{"}),
    "a batch that is no text": lambda client: client.xadd("{cfblock}:batches", {"batch": b"\xff"}),
    "an entry without a batch": lambda client: client.xadd("{cfblock}:batches", {"other": 1}),
    "an event that is none": lambda client: client.xadd("{cfblock}:events", {"event": "[]"}),
    "an event that is no text": lambda client: client.xadd("{cfblock}:events", {"event": b"\xff"}),
    "a count that is no number": lambda client: client.hset(
        "{cfblock}:tally", '["prices","shop.example","passed",null]', "many"
    ),
    "a row that is none": lambda client: client.hset("{cfblock}:tally", b"\xff", 5),
    "a row of a class that is none": lambda client: client.hset("{cfblock}:tally", "[1,2,[],4]", 5),
    "a state that is none": lambda client: client.hset("{cfblock}:monitor", "monitor", "????"),
    "an order that is none": lambda client: client.hset("{cfblock}:monitor", "order", "e30="),
    "a position that is none": lambda client: client.hset("{cfblock}:monitor", "position", "x"),
    "a report that is none": lambda client: client.hset("{cfblock}:monitor", "report", b"\xff"),
    "a number that is none": lambda client: [
        client.set(key, "x") for key in client.keys("{cfblock}:worker:*")
    ],
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("decode_responses", [False, True])
def test_what_is_damaged_is_left_out_and_the_rest_goes_on(
    server: RedisServer, damage: str, decode_responses: bool
) -> None:
    with server.client() as client:
        first = SharedMonitor(client, checkpoint_s=0, hold_s=0.6, interval_s=0.1)
        first.flush()
        well(first, 300)
        assert first.flush()
        DAMAGE[damage](client)
        first.report()
        client.delete("{cfblock}:leader")
        second = SharedMonitor(
            server.client(decode_responses=decode_responses),
            checkpoint_s=0,
            hold_s=0.6,
            interval_s=0.1,
            events_after="0-0",
        )
        for worker in (second, first):
            assert worker.flush()
        well(second, 300)
        for worker in (second, first, second):
            assert worker.flush()
        refused(second, 20)

        def heard() -> list[SharedEvent]:
            assert first.flush()
            assert second.flush()
            return second.events()

        # A worker whose number is damaged goes on as another one, and is
        # waited for under its old name.
        events = wait_until(heard, "an incident")
        assert [event["event"] for event in events] == ONE_INCIDENT
        assert counted(second)["site_misconfigured"] == 20
        damaged = first.counters()["damaged"] + second.counters()["damaged"]
        assert damaged > 0 or damage == "a number that is none"


def test_a_key_of_another_kind_is_logged_once_and_doubles_nothing(
    server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    with server.client() as client:
        client.set("{cfblock}:batches", "something else")
        worker = SharedMonitor(client)
        for _ in range(3):
            well(worker, 5)
            assert not worker.flush()
        client.delete("{cfblock}:batches")
        assert worker.flush()
    assert counted(worker) == {"passed": 15}
    assert len([line for line in caplog.messages if "cannot be used" in line]) == 1


def test_the_settings_of_the_monitor_are_those_of_its_maker(server: RedisServer) -> None:
    worker = SharedMonitor(server.url, monitor=lambda: Monitor(responses_per_false_alarm=10))
    worker.flush()
    well(worker, 50)
    refused(worker, 2)
    worker.flush()
    assert kinds(server) == ONE_INCIDENT


def test_a_with_block_flushes_in_a_thread_of_its_own(server: RedisServer) -> None:
    with SharedMonitor(server.url, interval_s=0.02) as worker:
        well(worker, 300)
        wait_until(lambda: counted(worker) == {"passed": 300}, "the first flush")
        refused(worker, 20)
        events = wait_until(worker.events, "an event")
        assert events[0]["event"] == "incident_opened"
        well(worker, 7)
    assert counted(worker) == {"passed": 307, "site_misconfigured": 20}
    assert worker.close()
    assert not worker.flush()


def test_times_are_set_right(server: RedisServer) -> None:
    worker = SharedMonitor(server.url)
    now = time.time()
    for shift in (0, -50, 1e9, -1):
        worker.observe("prices", HOST, "passed", now + shift)
    worker.flush()
    with server.client() as client:
        ((_, members),) = client.xrange("{cfblock}:batches")
    seen = json.loads(members[b"batch"])["told"]
    times = [row[0] for row in seen]
    assert times == sorted(times)
    assert times[-1] <= time.time()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("prices", HOST, "unheard_of"), "class"),
        (("prices", HOST, "passed", float("nan")), "time"),
        (("prices", HOST, "passed", None, 70_000), "error_code"),
        (("prices", 5, "passed"), "host"),
    ],
)
def test_bad_arguments_are_named(
    server: RedisServer, arguments: tuple[Any, ...], named: str
) -> None:
    worker = SharedMonitor(server.url)
    with pytest.raises(ValueError, match=named):
        worker.observe(*arguments)
    assert worker.counters()["observed"] == 0


@pytest.mark.parametrize(
    "settings", [{"batch": 0}, {"max_waiting": 0}, {"keep_s": 0}, {"interval_s": 0}, {"hold_s": 1}]
)
def test_bad_settings_are_named(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(settings))):
        SharedMonitor("redis://localhost", **settings)


def test_all_keys_lie_in_one_slot_of_a_cluster(tmp_path: Path) -> None:
    cluster_settings = ["--cluster-enabled", "yes", "--cluster-port", str(free_port())]
    with redis_server(tmp_path, *cluster_settings) as server:
        with server.client() as client:
            client.execute_command("CLUSTER ADDSLOTSRANGE", 0, 16383)

            def is_ready() -> bool:
                return client.cluster("INFO")["cluster_state"] == "ok"

            wait_until(is_ready, "the cluster")
        cluster = redis.RedisCluster(host="127.0.0.1", port=server.port)
        worker = SharedMonitor(cluster, checkpoint_s=0)
        worker.flush()
        well(worker, 300)
        refused(worker, 20)
        assert worker.flush()
        assert [event["event"] for event in worker.events()] == ONE_INCIDENT
        assert worker.close()
        assert len({cluster.keyslot(key) for key in cluster.keys("*")}) == 1
        server.stop()
        later = SharedMonitor(cluster)
        assert not later.flush()


def test_redis_errors_of_a_question_reach_the_caller(tmp_path: Path) -> None:
    with redis_server(tmp_path) as server:
        worker = SharedMonitor(server.client(retry=None))
        server.stop()
        with pytest.raises(redis.RedisError):
            worker.tally()
