from __future__ import annotations

import pickle
from typing import Any

import cfblock
import pytest
import requests
from cfblock.integrations.requests import CfblockAdapter, response_hook
from clients import ANSWERS, EventStream, answer, every_answer, site, told
from conftest import Edge


def with_adapter(**options: Any) -> requests.Session:
    session = requests.Session()
    session.mount("http://", CfblockAdapter(**options))
    return session


def with_hook(**options: Any) -> requests.Session:
    session = requests.Session()
    session.hooks["response"].append(response_hook(**options))
    return session


both_ways = pytest.mark.parametrize("build", [with_adapter, with_hook])


@both_ways
@every_answer
def test_annotates(build: Any, path: str, edge: Edge) -> None:
    with build() as session:
        response = session.get(edge / path, timeout=10)
    assert told(response.cfblock) == ANSWERS[path]
    assert response.content
    assert edge.counts()[f"/{path}"] == 1


@both_ways
def test_stream_is_left_to_the_caller(build: Any, edge: Edge) -> None:
    with build() as session, session.get(edge / "challenge", stream=True, timeout=10) as response:
        assert response.cfblock.class_ == "challenge"
        assert b"".join(response.iter_content(50)).startswith(b"<!DOCTYPE")
        with session.get(edge / "blocked-1020", stream=True, timeout=10) as unread:
            assert unread.cfblock.class_ == "passed"
            assert b"1020" in unread.content


@both_ways
def test_event_stream_is_not_held_up(build: Any) -> None:
    events = EventStream()
    with (
        site({"/": events}) as url,
        build() as session,
        session.get(f"{url}/", stream=True, timeout=10) as response,
    ):
        assert response.cfblock.class_ == "passed"
        events.may_end.set()
        assert response.content.count(b"data") == 2


@both_ways
def test_raises(build: Any, edge: Edge) -> None:
    with build(raise_for=cfblock.Blocked) as session:
        with pytest.raises(cfblock.AccessDenied, match="1020") as raised:
            session.get(edge / "br-block", timeout=10)
        assert raised.value.response.status_code == 403
        with pytest.raises(cfblock.Challenge):
            session.get(edge / "challenge", stream=True, timeout=10)
        assert session.get(edge / "null-route", timeout=10).cfblock.error_code == 1002
        assert session.get(edge / "origin-503", timeout=10).status_code == 503


@both_ways
def test_every_hop_of_a_redirect(build: Any, edge: Edge) -> None:
    with site({"/": answer(302, location=edge / "gzip-block")}) as url, build() as session:
        response = session.get(f"{url}/", timeout=10)
        assert response.cfblock.error_code == 1020
        assert response.history[0].cfblock.class_ == "passed"


def test_adapter_takes_the_arguments_of_its_parent(edge: Edge) -> None:
    adapter = CfblockAdapter(2, pool_maxsize=3, raise_for=cfblock.Blocked)
    again = pickle.loads(pickle.dumps(adapter))
    assert again.raise_for is cfblock.Blocked
    session = requests.Session()
    session.mount("http://", again)
    with session, pytest.raises(cfblock.RateLimited) as raised:
        session.get(edge / "limited", timeout=10)
    assert raised.value.retry_after == 2


@pytest.mark.parametrize("build", [CfblockAdapter, response_hook])
def test_wrong_raise_for(build: Any) -> None:
    with pytest.raises(TypeError, match="raise_for"):
        build(raise_for="blocked")
