"""``explain``, ``codes``, ``words`` and ``ticket``."""

from __future__ import annotations

import typing
from datetime import UTC, datetime
from http import HTTPStatus

import cfblock.words
import pytest
from cfblock import classify, codes, explain, ticket
from cfblock._cfblock import words

VERDICT = classify(
    403, [("server", "cloudflare"), ("cf-ray", "91b2e4707ac3d58f-AMS")], b"error code: 1020"
)


def test_explain() -> None:
    assert explain(1020) == explain("1020")
    assert explain(1020).startswith("1020 firewall_rule_blocked")
    assert "rate_limited" in explain("rate_limited")
    assert explain(HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED + 11) == explain("522")


def test_codes_are_all_explained() -> None:
    entries = codes()
    assert len(entries) > 80
    for entry in entries:
        assert entry["reason"] in explain(entry["code"] or entry["reason"])
        assert entry["class"] in words()["Class"]
    entries[0]["reason"] = "changed"
    assert codes()[0]["reason"] != "changed"


def test_words_are_those_of_the_types() -> None:
    for name, members in words().items():
        assert list(typing.get_args(getattr(cfblock.words, name))) == members


def test_a_ticket() -> None:
    text = ticket(
        VERDICT,
        method="GET",
        url="https://shop.example/list",
        time=datetime(2026, 11, 20, 12, tzinfo=UTC),
        purpose="price comparison",
        contact="crawler@reader.example",
        user_agent="reader/1.0",
        requests_per_minute=6,
    )
    for detail in (
        "91b2e4707ac3d58f",
        "shop.example",
        "/list",
        "2026-11-20",
        "price comparison",
        "crawler@reader.example",
        "reader/1.0",
    ):
        assert detail in text
    assert ticket(VERDICT) == ticket(VERDICT.to_dict())


@pytest.mark.parametrize("time", [1_795_176_000.25, "2026-11-20T13:00:00+01:00"])
def test_the_time_of_a_ticket(time: float | str) -> None:
    assert ticket(VERDICT, time=time) == ticket(VERDICT, time="2026-11-20T12:00:00Z")
