"""Arguments of a wrong type or range are refused by their names."""

from __future__ import annotations

import array
from collections.abc import Callable
from typing import Any

import pytest
from cfblock import (
    Monitor,
    Policy,
    Tally,
    Verdict,
    classify,
    classify_many,
    diagnose,
    explain,
    ticket,
)

BLOCKED = classify(429, [("server", "cloudflare")], b"error code: 1015")
HUGE = 10**5000


class Failing:
    """Fails when it is asked for anything."""

    def __index__(self) -> int:
        raise ZeroDivisionError

    def items(self) -> Any:
        raise ZeroDivisionError


def released() -> memoryview:
    view = memoryview(b"")
    view.release()
    return view


def observed(*members: dict[str, Any]) -> Callable[[], Any]:
    return lambda: diagnose(list(members))


good = {"verdict": BLOCKED, "vantage": {"country": "DE"}}

REFUSED: list[tuple[Callable[..., Any], type[Exception], str]] = [
    (lambda: classify("403"), TypeError, "status must be an int, not str"),
    (lambda: classify(True), TypeError, "status must be an int, not bool"),
    (lambda: classify(403.0), TypeError, "status must be an int, not float"),
    (lambda: classify(-1), ValueError, "status is -1, expected 0 to 65535"),
    (lambda: classify(70000), ValueError, "status is 70000, expected 0 to 65535"),
    (lambda: classify(HUGE), ValueError, "status is out of range, expected 0 to 65535"),
    (
        lambda: classify(403, 5),
        TypeError,
        "headers must be pairs of str or bytes, a mapping or None, not int",
    ),
    (
        lambda: classify(403, "a: b"),
        TypeError,
        "headers must be pairs of str or bytes, a mapping or None, not str",
    ),
    (
        lambda: classify(403, b"a: b"),
        TypeError,
        "headers must be pairs of str or bytes, a mapping or None, not bytes",
    ),
    (
        lambda: classify(403, ["ab"]),
        TypeError,
        "headers[0] must be a pair (name, value) of str or bytes, not str",
    ),
    (
        lambda: classify(403, [("a",)]),
        TypeError,
        "headers[0] must be a pair (name, value) of str or bytes, not tuple",
    ),
    (
        lambda: classify(403, [("a", "b"), ("c", 5)]),
        TypeError,
        "the value of headers[1] must be str or bytes, not int",
    ),
    (
        lambda: classify(403, [(5, "b")]),
        TypeError,
        "the name of headers[0] must be str or bytes, not int",
    ),
    (
        lambda: classify(403, {"a": None}),
        TypeError,
        "the value of headers[0] must be str or bytes, not NoneType",
    ),
    (
        lambda: classify(403, {"a": ["b", 1]}),
        TypeError,
        "a value of headers[1] must be str or bytes, not int",
    ),
    (
        lambda: classify(403, [], {}),
        TypeError,
        "body must be bytes, bytearray, memoryview, str or None, not dict",
    ),
    (
        lambda: classify(403, [], array.array("i", [1])),
        TypeError,
        "body must be bytes, bytearray, memoryview, str or None, not array",
    ),
    (
        lambda: classify(403, [], released()),
        ValueError,
        "body: operation forbidden on released memoryview object",
    ),
    (lambda: classify(403, url=5), TypeError, "url must be a str or None, not int"),
    (
        lambda: classify(403, history=5),
        TypeError,
        "history must be a list of pairs (status, location), not int",
    ),
    (
        lambda: classify(403, history="ab"),
        TypeError,
        "history must be a list of pairs (status, location), not str",
    ),
    (
        lambda: classify(403, history=[302]),
        TypeError,
        "history[0] must be a pair (status, location) or a mapping, not int",
    ),
    (
        lambda: classify(403, history=[("302", None)]),
        TypeError,
        "the status of history[0] must be an int, not str",
    ),
    (
        lambda: classify(403, history=[{"location": 5}]),
        TypeError,
        "the location of history[0] must be str or bytes, not int",
    ),
    (
        lambda: classify(403, peer_ip=5),
        TypeError,
        "peer_ip must be a str, an address of the module ipaddress or None, not int",
    ),
    (
        lambda: classify(403, peer_ip="here"),
        ValueError,
        'peer_ip is "here", expected an IP address',
    ),
    (
        lambda: classify(403, now=[]),
        TypeError,
        "now must be seconds since 1970, an aware datetime or an RFC 3339 str, not list",
    ),
    (
        lambda: classify(403, now=True),
        TypeError,
        "now must be seconds since 1970, an aware datetime or an RFC 3339 str, not bool",
    ),
    (lambda: classify(403, now=float("nan")), ValueError, "now is nan, expected a finite number"),
    (lambda: classify(403, now=HUGE), ValueError, "now is out of range, expected a smaller number"),
    (lambda: classify(403, now="today"), ValueError, "now: "),
    (lambda: classify_many(5), TypeError, "responses must be an iterable of responses, not int"),
    (lambda: classify_many([(1,), (403, 5)]), TypeError, "responses[1]: headers must be "),
    (
        lambda: classify_many([(403, [("a", 5)])]),
        TypeError,
        "responses[0]: the value of headers[0] must be str or bytes, not int",
    ),
    (
        lambda: classify_many([()]),
        TypeError,
        "responses[0]: a response must be a tuple (status, headers, body) or a mapping",
    ),
    (
        lambda: classify_many([{"state": 1}]),
        ValueError,
        "responses[0]: 'state' is no argument of classify",
    ),
    (lambda: Verdict.from_record(5), TypeError, "record must be a dict or JSON in a str, not int"),
    (lambda: Verdict.from_record("{"), ValueError, "record: "),
    (lambda: Verdict.from_record({"class": "waf"}), ValueError, "record: "),
    (lambda: Verdict.from_record({"class": {1}}), TypeError, "record: "),
    (
        lambda: BLOCKED.triage("fast"),
        ValueError,
        'policy is "fast", expected full, cooperative or a Policy',
    ),
    (
        lambda: BLOCKED.triage(5),
        TypeError,
        "policy must be a Policy, its name, a dict of its members or None",
    ),
    (lambda: BLOCKED.triage({"max_weight": 1}), ValueError, "policy: "),
    (lambda: BLOCKED.triage(attempt=-1), ValueError, "attempt is -1, expected 0 to 4294967295"),
    (
        lambda: BLOCKED.triage(tried="wait"),
        TypeError,
        "tried must be a list of actions or steps, not str",
    ),
    (lambda: BLOCKED.triage(tried=["wate"]), ValueError, "tried[0]: "),
    (lambda: BLOCKED.triage(tried=[5]), TypeError, "tried[0] must be an action or a step, not int"),
    (
        lambda: BLOCKED.triage(others_succeed=1),
        TypeError,
        "others_succeed must be a bool or None, not int",
    ),
    (lambda: BLOCKED.triage().text("crowd"), ValueError, "audience: "),
    (lambda: Policy("fast"), ValueError, "policy: `base` is"),
    (lambda: Policy(exclude="wait"), TypeError, "exclude must be a list of words, not str"),
    (lambda: Policy(exclude=["wate"]), ValueError, "policy: `exclude"),
    (lambda: Policy(max_wait=-1), ValueError, "max_wait is -1, expected 0 to 4294967295"),
    (
        lambda: Policy(max_attempts=2**40),
        ValueError,
        "max_attempts is 1099511627776, expected 0 to 4294967295",
    ),
    (lambda: Policy(max_wait=True), TypeError, "max_wait must be an int, not bool"),
    (lambda: Policy.from_json("[]"), ValueError, ""),
    (lambda: diagnose(5), TypeError, "observations must be a list of mappings, not int"),
    (lambda: diagnose([good, 5]), TypeError, "observations[1] must be a mapping, not int"),
    (
        observed(good, good, {"verdict": "passed"}),
        TypeError,
        "observations[2]: verdict must be a Verdict or the dict of its record, not str",
    ),
    (observed({"verdict": {"class": "waf"}}), ValueError, "observations[0]: verdict: "),
    (observed(good | {"vantage": {"network": "moon"}}), ValueError, "observations[0]: "),
    (observed(good | {"time": "now"}), ValueError, "observations[0]: time: "),
    (observed({"status": "403"}), TypeError, "observations[0]: status must be an int, not str"),
    (lambda: diagnose([good], [5]), TypeError, "candidates[0] must be a mapping, not int"),
    (lambda: diagnose([good], [{"vantage": {}}]), ValueError, "candidates[0]: "),
    (lambda: diagnose([good], policy="fast"), ValueError, "policy is "),
    (lambda: Monitor(max_hosts=-1), ValueError, "max_hosts is -1, expected 0 to 4294967295"),
    (lambda: Monitor(max_hosts="7"), TypeError, "max_hosts must be an int, not str"),
    (
        lambda: Monitor(hash_seed=-1),
        ValueError,
        "hash_seed is -1, expected 0 to 18446744073709551615",
    ),
    (lambda: Monitor(objective_s="soon"), TypeError, "objective_s must be a number, not str"),
    (lambda: Monitor(objective_s=HUGE), ValueError, "objective_s is out of range"),
    (
        lambda: Monitor(give_up_s=float("inf")),
        ValueError,
        "give_up_s is inf, expected a finite number",
    ),
    (lambda: Monitor(responses_per_false_alarm=0), ValueError, "responses_per_false_alarm"),
    (lambda: Monitor().observe("p", "h", "waf", 0), ValueError, "answer: "),
    (lambda: Monitor().observe("p", "h", 5, 0), TypeError, "answer must be a str, not int"),
    (
        lambda: Monitor().observe("p", "h", "passed", None),
        TypeError,
        "time must be seconds since 1970",
    ),
    (
        lambda: Monitor().observe("p", "h", BLOCKED, 0, 1015),
        ValueError,
        "error_code goes with a class",
    ),
    (lambda: Monitor().observe("p", "h", "passed", 0, 2**16), ValueError, "error_code is 65536"),
    (
        lambda: Monitor().diagnosed("p", "h", "passed", {}, 0),
        TypeError,
        "diagnosis must be a Diagnosis",
    ),
    (lambda: Monitor().acted("p", "h", "passed", "wate", 0), ValueError, "action: "),
    (lambda: Monitor.restore("{}"), ValueError, "state: "),
    (lambda: Tally.restore("[1]"), ValueError, "state: "),
    (lambda: Tally().add("w", "p", "h", "waf"), ValueError, "answer: "),
    (lambda: Tally().add("w", "p", "h", BLOCKED, 1015), ValueError, "error_code goes with a class"),
    (
        lambda: explain(True),
        TypeError,
        "word must be an error code or a word of a verdict, not bool",
    ),
    (
        lambda: explain(10.2),
        TypeError,
        "word must be an error code or a word of a verdict, not float",
    ),
    (lambda: explain(99999), LookupError, "99999"),
    (lambda: explain("slow_dwon"), LookupError, "slow_down"),
    (lambda: ticket(5), TypeError, "verdict must be a Verdict or the dict of its record, not int"),
    (lambda: ticket(BLOCKED, purpos="x"), TypeError, "purpos"),
    (lambda: ticket(BLOCKED, time="soon"), ValueError, "time: "),
    (lambda: ticket(BLOCKED, url=5), TypeError, "while processing 'url'"),
    (lambda: Monitor().tick(), TypeError, "'time'"),
    (lambda: Monitor().observe(5, "h", "passed", 0), TypeError, "while processing 'pipeline'"),
    (lambda: ticket(BLOCKED, requests_per_minute=-1), ValueError, "requests_per_minute is -1"),
]


@pytest.mark.parametrize(
    ("call", "error", "message"), REFUSED, ids=[message for _, _, message in REFUSED]
)
def test_refused(call: Callable[[], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    said = "\n".join([str(caught.value), *getattr(caught.value, "__notes__", [])])
    assert message in said
    assert len(said) < 400


def test_errors_of_the_arguments_themselves_come_through() -> None:
    for call in (lambda: classify(Failing()), lambda: classify(403, Failing())):
        with pytest.raises(ZeroDivisionError):
            call()
