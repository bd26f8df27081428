"""Feeds bytes made by chance to everything that reads some; ends at the first fault.

Run by ``test_hostile.py`` in a process of its own, as ``hostile_bytes.py SEED ITERATIONS``.
"""

from __future__ import annotations

import faulthandler
import json
import random
import sys
from collections.abc import Callable
from typing import Any

import cfblock
from cfblock import Monitor, Policy, Tally, Verdict
from corpus import cases

ALLOWED = (TypeError, ValueError)
LONGEST = 4096
MARKS = [
    b"error code: 1020",
    b'"cloudflare_error":true',
    b'class="cf-error-code">',
    b"cf-mitigated",
    b"Retry-After",
    b"\xff\xfe",
    b"\x00",
    b"9" * 40,
    b"{" * 50,
    "\u212a\u0130".encode(),
]


def mutated(chance: random.Random, data: bytes) -> bytes:
    data = data[:LONGEST]
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0:
                data = data[:at] + chance.randbytes(chance.randrange(1, 9)) + data[at + 1 :]
            case 1:
                data = data[:at] + data[at + chance.randrange(1, 40) :]
            case 2:
                data = data[:at] + chance.choice(MARKS) + data[at:]
            case 3:
                data = data[:at]
            case _:
                other = chance.randrange(len(data) + 1)
                data = data[:at] + data[min(at, other) : max(at, other)] + data[at:]
    return data


def text(chance: random.Random, data: bytes) -> Any:
    return (
        chance.choice([data, bytearray(data), data.decode("latin-1")])
        if (chance.random() < 0.5)
        else data.decode("utf-8", "surrogateescape")
    )


def response(chance: random.Random) -> dict[str, Any]:
    case = chance.choice(cases()).response
    pairs = [
        (text(chance, mutated(chance, _bytes(name))), text(chance, mutated(chance, _bytes(value))))
        if chance.random() < 0.2
        else (name, value)
        for name, value in (case.get("headers") or [])[:60]
    ]
    made = case | {
        "status": chance.choice(
            [case["status"], chance.randrange(65536), chance.randrange(-5, 10**6)]
        ),
        "headers": chance.choice([pairs, dict(case.get("headers") or {}), iter(pairs), None]),
        "body": text(chance, mutated(chance, case["body"] or b"")),
    }
    if chance.random() < 0.2:
        made["url"] = mutated(chance, case.get("url", "https://a.example/").encode()).decode(
            "latin-1"
        )
        made["history"] = [
            (chance.randrange(700), text(chance, mutated(chance, b"https://a.example/")))
        ]
        made["now"] = chance.choice([chance.uniform(-1e20, 1e20), "2026-11-20T12:00:00Z", 0])
    return made


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


def saved() -> dict[str, bytes]:
    """Texts of each kind that is read back."""
    monitor, tally = Monitor(), Tally()
    refused = cfblock.classify(403, body=b"error code: 1020")
    for at in range(400):
        monitor.observe("shop", f"{at % 3}.example", refused if at > 300 else "passed", at)
        tally.add("w", "shop", "a.example", "passed")
    return {
        "record": refused.to_json().encode(),
        "policy": b'{"base": "cooperative", "exclude": ["probe"], "max_wait": 60}',
        "monitor": monitor.save().encode(),
        "tally": tally.save().encode(),
    }


def restored_monitor(state: str) -> None:
    monitor = Monitor.restore(state)
    monitor.observe("shop", "0.example", "access_denied", 500)
    monitor.tick(10**6)
    assert Monitor.restore(monitor.save()).save() == monitor.save()


def main(seed: int, iterations: int) -> None:
    chance = random.Random(seed)
    states = saved()
    readers: dict[str, Callable[[str], object]] = {
        "record": Verdict.from_record,
        "policy": Policy.from_json,
        "monitor": restored_monitor,
        "tally": Tally.restore,
    }
    refused = 0
    for _ in range(iterations):
        made = response(chance)
        kind = chance.choice(list(readers))
        state = mutated(chance, states[kind]).decode("utf-8", "replace")
        status = made.pop("status")
        calls: list[Callable[[], object]] = [
            lambda made=made, status=status: cfblock.classify(status, **made).triage().to_json(),
            lambda made=made, status=status: cfblock.classify_many([made | {"status": status}]),
            lambda kind=kind, state=state: readers[kind](state),
        ]
        for call in calls:
            try:
                call()
            except ALLOWED:
                refused += 1
            except BaseException:
                # A panic of the extension is no Exception.
                sys.stderr.write(f"{kind}: {state!r}\n{status!r}: {made!r}\n")
                raise
    sys.stdout.write(json.dumps({"calls": iterations * 3, "refused": refused}))


if __name__ == "__main__":
    faulthandler.enable()
    main(int(sys.argv[1]), int(sys.argv[2]))
