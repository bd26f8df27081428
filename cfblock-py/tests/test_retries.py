from __future__ import annotations

import asyncio
import random
import time
from typing import Any

import aiohttp
import cfblock
import httpx
import pytest
import requests
import tenacity
import urllib3
from cfblock.integrations.aiohttp import CfblockMiddleware
from cfblock.integrations.httpx import CfblockTransport
from cfblock.integrations.tenacity import (
    retry_if_cloudflare_retryable,
    stop_cloudflare,
    wait_cloudflare,
)
from cfblock.integrations.urllib3 import CloudflareRetry
from clients import EDGE_HEADERS, answer, site
from conftest import Edge
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError

LIMITED = cfblock.classify(429, EDGE_HEADERS | {"retry-after": "30"}, "error code: 1015")
DENIED = cfblock.classify(403, EDGE_HEADERS, "error code: 1020")
TIMED_OUT = cfblock.classify(522, EDGE_HEADERS, "error code: 522")
QUEUED = cfblock.classify(
    200,
    EDGE_HEADERS | {"content-type": "application/json"},
    '{"cfWaitingRoom": {"inWaitingRoom": true, "refreshIntervalSeconds": 20}}',
)

NOT_TO_BE_REPEATED = ["ok", "blocked-1020", "challenge", "null-route", "origin-403", "gzip-block"]


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The sleeps of urllib3, which take no time."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


