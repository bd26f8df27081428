"""How type checkers see the package; ``test_stubs.py`` runs mypy over it.

An expected error is ignored by its code: where it is not found, mypy complains of
the ignore.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, assert_type

import cfblock
from cfblock import Blocked, Monitor, Policy, Verdict
from cfblock.types import Action, Class, Step, VerdictRecord


def correct(verdict: Verdict, when: datetime) -> str:
    """What users write."""
    assert_type(verdict.class_, Class)
    assert_type(verdict.action, Action)
    assert_type(verdict.to_dict(), VerdictRecord)
    assert_type(verdict.steps, list[Step])
    cfblock.classify(None)
    cfblock.classify(403, [("a", "b"), (b"a", b"b")], b"", now=when)
    cfblock.classify(403, {"a": "b"}, bytearray(), history=[(302, None)], peer_ip="192.0.2.1")
    cfblock.classify_many([(403, {"a": "b"}, b""), (403,), {"status": 403}])
    rows: list[Mapping[str, Any]] = [{"status": 403}]
    cfblock.classify_many(rows)
    verdict.triage("cooperative")
    verdict.triage(Policy("cooperative", exclude=["use_browser"]), tried=["wait", *verdict.steps])
    Monitor(max_hosts=5).observe("shop", "a.example", verdict, when)
    if verdict.class_ == "waiting_room":
        return verdict.action
    try:
        cfblock.raise_for_cloudflare(verdict)
    except Blocked as error:
        return error.action
    return verdict.to_dict()["class"]


def mistakes(verdict: Verdict) -> None:
    """What a checker has to find."""
    print(verdict.class_ == "waf_blok")  # type: ignore[comparison-overlap]
    print(verdict.action == "retries")  # type: ignore[comparison-overlap]
    cfblock.classify("403")  # type: ignore[arg-type]
    cfblock.classify(403, [], {})  # type: ignore[arg-type]
    cfblock.classify(403, [], b"", "https://a.example/")  # type: ignore[call-arg]
    Policy(exclude=["wate"])  # type: ignore[list-item]
    Policy("cooperativ")  # type: ignore[arg-type]
    verdict.triage("fulll")  # type: ignore[arg-type]
    Monitor().observe("shop", "a.example", "waf", 0)  # type: ignore[arg-type]
    verdict.status = 200  # type: ignore[misc]
    cfblock.ticket(verdict, purpos="x")  # type: ignore[call-arg]
    print(verdict.clas)  # type: ignore[attr-defined]
