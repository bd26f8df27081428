"""tenacity: retries that follow Cloudflare's advice.

The three strategies look at what the function returned or raised: a response,
a verdict, or a ``CloudflareError``. They do nothing about anything else, the
origin's own failures included; combine them with tenacity's for those.
"""

from __future__ import annotations

import tenacity
from tenacity.retry import retry_base
from tenacity.stop import stop_base
from tenacity.wait import wait_base

from cfblock._cfblock import Verdict
from cfblock.integrations._repeating import pause, repetition, verdict_of
from cfblock.types import PolicyLike


class retry_if_cloudflare_retryable(retry_base):
    """Retries while the advice is to send the same request again.

    Attempts are limited by the policy, except for those in a queue, which end
    ``queue_for`` seconds after the first.
    """

    def __init__(self, policy: PolicyLike | None = None, *, queue_for: float = 3600) -> None:
        self.policy = policy
        self.queue_for = queue_for

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        """Whether to retry."""
        verdict = _verdict(retry_state)
        step = verdict and repetition(verdict, retry_state.attempt_number, self.policy)
        if not step:
            return False
        queued = (retry_state.seconds_since_start or 0) + (step["wait"] or 0)
        return step["action"] != "join_queue" or queued <= self.queue_for


class wait_cloudflare(wait_base):
    """Waits as advised, never less than was stated.

    ``otherwise`` says how long where Cloudflare did not answer.
    """

    def __init__(
        self, policy: PolicyLike | None = None, *, otherwise: wait_base | None = None
    ) -> None:
        self.policy = policy
        self.otherwise = otherwise or tenacity.wait_none()

    def __call__(self, retry_state: tenacity.RetryCallState) -> float:
        """The seconds to wait."""
        verdict, attempt = _verdict(retry_state), retry_state.attempt_number
        if verdict is None or not verdict.intercepted:
            return self.otherwise(retry_state)
        step = repetition(verdict, attempt, self.policy)
        # Another strategy retries against the advice.
        stated = float(verdict.retry_after or 0)
        return pause(step, attempt) if step else max(stated, self.otherwise(retry_state))


class stop_cloudflare(stop_base):
    """Stops other retry strategies where Cloudflare answered and a retry is not advised."""

    def __init__(self, policy: PolicyLike | None = None) -> None:
        self.policy = policy

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        """Whether to stop."""
        verdict = _verdict(retry_state)
        if verdict is None or not verdict.intercepted:
            return False
        return repetition(verdict, retry_state.attempt_number, self.policy) is None


def _verdict(retry_state: tenacity.RetryCallState) -> Verdict | None:
    outcome = retry_state.outcome
    if outcome is None:
        return None
    return verdict_of(outcome.exception() if outcome.failed else outcome.result())