@pytest.fixture
def least_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws the shortest pause there is."""
    monkeypatch.setattr(random, "random", lambda: 0.0)


def retrying(policy: Any = None, **options: Any) -> tenacity.Retrying:
    options = {
        "retry": retry_if_cloudflare_retryable(policy),
        "wait": wait_cloudflare(policy),
        **options,
    }
    return tenacity.Retrying(**options)


class TestTenacity:
    def state(self, value: Any, attempt: int = 1, after: float = 0.0) -> tenacity.RetryCallState:
        state = tenacity.RetryCallState(retrying(), None, (), {})
        state.attempt_number = attempt
        if isinstance(value, BaseException):
            state.set_exception((type(value), value, None))
        else:
            state.set_result(value)
        state.start_time = state.outcome_timestamp - after
        return state

    @pytest.mark.parametrize("attempt", range(1, 7))
    def test_never_sooner_than_stated(self, attempt: int) -> None:
        drawn = [wait_cloudflare()(self.state(LIMITED, attempt)) for _ in range(100)]
        assert min(drawn) >= 30
        if attempt < 6:
            assert max(drawn) <= 60 * 2 ** (attempt - 1)
            assert len(set(drawn)) > 90

    @pytest.mark.parametrize("value", [DENIED, cfblock.AccessDenied(DENIED), None, "page", 403])
    def test_what_is_not_repeated(self, value: Any) -> None:
        assert not retry_if_cloudflare_retryable()(self.state(value))

    def test_exceptions_and_verdicts(self) -> None:
        retry = retry_if_cloudflare_retryable()
        for value in (LIMITED, TIMED_OUT, cfblock.error_for(LIMITED), QUEUED):
            assert retry(self.state(value))
        assert not retry(self.state(ValueError("another")))

    def test_policy_limits_attempts_and_waits(self) -> None:
        assert not retry_if_cloudflare_retryable()(self.state(LIMITED, attempt=6))
        assert not retry_if_cloudflare_retryable("cooperative")(self.state(LIMITED, attempt=3))
        assert retry_if_cloudflare_retryable("cooperative")(self.state(LIMITED, attempt=2))
        patient = cfblock.Policy(max_wait=20)
        assert not retry_if_cloudflare_retryable(patient)(self.state(LIMITED))

    def test_queue_ends(self) -> None:
        retry = retry_if_cloudflare_retryable(queue_for=60)
        assert retry(self.state(QUEUED, attempt=50, after=39))
        assert not retry(self.state(QUEUED, attempt=2, after=41))
        assert wait_cloudflare()(self.state(QUEUED, attempt=50)) == 20

    def test_beside_other_strategies(self) -> None:
        wait = wait_cloudflare(otherwise=tenacity.wait_fixed(3))
        assert wait(self.state(ValueError())) == 3
        assert wait(self.state(DENIED)) == 3
        assert wait(self.state(LIMITED, attempt=9)) == 30
        stop = stop_cloudflare()
        assert stop(self.state(cfblock.AccessDenied(DENIED)))
        assert not stop(self.state(cfblock.RateLimited(LIMITED)))
        assert not stop(self.state(ValueError()))
        calls = []

        def fails() -> None:
            calls.append(1)
            raise cfblock.AccessDenied(DENIED)

        stubborn = retrying(retry=tenacity.retry_if_exception_type(), stop=stop, reraise=True)
        with pytest.raises(cfblock.AccessDenied):
            stubborn(fails)
        assert calls == [1]

    @pytest.mark.usefixtures("least_pause")
    def test_waits_for_a_rate_limit(self, edge: Edge) -> None:
        def fetch() -> requests.Response:
            return requests.get(edge / "limited", timeout=10)

        begun = time.monotonic()
        response = retrying()(fetch)
        assert response.status_code == 200
        assert time.monotonic() - begun >= 2
        assert edge.counts() == {"/limited": 2}
        assert not edge.early_retries()

    @pytest.mark.usefixtures("least_pause")
    def test_waits_for_what_a_transport_raises(self, edge: Edge) -> None:
        transport = CfblockTransport(raise_for=cfblock.CloudflareError)
        with httpx.Client(transport=transport) as client:
            response = retrying()(client.get, edge / "limited")
        assert response.status_code == 200
        assert edge.counts() == {"/limited": 2}
        assert not edge.early_retries()

    @pytest.mark.usefixtures("least_pause")
    def test_async(self, edge: Edge) -> None:
        async def run() -> int:
            middlewares = (CfblockMiddleware(),)
            async with aiohttp.ClientSession(middlewares=middlewares) as session:

                @tenacity.retry(retry=retry_if_cloudflare_retryable(), wait=wait_cloudflare())
                async def fetch() -> int | aiohttp.ClientResponse:
                    response = await session.get(edge / "limited")
                    return response if response.status != 200 else 200

                return await fetch()

        assert asyncio.run(run()) == 200
        assert edge.counts() == {"/limited": 2}
        assert not edge.early_retries()

    @pytest.mark.parametrize("path", NOT_TO_BE_REPEATED)
    def test_asks_once(self, path: str, edge: Edge) -> None:
        retrying()(lambda: requests.get(edge / path, timeout=10))
        assert edge.counts() == {f"/{path}": 1}

    def test_stands_in_the_queue(self, edge: Edge) -> None:
        slept: list[float] = []
        with httpx.Client() as client:
            response = retrying(sleep=slept.append)(client.get, edge / "queue")
            assert cfblock.classify_response(response).class_ == "passed"
        assert edge.counts() == {"/queue": 3}
        assert slept == [20, 20]


class TestUrllib3:
    def pool(self, **options: Any) -> urllib3.PoolManager:
        return urllib3.PoolManager(retries=CloudflareRetry(**options))

    @pytest.mark.usefixtures("least_pause")
    def test_waits_for_a_rate_limit(self, edge: Edge) -> None:
        begun = time.monotonic()
        response = self.pool().request("GET", edge / "limited")
        assert response.status == 200
        assert time.monotonic() - begun >= 2
        assert edge.counts() == {"/limited": 2}
        assert not edge.early_retries()

    @pytest.mark.parametrize("path", NOT_TO_BE_REPEATED)
    def test_asks_once(self, path: str, edge: Edge) -> None:
        response = self.pool(status_forcelist=[402]).request("GET", edge / path)
        assert edge.counts() == {f"/{path}": 1}
        # With its body, for the caller to look at.
        assert len(response.data) > 20

    def test_refusals_are_not_repeated_by_force(self, edge: Edge) -> None:
        pool = self.pool(status_forcelist=[403], total=3)
        pool.request("GET", edge / "blocked-1020")
        assert edge.counts() == {"/blocked-1020": 1}
        pool.request("GET", edge / "origin-403")
        assert edge.counts()["/origin-403"] == 4

    def test_origin_as_ever(self, edge: Edge, naps: list[float]) -> None:
        response = self.pool(total=1).request("GET", edge / "origin-503")
        assert response.status == 503
        assert naps == [3600]

    def test_retry_after_alone_repeats_no_refusal(self, naps: list[float]) -> None:
        refusal = answer(403, b"error code: 1020", retry_after="5", server="cloudflare")
        with site({"/": refusal}) as url:
            assert self.pool().request("GET", f"{url}/").status == 403
        assert naps == []

    @pytest.mark.usefixtures("least_pause")
    def test_attempts_are_counted(self, naps: list[float]) -> None:
        limited = answer(429, b"error code: 1015", retry_after="5", server="cloudflare")
        with site({"/": answer(302, location="/limited"), "/limited": limited}) as url:
            assert self.pool().request("GET", f"{url}/").status == 429
            assert naps == [5] * 5
            naps.clear()
            assert self.pool(policy="cooperative").request("GET", f"{url}/").status == 429
            assert naps == [5] * 2
            naps.clear()
            assert self.pool(total=1).request("GET", f"{url}/limited").status == 429
            assert naps == [5]
            naps.clear()
            patient = cfblock.Policy(max_wait=4)
            assert self.pool(policy=patient).request("GET", f"{url}/limited").status == 429
            assert naps == []

    def test_methods(self, edge: Edge) -> None:
        assert self.pool().request("POST", edge / "limited").status == 429
        assert edge.counts() == {"/limited": 1}

    def test_raises_where_asked(self, edge: Edge) -> None:
        pool = self.pool(raise_on_status=True)
        with pytest.raises(MaxRetryError, match="not to be repeated: access_denied 1020"):
            pool.request("GET", edge / "blocked-1020")

    def test_requests_shows_the_headers_alone(self, edge: Edge) -> None:
        session = requests.Session()
        session.mount("http://", HTTPAdapter(max_retries=CloudflareRetry()))
        response = session.get(edge / "blocked-1020", timeout=10)
        assert cfblock.classify_response(response).error_code == 1020
        assert session.get(edge / "limited", timeout=10).status_code == 200
        assert edge.counts() == {"/blocked-1020": 1, "/limited": 2}
        assert not edge.early_retries()
