"""What a ``Verdict`` is: a value."""

from __future__ import annotations

import copy
import json
import pickle

import pytest
from cfblock import Verdict, classify
from cfblock._cfblock import words
from corpus import cases

HEADERS = [
    ("server", "cloudflare"),
    ("cf-ray", "91b2e4707ac3d58f-AMS"),
    ("retry-after", "30"),
]


@pytest.fixture
def verdict() -> Verdict:
    return classify(429, HEADERS, b"error code: 1015")


def test_repr_and_str(verdict: Verdict) -> None:
    assert repr(verdict) == (
        "<Verdict rate_limited 1015 reason=rate_limited action=wait retry_after=30 "
        "ray_id=91b2e4707ac3d58f confidence=certain>"
    )
    assert str(verdict).startswith("rate_limited 1015: ")
    assert repr(classify(200)) == "<Verdict passed action=proceed confidence=likely>"
    assert str(classify(200)) == "passed"


def test_members(verdict: Verdict) -> None:
    assert (verdict.class_, verdict.reason, verdict.error_code) == (
        "rate_limited",
        "rate_limited",
        1015,
    )
    assert (verdict.intercepted, verdict.blocked, verdict.action) == (True, True, "wait")
    assert (verdict.party, verdict.retry_after, verdict.colo) == ("client", 30, "AMS")
    assert verdict.steps[0]["action"] == "wait"
    assert verdict.steps[0]["wait"] == 30
    assert [cause["likelihood"] for cause in verdict.causes] == list(
        range(1, len(verdict.causes) + 1)
    )
    assert verdict.docs_url
    assert verdict.docs_url.startswith("https://developers.cloudflare.com/")


def test_is_frozen(verdict: Verdict) -> None:
    for name, value in (("status", 200), ("other", 1), ("class_", "passed")):
        with pytest.raises(AttributeError):
            setattr(verdict, name, value)
    with pytest.raises(TypeError):
        Verdict()
    with pytest.raises(TypeError):
        type("Mine", (Verdict,), {})


def test_equality_and_hash(verdict: Verdict) -> None:
    same = classify(429, HEADERS, b"error code: 1015")
    other = classify(429, HEADERS, b"error code: 1020")
    assert verdict == same
    assert hash(verdict) == hash(same)
    assert verdict != other
    assert len({verdict, same, other}) == 2
    assert verdict != "rate_limited"
    assert (verdict == 1015) is False
    with pytest.raises(TypeError):
        sorted([verdict, other])  # type: ignore[type-var]


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_copies(verdict: Verdict, protocol: int) -> None:
    assert pickle.loads(pickle.dumps(verdict, protocol)) == verdict
    assert copy.copy(verdict) == verdict
    assert copy.deepcopy([verdict])[0] == verdict


def test_records(verdict: Verdict) -> None:
    record = verdict.to_dict()
    assert list(record)[:4] == ["class", "intercepted", "blocked", "reason"]
    assert json.loads(verdict.to_json()) == record
    assert Verdict.from_record({"class": "access_denied", "error_code": 1020}).reason == (
        "firewall_rule_blocked"
    )
    assert "\n" not in verdict.to_json()


def test_every_word_is_one_of_its_set() -> None:
    sets = words()
    for case in cases():
        arguments = dict(case.response)
        verdict = classify(arguments.pop("status"), **arguments)
        assert verdict.class_ in sets["Class"]
        assert verdict.action in sets["Action"]
        assert verdict.confidence in sets["Confidence"]
        assert verdict.producer in sets["Producer"]
        assert verdict.provenance in sets["Provenance"]
        assert {step["action"] for step in verdict.steps} <= set(sets["Action"])
        assert {item["signal"] for item in verdict.evidence} <= set(sets["Signal"])
