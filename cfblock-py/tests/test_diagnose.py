"""``diagnose`` and ``Diagnosis``."""

from __future__ import annotations

import copy
import json
from typing import Any

from cfblock import classify, diagnose

NULL_ROUTE = classify(409, [("server", "cloudflare")], b"error code: 1002")
WELL = classify(200, [("server", "cloudflare")], b"<html>welcome")


def seen(number: int, network: str, verdict: Any, **more: Any) -> dict[str, Any]:
    return {"id": number, "verdict": verdict, "vantage": {"network": network, **more}}


def test_a_targeted_null_route() -> None:
    diagnosis = diagnose([seen(1, "datacenter", NULL_ROUTE), seen(2, "residential", WELL)])
    assert diagnosis.classification == "targeted_null_route"
    assert diagnosis.action == "change_identity"
    assert set(diagnosis.decided_by) == {1, 2}
    assert {"tls_fingerprint", "asn", "session"} <= set(diagnosis.change)
    assert 0 < diagnosis.probability <= 1


def test_a_fault_of_the_target() -> None:
    diagnosis = diagnose([seen(1, "datacenter", NULL_ROUTE), seen(2, "residential", NULL_ROUTE)])
    assert (diagnosis.scope, diagnosis.classification) == ("global", "target_down")
    assert diagnosis.value is None


def test_one_observation_leaves_it_open_and_names_a_probe() -> None:
    candidates = [{"id": "home", "vantage": {"network": "residential"}}]
    diagnosis = diagnose([seen(1, "datacenter", NULL_ROUTE)], candidates)
    assert diagnosis.scope == "undetermined"
    assert diagnosis.next_probe
    assert diagnosis.next_probe["id"] == "home"
    assert diagnosis.next_probe["why"]
    assert diagnose([]).scope == "undetermined"


def test_each_form_of_an_observation() -> None:
    vantage = {"network": "datacenter"}
    response = {"status": 409, "headers": {"server": "cloudflare"}, "body": b"error code: 1002"}
    forms: list[dict[str, Any]] = [
        {"verdict": NULL_ROUTE, "time": 0},
        {"verdict": NULL_ROUTE.to_dict(), "time": "1970-01-01T00:00:00Z"},
        response | {"time": 0.0},
    ]
    found = [
        diagnose([{"id": 1, "vantage": vantage, "url": "https://a.example/", **form}])
        for form in forms
    ]
    assert found[0] == found[1] == found[2]


def test_a_diagnosis_is_a_value() -> None:
    diagnosis = diagnose([seen(1, "datacenter", NULL_ROUTE), seen(2, "residential", WELL)])
    record = diagnosis.to_dict()
    assert json.loads(diagnosis.to_json()) == record
    assert record["scope"] == diagnosis.scope
    assert record["hypotheses"] == diagnosis.hypotheses
    assert copy.deepcopy(diagnosis) == copy.copy(diagnosis) == diagnosis
    assert repr(diagnosis).startswith(f"<Diagnosis {diagnosis.scope} (")
