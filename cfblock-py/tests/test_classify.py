"""What ``classify`` and ``classify_many`` take."""

from __future__ import annotations

import array
import http
import http.client
import io
import mmap
from collections import UserDict
from datetime import UTC, datetime
from email import message_from_bytes
from ipaddress import ip_address
from typing import Any

import aiohttp
import cfblock
import httpx
import multidict
import numpy
import pytest
import requests
import scrapy.http
import urllib3
from cfblock import classify, classify_many

PAIRS = [
    ("Server", "cloudflare"),
    ("CF-RAY", "91b2e4707ac3d58f-AMS"),
    ("Retry-After", "30"),
    ("Set-Cookie", "a=1"),
    ("Set-Cookie", "b=2"),
]
BODY = b"error code: 1015"
LINES = "".join(f"{name}: {value}\r\n" for name, value in PAIRS).encode()


def header_objects() -> dict[str, Any]:
    urllib3_headers = urllib3.HTTPHeaderDict()
    scrapy_headers = scrapy.http.Headers()
    for name, value in PAIRS:
        urllib3_headers.add(name, value)
        scrapy_headers.appendlist(name, value)
    return {
        "list": PAIRS,
        "pairs of bytes": [(name.encode(), value.encode()) for name, value in PAIRS],
        "pairs of both": [(name, value.encode()) for name, value in PAIRS],
        "lists": [list(pair) for pair in PAIRS],
        "generator": (pair for pair in PAIRS),
        "dict": dict(PAIRS),
        "dict of lists": {name.encode(): [value.encode()] for name, value in PAIRS},
        "user dict": UserDict(PAIRS),
        "requests": requests.structures.CaseInsensitiveDict(PAIRS),
        "httpx": httpx.Headers(PAIRS),
        "aiohttp": multidict.CIMultiDictProxy(multidict.CIMultiDict(PAIRS)),
        "urllib3": urllib3_headers,
        "scrapy": scrapy_headers,
        "http.client": http.client.parse_headers(io.BytesIO(LINES + b"\r\n")),
        "email": message_from_bytes(LINES + b"X-Name: caf\xe9\r\n\r\n"),
    }


@pytest.mark.parametrize("kind", header_objects())
def test_headers(kind: str) -> None:
    verdict = classify(429, header_objects()[kind], BODY)
    assert verdict.error_code == 1015
    assert (verdict.ray_id, verdict.colo, verdict.retry_after) == ("91b2e4707ac3d58f", "AMS", 30)


def test_the_version_of_aiohttp_has_such_headers() -> None:
    assert issubclass(multidict.CIMultiDictProxy, multidict.MultiMapping)
    assert aiohttp.ClientResponse.headers is not None


def test_repeated_names_in_any_shape() -> None:
    several = {"Retry-After": ["10", "20"], "Server": ("cloudflare",), "Empty": []}
    assert classify(429, several, BODY).retry_after == 20
    assert classify(429, httpx.Headers([("retry-after", "10"), ("retry-after", "20")]), BODY) == (
        classify(429, [("retry-after", ["10", "20"])], BODY)
    )


ODD_TEXTS = ["caf\u00e9", "\udce9", "\ud800 \udce9", "\U0001f600", "\0"]


@pytest.mark.parametrize("text", ODD_TEXTS, ids=ascii)
def test_text_that_is_not_ascii(text: str) -> None:
    headers = [*PAIRS, ("x-name", text), (text, "x")]
    for verdict in (classify(429, headers, BODY), *classify_many([(429, headers, BODY)])):
        assert (verdict.error_code, verdict.retry_after) == (1015, 30)
    assert classify(429, PAIRS, f"<p>{text}</p>").status == 429


def test_surrogates_stand_for_the_bytes_they_escaped() -> None:
    page = b'<title>caf\xe9</title><span class="cf-error-code">1020</span>'
    escaped = page.decode("utf-8", "surrogateescape")
    assert classify(403, PAIRS, escaped).to_json() == classify(403, PAIRS, page).to_json()


