"""Intercepted responses as exceptions."""

from __future__ import annotations

import pickle
import typing

import cfblock
import pytest
from cfblock import Blocked, CloudflareError, Verdict, classify, error_for
from cfblock.words import Class

REFUSALS = {
    "challenge",
    "access_denied",
    "rate_limited",
    "waiting_room",
    "payment_required",
    "sign_in_required",
    "legal_block",
    "phishing_warning",
}
INTERCEPTED = [name for name in typing.get_args(Class) if name != "passed"]


def of_class(name: str) -> Verdict:
    return Verdict.from_record({"class": name, "status": 403})


@pytest.mark.parametrize("name", INTERCEPTED)
def test_each_class_has_its_exception(name: str) -> None:
    error = error_for(of_class(name))
    expected = getattr(cfblock, "".join(part.capitalize() for part in name.split("_")))
    assert type(error) is expected
    assert isinstance(error, CloudflareError)
    assert isinstance(error, Blocked) == (name in REFUSALS) == error.verdict.blocked


def test_members_and_message() -> None:
    verdict = classify(429, [("cf-ray", "91b2e4707ac3d58f-AMS")], b"error code: 1015")
    error = error_for(verdict, response="the response")
    assert str(error) == str(verdict)
    assert (error.error_code, error.reason, error.action) == (1015, "rate_limited", verdict.action)
    assert (error.retry_after, error.ray_id) == (verdict.retry_after, "91b2e4707ac3d58f")
    assert error.response == "the response"


def test_pickle_leaves_out_the_response() -> None:
    error = error_for(of_class("challenge"), response=lambda: None)
    other = pickle.loads(pickle.dumps(error))
    assert type(other) is type(error)
    assert (other.verdict, other.response, str(other)) == (error.verdict, None, str(error))


def test_the_site_itself_is_no_error() -> None:
    with pytest.raises(ValueError, match="there is no error: passed"):
        error_for(classify(200))


def test_raise_for_cloudflare_takes_a_verdict() -> None:
    passed = classify(200)
    assert cfblock.raise_for_cloudflare(passed) is passed
    with pytest.raises(cfblock.RateLimited) as caught:
        cfblock.raise_for_cloudflare(classify(429, body=b"error code: 1015"))
    assert caught.value.error_code == 1015
