"""``Monitor`` and ``Tally``."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime
from typing import Any

from cfblock import Monitor, Tally, Verdict, classify, diagnose

REFUSED = classify(403, [("server", "cloudflare")], b"error code: 1020")
PASSED = classify(200)


def run(monitor: Monitor, answers: list[Verdict], start: float) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    for at, answer in enumerate(answers):
        events += monitor.observe("shop", "a.example", answer, start + at)
    return events


def test_an_incident_from_beginning_to_end() -> None:
    monitor = Monitor()
    assert run(monitor, [PASSED] * 300, 0) == []
    opened = run(monitor, [REFUSED] * 30, 300)
    assert [event["event"] for event in opened][:2] == ["incident_opened", "probe_wanted"]
    assert (opened[0]["class"], opened[0]["error_code"]) == ("access_denied", 1020)
    assert len(monitor.incidents()) == 1
    seen = [
        {"id": 1, "verdict": REFUSED, "vantage": {"country": "DE"}},
        {"id": 2, "verdict": PASSED, "vantage": {"country": "NL"}},
    ]
    place = ("shop", "a.example", "access_denied")
    assert monitor.probed(*place, 331)
    event = monitor.diagnosed(*place, diagnose(seen), 332)
    assert event
    assert event["event"] == "diagnosed"
    assert monitor.acted(*place, "change_identity", datetime.fromtimestamp(333, UTC))
    events = run(monitor, [PASSED] * 300, 334)
    assert [event["event"] for event in events] == ["recovered"]
    assert monitor.incidents() == []
    assert not monitor.acted(*place, "stop", 700)
    counters = monitor.counters()
    assert (counters["responses"], counters["opened"], counters["recovered"]) == (630, 1, 1)
    assert monitor.baseline(*place) is not None
    assert monitor.baseline("shop", "b.example", "access_denied") is None


def test_tick_gives_up() -> None:
    monitor = Monitor(give_up_s=60)
    run(monitor, [PASSED] * 300 + [REFUSED] * 30, 0)
    assert monitor.tick(331) == []
    assert [event["event"] for event in monitor.tick(10_000)] == ["given_up"]


def test_a_monitor_goes_on_where_it_was_saved() -> None:
    monitor = Monitor(hash_seed=2**64 - 1)
    run(monitor, [PASSED] * 300 + [REFUSED] * 3, 0)
    copies = [
        Monitor.restore(monitor.save()),
        pickle.loads(pickle.dumps(monitor)),
        copy.deepcopy(monitor),
    ]
    expected = run(monitor, [REFUSED] * 30, 303)
    assert expected
    for other in copies:
        assert run(other, [REFUSED] * 30, 303) == expected
        assert other.save() == monitor.save()
    assert repr(monitor) == "<Monitor hosts=1 responses=333 open=1>"


def test_settings_are_stored() -> None:
    monitor = Monitor(
        responses_per_false_alarm=5000,
        baseline_responses=100,
        objective_s=30,
        give_up_s=600.5,
        max_hosts=10,
        max_incidents=2,
        hash_seed=7,
    )
    settings = json.loads(monitor.save())["watched"]["config"]
    assert (settings["baseline_responses"], settings["give_up_s"]) == (100, 600.5)
    assert (settings["max_hosts"], settings["max_incidents"], settings["hash_seed"]) == (10, 2, 7)


def test_tallies_merge_in_any_order_once_or_twice() -> None:
    parts = [Tally(), Tally()]
    for at, tally in enumerate(parts):
        for _ in range(at + 1):
            tally.add(f"worker-{at}", "shop", "a.example", REFUSED)
            tally.add(f"worker-{at}", "shop", "a.example", "access_denied", 1020)
    one, other = Tally(), Tally()
    for tally in (*parts, *parts):
        one.merge(tally)
    for tally in reversed(parts):
        other.merge(pickle.loads(pickle.dumps(tally)))
    one.merge(one)
    assert one == other
    assert one != parts[0]
    assert one.rows() == [
        {
            "pipeline_id": "shop",
            "host": "a.example",
            "class": "access_denied",
            "error_code": 1020,
            "responses": 6,
        }
    ]
    assert Tally.restore(one.save()) == copy.copy(one) == one
    assert repr(one) == "<Tally rows=1 responses=6>"
