"""Tells whether the site answered, or Cloudflare in front of it.

``classify`` reads one HTTP response and answers with a ``Verdict``: a typed
class, the evidence, and what to do next. ``classify_response`` takes the
response objects of requests, httpx, aiohttp, curl_cffi, Scrapy, urllib3 and
Playwright; ``raise_for_cloudflare`` turns a block into an exception.

Adapters for frameworks are imported by name from ``cfblock.integrations``,
``cfblock.arrow``, ``cfblock.spark`` and ``cfblock.ray``.
"""

from cfblock._cfblock import (
    Course,
    Diagnosis,
    Monitor,
    Policy,
    Tally,
    Triage,
    Verdict,
    __version__,
    classify,
    classify_many,
    codes,
    diagnose,
    explain,
    needs_body,
    ticket,
)
from cfblock.errors import (
    AccessDenied,
    BadRequest,
    Blocked,
    Challenge,
    CloudflareError,
    EdgeFailed,
    LegalBlock,
    OriginFailed,
    PaymentRequired,
    PhishingWarning,
    ProxyFailed,
    RateLimited,
    SignInRequired,
    SiteMisconfigured,
    WaitingRoom,
    error_for,
)
from cfblock.responses import (
    classify_response,
    classify_response_async,
    raise_for_cloudflare,
    raise_for_cloudflare_async,
)

__all__ = [
    "AccessDenied",
    "BadRequest",
    "Blocked",
    "Challenge",
    "CloudflareError",
    "Course",
    "Diagnosis",
    "EdgeFailed",
    "LegalBlock",
    "Monitor",
    "OriginFailed",
    "PaymentRequired",
    "PhishingWarning",
    "Policy",
    "ProxyFailed",
    "RateLimited",
    "SignInRequired",
    "SiteMisconfigured",
    "Tally",
    "Triage",
    "Verdict",
    "WaitingRoom",
    "__version__",
    "classify",
    "classify_many",
    "classify_response",
    "classify_response_async",
    "codes",
    "diagnose",
    "error_for",
    "explain",
    "needs_body",
    "raise_for_cloudflare",
    "raise_for_cloudflare_async",
    "ticket",
]
