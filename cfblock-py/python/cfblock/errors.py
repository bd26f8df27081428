"""Intercepted responses as exceptions: one class of exception for each class of verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cfblock._cfblock import Verdict
    from cfblock.types import Action, Class


class CloudflareError(Exception):
    """Cloudflare, or what the owner configured there, answered in place of the site.

    The members of the verdict that decide what to do next are members of the
    exception; the rest is in ``verdict``. ``response`` is the response that was
    examined, if one was; it is left out when the exception is pickled.
    """

    def __init__(self, verdict: Verdict, response: Any = None) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict
        self.response = response

    def __reduce__(self) -> tuple[type[CloudflareError], tuple[Verdict]]:
        return type(self), (self.verdict,)

    @property
    def error_code(self) -> int | None:
        """The error number, such as 1020."""
        return self.verdict.error_code

    @property
    def reason(self) -> str | None:
        """One word for the code or page kind."""
        return self.verdict.reason

    @property
    def action(self) -> Action:
        """The next step."""
        return self.verdict.action

    @property
    def retry_after(self) -> int | None:
        """The stated wait in seconds."""
        return self.verdict.retry_after

    @property
    def ray_id(self) -> str | None:
        """The Ray ID, by which the owner finds the event."""
        return self.verdict.ray_id


class Blocked(CloudflareError):
    """The answer refuses *you*; others may get through."""


class Challenge(Blocked):
    """Prove that you are a browser or a person."""


class AccessDenied(Blocked):
    """A security rule of the site refuses you."""


class RateLimited(Blocked):
    """Slower, please; ``retry_after`` is the stated wait in seconds."""


class WaitingRoom(Blocked):
    """You are in a queue."""


class PaymentRequired(Blocked):
    """The site asks crawlers to pay."""


class SignInRequired(Blocked):
    """Cloudflare Access asks you to sign in."""


class LegalBlock(Blocked):
    """The content is withheld for legal reasons."""


class PhishingWarning(Blocked):
    """Cloudflare warns of the page in its place."""


class BadRequest(CloudflareError):
    """The edge refuses the form of the request."""


class SiteMisconfigured(CloudflareError):
    """The owner's DNS, zone, Worker, snippet or quota is at fault."""


class OriginFailed(CloudflareError):
    """The edge could not get an answer from the origin."""


class EdgeFailed(CloudflareError):
    """Cloudflare itself failed."""


class ProxyFailed(CloudflareError):
    """A proxy, a captive portal or a filter on your own side answered."""


_BY_CLASS: dict[Class, type[CloudflareError]] = {
    "challenge": Challenge,
    "access_denied": AccessDenied,
    "rate_limited": RateLimited,
    "waiting_room": WaitingRoom,
    "payment_required": PaymentRequired,
    "sign_in_required": SignInRequired,
    "legal_block": LegalBlock,
    "phishing_warning": PhishingWarning,
    "bad_request": BadRequest,
    "site_misconfigured": SiteMisconfigured,
    "origin_failed": OriginFailed,
    "edge_failed": EdgeFailed,
    "proxy_failed": ProxyFailed,
}


def error_for(verdict: Verdict, response: Any = None) -> CloudflareError:
    """The exception for the class of an intercepted response.

    Raises:
        ValueError: The verdict is that the site itself answered.
    """
    if not verdict.intercepted:
        raise ValueError(f"there is no error: {verdict}")
    return _BY_CLASS.get(verdict.class_, CloudflareError)(verdict, response)
