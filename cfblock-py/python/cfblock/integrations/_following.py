"""What the adapters that send requests again share: what a course is asked about."""

from __future__ import annotations

import logging
from typing import Any

from cfblock._cfblock import Policy, Verdict, classify
from cfblock.errors import CloudflareError
from cfblock.responses import classify_response, is_response
from cfblock.types import Next, PolicyLike

logger = logging.getLogger("cfblock.integrations")

LONG_WAIT_S = 60.0
"""A longer wait is logged, so that nobody wonders why a program stands still."""


def verdict_of(value: Any) -> Verdict | None:
    """The verdict about a response or an exception; None for anything else. It never raises."""
    if isinstance(value, CloudflareError):
        return value.verdict
    if isinstance(value, Verdict):
        return value
    noted = getattr(value, "cfblock", None) or _of_extensions(value)
    if isinstance(noted, Verdict):
        return noted
    if not is_response(value):
        return None
    try:
        return classify_response(value)
    except (TypeError, ValueError):
        # Its body was streamed, or is gone: status and headers are left.
        return _by_headers(value)


def _of_extensions(value: Any) -> Any:
    extensions = getattr(value, "extensions", None)
    return extensions.get("cfblock") if isinstance(extensions, dict) else None


def _by_headers(response: Any) -> Verdict | None:
    status = getattr(response, "status_code", getattr(response, "status", None))
    try:
        return classify(status, getattr(response, "headers", None))
    except (TypeError, ValueError):
        return None


def method_of(value: Any) -> str:
    """The method of the request behind a response or an exception; GET where nothing tells."""
    response = getattr(value, "response", None) or value
    request = getattr(response, "request", None) or getattr(response, "request_info", None)
    for holder in (request, response):
        method = getattr(holder, "method", None)
        if isinstance(method, str) and method:
            return method
    return "GET"


def concerns(verdict: Verdict) -> bool:
    """Whether advice is followed: Cloudflare answered, or the site asks for a pause."""
    asks_for_pause = verdict.status in {429, 503} and bool(verdict.retry_after)
    return verdict.intercepted or asks_for_pause


def policy_within(policy: PolicyLike | None, **limits: int) -> Policy:
    """The policy, with limits that are no wider than these."""
    whole = policy if isinstance(policy, Policy) else _read(policy)
    names, members = whole.__getnewargs_ex__()
    for name, limit in limits.items():
        members[name] = min(members[name], limit)
    return Policy(*names, **members)  # type: ignore[arg-type]


def _read(policy: PolicyLike | None) -> Policy:
    if policy is None:
        return Policy()
    return Policy(**policy) if isinstance(policy, dict) else Policy(policy)  # type: ignore[arg-type]


def log_long_wait(verdict: Verdict, following: Next) -> None:
    """Says so where a program is about to stand still for long."""
    seconds = following["seconds"]
    if seconds is not None and seconds > LONG_WAIT_S:
        logger.info("Waiting %.0f s, as advised: %s", seconds, verdict)
