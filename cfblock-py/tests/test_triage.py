"""``Verdict.triage``, ``Policy`` and ``Triage``."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from cfblock import Policy, Verdict, classify

LIMITED = classify(429, [("server", "cloudflare"), ("retry-after", "30")], b"error code: 1015")
REFUSED = classify(403, [("server", "cloudflare")], b"error code: 1020")


def actions(verdict: Verdict, *arguments: Any, **context: Any) -> list[str]:
    return [step["action"] for step in verdict.triage(*arguments, **context).steps]


def test_a_stated_wait_comes_first() -> None:
    triage = LIMITED.triage()
    assert triage.action == "wait"
    assert triage.steps[0]["wait"] == 30
    assert not triage.exhausted
    assert not triage.is_final


def test_policies_by_name_and_by_members() -> None:
    cooperative = actions(REFUSED, "cooperative")
    assert not {"change_identity", "use_browser", "probe"} & set(cooperative)
    assert (
        cooperative
        == actions(REFUSED, Policy("cooperative"))
        == actions(REFUSED, {"base": "cooperative"})
    )
    assert actions(REFUSED) == actions(REFUSED, None) == actions(REFUSED, Policy())
    assert "use_browser" not in actions(REFUSED, Policy(exclude=["use_browser"]))


def test_what_was_tried_is_not_advised_again() -> None:
    tried: list[Any] = []
    for attempt in range(1, 40):
        triage = REFUSED.triage(attempt=attempt, tried=tried)
        if triage.is_final:
            break
        assert triage.steps[0] not in tried
        tried.append(triage.steps[0])
    else:
        pytest.fail("the advice never ends")
    assert actions(REFUSED, tried=["probe"]) != actions(REFUSED)


def test_texts() -> None:
    triage = LIMITED.triage()
    assert str(triage) == triage.text("scraper") == triage.audience["scraper"]
    assert set(triage.audience) == {"scraper", "visitor", "owner"}
    assert all(triage.audience.values())
    assert repr(triage) == f"<Triage {', '.join(step['action'] for step in triage.steps)}>"


def test_a_triage_is_a_value() -> None:
    triage = LIMITED.triage()
    assert triage == LIMITED.triage()
    assert triage != REFUSED.triage()
    assert triage.to_dict() == json.loads(triage.to_json())
    assert list(triage.to_dict()) == ["action", "steps", "causes", "audience", "exhausted"]
    assert copy.deepcopy(triage) == copy.copy(triage) == triage


POLICIES = [
    Policy(),
    Policy("cooperative"),
    Policy(exclude=["use_browser", "probe"], max_wait=60),
    Policy(exclude=["change_identity"], max_attempts=2),
    Policy(changes=["ip"], max_attempts=1),
    Policy(changes=[]),
]


@pytest.mark.parametrize("policy", POLICIES, ids=repr)
def test_a_policy_is_a_value(policy: Policy) -> None:
    other = pickle.loads(pickle.dumps(policy))
    assert other == policy
    assert hash(other) == hash(policy)
    assert copy.deepcopy(policy) == policy
    assert len({*POLICIES, other}) == len(POLICIES)


def test_members_of_a_policy() -> None:
    policy = Policy(exclude=["probe"], changes=["ip", "asn"], max_wait=90, max_attempts=4)
    assert (policy.exclude, policy.changes) == (["probe"], ["ip", "asn"])
    assert (policy.max_wait, policy.max_attempts) == (90, 4)
    assert Policy.from_json('{"max_wait": 90}') == Policy(max_wait=90)
    with pytest.raises(AttributeError):
        policy.max_wait = 1  # type: ignore[misc]
