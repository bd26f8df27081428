"""Reads the response objects of HTTP libraries, by their shape.

None of the libraries is imported: what a response has tells which one it is.
Nothing is taken from a stream that the caller still has to read. A body that
was not read yet counts as unknown, and the headers are classified alone.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cfblock._cfblock import Verdict, classify
from cfblock.errors import error_for
from cfblock.types import Body, PeerAddress, Time


def classify_response(
    response: Any,
    *,
    body: Body = None,
    truncated: bool = False,
    peer_ip: PeerAddress | None = None,
    now: Time | None = None,
) -> Verdict:
    """Classifies a response of requests, httpx, curl_cffi, Scrapy, urllib3 or Playwright.

    Those of ``http.client`` and ``urllib.request`` are taken too, and need
    ``body``, as they keep none; for what has to be awaited use
    ``classify_response_async``. Of a response whose body is still to come, the
    headers are classified alone; give ``body`` what was read of it, and
    ``truncated`` if there is more. The peer's address is left out unless
    ``peer_ip`` gives it: what libraries report may be a proxy's.

    Raises:
        TypeError: The object is no such response, or it has to be awaited.
        ValueError: The body was streamed, closed or not kept, and cannot be read again.
    """
    parts = _parts(response)
    headers = _at_once(parts.headers)
    if body is None:
        body, truncated = _at_once(parts.readable_body()), truncated or parts.truncated
    return _classify(parts, headers, body, truncated, peer_ip, now)


async def classify_response_async(
    response: Any,
    *,
    body: Body = None,
    truncated: bool = False,
    peer_ip: PeerAddress | None = None,
    now: Time | None = None,
) -> Verdict:
    """Like ``classify_response``, for aiohttp and Playwright's async API as well.

    Their bodies are read through the library, which keeps them: the caller can
    still ``await response.read()``.

    Raises:
        TypeError: The object is no response of these libraries.
        ValueError: The body was streamed, closed or not kept, and cannot be read again.
    """
    parts = _parts(response)
    headers = await _awaited(parts.headers)
    if body is None:
        body, truncated = await _awaited(parts.readable_body()), truncated or parts.truncated
    return _classify(parts, headers, body, truncated, peer_ip, now)


def raise_for_cloudflare(response: Any, **options: Any) -> Verdict:
    """Raises the exception of its class if Cloudflare answered in place of the site.

    Takes a ``Verdict``, or a response as ``classify_response`` does, with its
    options. Returns the verdict if the site itself answered.

    Raises:
        CloudflareError: A subclass for the class, such as ``RateLimited``.
    """
    if isinstance(response, Verdict):
        return _raised(response, None)
    return _raised(classify_response(response, **options), response)


async def raise_for_cloudflare_async(response: Any, **options: Any) -> Verdict:
    """Like ``raise_for_cloudflare``, for what ``classify_response_async`` takes."""
    if isinstance(response, Verdict):
        return _raised(response, None)
    return _raised(await classify_response_async(response, **options), response)


def is_response(value: object) -> bool:
    """Whether ``classify_response`` or its async twin takes it."""
    return _reader(value) is not None


@dataclass
class _Parts:
    """The arguments of ``classify``; headers and body may be functions that get them."""

    status: Any
    headers: Any
    body: Any
    url: str | None
    history: list[tuple[int | None, str | None]]
    truncated: bool = False
    body_is_lost: bool = False

    def readable_body(self) -> Any:
        if self.body_is_lost:
            raise ValueError(
                "the body of response was streamed, closed or not kept, and cannot be read again; "
                "give body what was read of it"
            )
        return self.body


def _parts(response: Any) -> _Parts:
    reader = _reader(response)
    if reader is None:
        kind = type(response).__qualname__
        raise TypeError(
            f"response is of type {kind}, expected a response of requests, httpx, curl_cffi, "
            "aiohttp, Scrapy, urllib3, http.client or Playwright"
        )
    return reader(response)


def _reader(response: Any) -> Callable[[Any], _Parts] | None:
    if hasattr(response, "headers_array"):
        return _playwright
    if not hasattr(response, "headers"):
        return None
    if hasattr(response, "status_code"):
        return _requests_alike
    if not hasattr(response, "status"):
        return None
    if isinstance(getattr(response, "body", None), bytes):
        return _scrapy
    read = getattr(response, "read", None)
    if inspect.iscoroutinefunction(read):
        return _aiohttp
    return _urllib if callable(read) else None


def _requests_alike(response: Any) -> _Parts:
    """Of requests, httpx and curl_cffi."""
    body, lost = None, False
    if getattr(response, "_content", None) is False:
        lost = response._content_consumed
    elif getattr(response, "queue", None) is None:
        try:
            body = response.content
        except RuntimeError:  # httpx.ResponseNotRead
            lost = getattr(response, "is_stream_consumed", True) or response.is_closed
    history = getattr(response, "history", None) or ()
    hops = [(hop.status_code, hop.headers.get("location")) for hop in history]
    url = _url(response)
    return _Parts(response.status_code, response.headers, body, url, hops, body_is_lost=lost)


def _aiohttp(response: Any) -> _Parts:
    # The property keeps its first answer, and a middleware asks too early.
    history = getattr(response, "_history", ())
    hops = [(hop.status, hop.headers.get("location")) for hop in history]
    body = getattr(response, "_body", None)
    stream = response.content
    # At the end of a stream nothing is left of what came through it.
    lost = body is None and (
        stream.exception() is not None or (stream.at_eof() and stream.total_bytes > 0)
    )
    if body is None:
        body = response.read
    url = _url(response)
    return _Parts(response.status, response.headers, body, url, hops, body_is_lost=lost)


def _scrapy(response: Any) -> _Parts:
    # Only a response that is tied to its request has meta.
    meta = getattr(response, "meta", None) or {}
    urls = meta.get("redirect_urls", ())
    statuses = [
        reason if isinstance(reason, int) else None for reason in meta.get("redirect_reasons", ())
    ]
    hops = list(zip(statuses, [*urls[1:], response.url], strict=False))
    flags = getattr(response, "flags", None) or ()
    cut = not {"partial", "dataloss", "download_stopped"}.isdisjoint(flags)
    return _Parts(
        response.status, response.headers, response.body, response.url, hops, truncated=cut
    )


def _urllib(response: Any) -> _Parts:
    """Of urllib3, ``http.client`` and ``urllib.request``: the last two keep no body."""
    body = getattr(response, "_body", None)
    retries = getattr(getattr(response, "retries", None), "history", ())
    hops = [(past.status, past.redirect_location) for past in retries if past.redirect_location]
    url = _url(response)
    keeps_body = hasattr(response, "_body")
    return _Parts(response.status, response.headers, body, url, hops, body_is_lost=not keeps_body)


def _playwright(response: Any) -> _Parts:
    hops: list[tuple[int | None, str | None]] = []
    request = getattr(response, "request", None)
    while request is not None and (earlier := request.redirected_from) is not None:
        hops.insert(0, (None, request.url))
        request = earlier
    # Browsers keep no body of a redirect.
    body = None if 300 <= response.status < 400 else response.body
    return _Parts(response.status, response.headers_array, body, response.url, hops)


def _url(response: Any) -> str | None:
    try:
        url = getattr(response, "url", None)
    except RuntimeError:  # httpx, without a request
        return None
    return None if url is None else str(url)


def _at_once(value: Any) -> Any:
    if not callable(value):
        return value
    if inspect.iscoroutinefunction(value):
        raise TypeError("response has to be awaited; use classify_response_async")
    return value()


async def _awaited(value: Any) -> Any:
    result = value() if callable(value) else value
    return await result if inspect.isawaitable(result) else result


def _classify(
    parts: _Parts,
    headers: Any,
    body: Body,
    truncated: bool,
    peer_ip: PeerAddress | None,
    now: Time | None,
) -> Verdict:
    return classify(
        parts.status,
        _pairs(headers),
        body,
        url=parts.url,
        history=parts.history,
        peer_ip=peer_ip,
        now=now,
        truncated=truncated,
    )


def _pairs(headers: Any) -> Any:
    """Playwright's fields are dicts."""
    if not isinstance(headers, list):
        return headers
    return [
        (field["name"], field["value"]) if isinstance(field, dict) else field for field in headers
    ]


def _raised(verdict: Verdict, response: Any) -> Verdict:
    if verdict.intercepted:
        raise error_for(verdict, response)
    return verdict