def bodies() -> dict[str, Any]:
    mapped = mmap.mmap(-1, len(BODY))
    mapped.write(BODY)
    return {
        "bytes": BODY,
        "bytearray": bytearray(BODY),
        "memoryview": memoryview(BODY),
        "strided memoryview": memoryview(bytes(b for b in BODY for _ in range(2)))[::2],
        "mmap": mapped,
        "array": array.array("B", BODY),
        "numpy": numpy.frombuffer(BODY, dtype=numpy.uint8),
        "str": BODY.decode(),
    }


@pytest.mark.parametrize("kind", bodies())
def test_bodies(kind: str) -> None:
    assert classify(429, PAIRS, bodies()[kind]) == classify(429, PAIRS, BODY)


@pytest.mark.parametrize("status", [429, http.HTTPStatus.TOO_MANY_REQUESTS, numpy.int64(429)])
def test_statuses(status: int) -> None:
    assert classify(status).status == 429
    assert type(classify(status).status) is int


def test_nothing_known() -> None:
    verdict = classify(None)
    assert (verdict.class_, verdict.status, verdict.action) == ("passed", None, "proceed")
    assert classify(None, body=BODY).error_code == 1015


@pytest.mark.parametrize(
    "now",
    [
        1_795_176_000,
        1_795_176_000.0,
        numpy.float64(1_795_176_000),
        "2026-11-20T12:00:00Z",
        datetime(2026, 11, 20, 12, tzinfo=UTC),
    ],
)
def test_a_date_to_wait_for(now: Any) -> None:
    headers = [("server", "cloudflare"), ("retry-after", "Fri, 20 Nov 2026 12:01:30 GMT")]
    assert classify(429, headers, BODY, now=now).retry_after == 90
    assert classify(429, headers, BODY).retry_after is None


@pytest.mark.parametrize(
    "peer", ["104.16.0.1", ip_address("104.16.0.1"), ip_address("2606:4700::1")]
)
def test_peers(peer: Any) -> None:
    assert classify(429, PAIRS, BODY, peer_ip=peer).provenance == "verified"
    assert classify(429, PAIRS, BODY, peer_ip="192.0.2.1").provenance == "contradicted"


def test_history() -> None:
    sign_in = "https://team.cloudflareaccess.com/cdn-cgi/access/login/app.example"
    hops = [(302, sign_in), {"status": 302, "location": sign_in.encode()}, (None, None)]
    for hop in hops[:2]:
        assert classify(200, [], b"<html>", url=sign_in, history=[hop]).class_ == "sign_in_required"
    assert classify(200, [], b"", history=iter(hops)).status == 200


def test_many() -> None:
    response = {"status": 429, "headers": dict(PAIRS), "body": BODY, "now": 0}
    verdicts = classify_many(
        iter([response, (429, PAIRS, BODY), (429, PAIRS), (429,), UserDict(response)])
    )
    expected = [
        classify(429, dict(PAIRS), BODY, now=0),
        classify(429, PAIRS, BODY),
        classify(429, PAIRS),
        classify(429),
        classify(429, dict(PAIRS), BODY, now=0),
    ]
    assert verdicts == expected
    assert classify_many([]) == []
    odd = (429, [("server", "cloudflare"), ("x", "\udce9"), (b"y", "z")], BODY)
    assert classify_many([odd]) == [classify(*odd)]


def test_a_body_that_changes_later_changes_no_verdict() -> None:
    body = bytearray(BODY)
    verdict = classify(429, PAIRS, body)
    body[:] = b"x" * len(body)
    assert verdict == classify(429, PAIRS, BODY)


def test_help_teaches() -> None:
    text = cfblock.classify.__doc__
    assert text is not None
    for argument in ("status", "headers", "body", "url", "history", "peer_ip", "now", "truncated"):
        assert f"`{argument}`" in text
        assert argument in (cfblock.classify.__text_signature__ or "")
