"""What is read from Scrapy's requests and responses."""

from __future__ import annotations

import time

from scrapy import Request
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from cfblock._cfblock import Verdict, classify


def classify_scrapy(request: Request, response: Response) -> Verdict:
    """Classifies a response, with what the request knows of redirects and proxies."""
    return classify(
        response.status,
        response.headers,
        response.body,
        url=response.url,
        history=_history(request, response),
        # Behind a proxy it is the proxy's address.
        peer_ip=None if request.meta.get("proxy") else response.ip_address,
        now=time.time() if is_fresh(response) else None,
        truncated=not {"partial", "dataloss", "download_stopped"}.isdisjoint(response.flags),
    )


def host_of(message: Request | Response) -> str:
    """The host of the URL."""
    return urlparse_cached(message).hostname or ""


def is_http(response: Response) -> bool:
    """Whether the response came by HTTP, and not from a file."""
    return urlparse_cached(response).scheme in ("http", "https")


def is_fresh(response: Response) -> bool:
    """Whether the response came from the site, and not from Scrapy's HTTP cache."""
    return "cached" not in response.flags


def _history(request: Request, response: Response) -> list[tuple[int | None, str]] | None:
    urls = request.meta.get("redirect_urls")
    if not urls:
        return None
    reasons = request.meta.get("redirect_reasons", ())
    statuses = [reason if isinstance(reason, int) else None for reason in reasons]
    return list(zip(statuses, [*urls[1:], response.url], strict=False))
