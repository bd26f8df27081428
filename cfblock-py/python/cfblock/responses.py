"""Reads the response objects of HTTP libraries, by their shape.

None of the libraries is imported: what a response has tells which one it is.
"""

from __future__ import annotations

from typing import Any

from cfblock._cfblock import Verdict, classify
from cfblock.errors import error_for
from cfblock.types import PeerAddress, Time


def classify_response(
    response: Any,
    *,
    body: bytes | str | None = None,
    peer_ip: PeerAddress | None = None,
    now: Time | None = None,
) -> Verdict:
    """Classifies a response of requests, httpx, curl_cffi, Scrapy, urllib3 or Playwright's sync API.

    For aiohttp, Playwright's async API, and whatever else has to be awaited,
    use ``classify_response_async``. Of a streamed response whose body was not
    read, the headers are classified alone; give ``body`` what was read of it.

    Raises:
        TypeError: The object is no response of these libraries.
    """
    parts = _parts(response)
    if body is not None:
        parts["body"] = body
    elif callable(parts["body"]):
        parts["body"] = parts["body"]()
    if callable(parts["headers"]):
        parts["headers"] = _pairs(parts["headers"]())
    if _is_awaitable(parts["body"]) or _is_awaitable(parts["headers"]):
        raise TypeError("response has to be awaited; use classify_response_async")
    return _classify(parts, peer_ip, now)


async def classify_response_async(
    response: Any,
    *,
    body: bytes | str | None = None,
    peer_ip: PeerAddress | None = None,
    now: Time | None = None,
) -> Verdict:
    """Like ``classify_response``, for aiohttp and Playwright's async API as well.

    The body is read through the library, which keeps it for the caller. That
    of an aiohttp response that was closed before it was read is lost: then the
    headers are classified alone.
    """
    raise NotImplementedError


def raise_for_cloudflare(response: Any, **options: Any) -> Verdict:
    """Raises the exception of its class if Cloudflare answered in place of the site.

    Takes a ``Verdict``, or a response as ``classify_response`` does, with its
    options. Returns the verdict if the site itself answered.

    Raises:
        CloudflareError: A subclass for the class, such as ``RateLimited``.
    """
    if isinstance(response, Verdict):
        verdict, response = response, None
    else:
        verdict = classify_response(response, **options)
    if verdict.intercepted:
        raise error_for(verdict, response)
    return verdict
