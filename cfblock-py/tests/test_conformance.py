"""Every case of the corpus through the package, in each form that can carry it."""

from __future__ import annotations

import copy
import json
import os
import pickle
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import cfblock
import pytest
from cfblock import Verdict
from conftest import REPOSITORY
from corpus import Case, cases

every_case = pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)

SMALL = 64 * 1024
"""Responses up to this size are also read in the other forms."""


def differences(expect: dict[str, Any], record: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The asserted members that are missing or otherwise in the record."""
    return {
        member: (expected, record.get(member, "no such member"))
        for member, expected in expect.items()
        if member not in record or not agrees(expected, record[member])
    }


def agrees(expected: Any, got: Any) -> bool:
    """Of a list every expected item has to occur, of an object every listed member."""
    if isinstance(expected, list) and isinstance(got, list):
        occurs = all(any(agrees(item, other) for other in got) for item in expected)
        return bool(expected) == bool(got) and occurs
    if isinstance(expected, dict) and isinstance(got, dict):
        return all(name in got and agrees(value, got[name]) for name, value in expected.items())
    return type(expected) is type(got) and bool(expected == got)


def classify(response: dict[str, Any]) -> Verdict:
    arguments = dict(response)
    return cfblock.classify(arguments.pop("status"), **arguments)


def encoded(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def other_forms(response: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same response with its headers and its body held in other types."""
    pairs = response.get("headers")
    if pairs is not None:
        yield from (
            (f"headers as {form}", response | {"headers": headers})
            for form, headers in header_forms(pairs)
        )
    body = response.get("body")
    if body is not None:
        yield "a bytearray", response | {"body": bytearray(body)}
        yield "a memoryview", response | {"body": memoryview(body)}
        doubled = bytes(byte for pair in zip(body, body, strict=True) for byte in pair)
        yield "every other byte of a memoryview", response | {"body": memoryview(doubled)[::2]}
        if is_unicode(body):
            yield "a str", response | {"body": body.decode()}


def header_forms(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, Any]]:
    yield "pairs of bytes", [(encoded(name), encoded(value)) for name, value in pairs]
    yield "a tuple of lists", tuple([name, value] for name, value in pairs)
    yield "a generator", (pair for pair in pairs)
    folded: dict[str, list[str]] = {}
    for name, value in pairs:
        folded.setdefault(name, []).append(value)
    in_order = [(name, value) for name, values in folded.items() for value in values]
    if in_order == pairs:
        yield "a mapping to lists", folded
        yield (
            "a mapping of bytes",
            {encoded(name): tuple(map(encoded, values)) for name, values in folded.items()},
        )
    if len(folded) == len(pairs):
        yield "a mapping", dict(pairs)
    if all(is_unicode(encoded(text)) and "\n" not in text for pair in pairs for text in pair):
        message = Message()
        for name, value in pairs:
            message[name] = value
        yield "a message", message


def is_unicode(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


@every_case
def test_case(case: Case) -> None:
    verdict = classify(case.response)
    record = verdict.to_dict()
    assert not differences(case.expect, dict(record))
    assert json.dumps(record, separators=(",", ":"), ensure_ascii=False) == verdict.to_json()


@every_case
def test_case_in_other_forms(case: Case) -> None:
    headers = case.response.get("headers") or []
    size = sum(len(name) + len(value) for name, value in headers) + len(
        case.response["body"] or b""
    )
    expected = classify(case.response)
    assert cfblock.classify_many([case.response]) == [expected]
    if size < SMALL:
        for form, response in other_forms(case.response):
            assert classify(response).to_json() == expected.to_json(), form


@every_case
def test_case_survives_its_record(case: Case) -> None:
    verdict = classify(case.response)
    copies = {
        "the record": Verdict.from_record(verdict.to_dict()),
        "its JSON": Verdict.from_record(verdict.to_json()),
        "a pickle": pickle.loads(pickle.dumps(verdict)),
        "a copy": copy.deepcopy(verdict),
    }
    for form, other in copies.items():
        assert other == verdict, form
        assert hash(other) == hash(verdict), form
        assert other.to_json() == verdict.to_json(), form


@every_case
def test_case_has_the_members_of_its_record(case: Case) -> None:
    verdict = classify(case.response)
    record = dict(verdict.to_dict())
    members = {name: getattr(verdict, "class_" if name == "class" else name) for name in record}
    assert members == record


def test_differences_are_found() -> None:
    record = {"class": "passed", "steps": [{"action": "stop", "wait": None}], "preview": False}
    assert not differences({"class": "passed", "steps": [{"action": "stop"}]}, record)
    wrong: list[dict[str, Any]] = [
        {"class": "challenge"},
        {"clas": None},
        {"steps": []},
        {"steps": [{"action": "pay"}]},
        {"steps": [{"acton": "stop"}]},
        {"preview": 0},
    ]
    for expect in wrong:
        assert len(differences(expect, record)) == 1, expect


def test_records_are_those_of_rust() -> None:
    """The whole corpus in one file, byte for byte."""
    folder = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "parity"
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        f'{{"case":{json.dumps(case.name)},{classify(case.response).to_json()[1:]}\n'
        for case in cases()
    ]
    (folder / "python.jsonl").write_text("".join(lines), encoding="utf-8", newline="")
    theirs = folder / "rust.jsonl"
    if not theirs.exists():
        pytest.fail(
            f"{theirs} is missing; `cargo test -p cfblock-tests --test conformance` writes it"
        )
    expected = theirs.read_text(encoding="utf-8").splitlines(keepends=True)
    for ours, line in zip(lines, expected, strict=False):
        assert ours == line
    assert len(lines) == len(expected), "one of the files is of another state of the corpus"
