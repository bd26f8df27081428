"""tenacity: retries that follow Cloudflare's advice.

The three strategies look at what the function returned or raised: a response,
a verdict, or a ``CloudflareError``. They follow one ``cfblock.Course`` for each
call of the decorated function, so that all three give one answer. They do
nothing about anything else, the origin's own failures included, unless these
state a ``Retry-After``; combine them with tenacity's for those.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import tenacity
from tenacity.retry import retry_base
from tenacity.stop import stop_base
from tenacity.wait import wait_base

from cfblock._cfblock import Course, Verdict
from cfblock.integrations._following import (
    concerns,
    log_long_wait,
    method_of,
    verdict_of,
)
from cfblock.types import Next, PolicyLike


@dataclass
class _Way:
    """The course of one call, and what it said about the latest attempt."""

    course: Course
    attempt: int = 0
    verdict: Verdict | None = None
    next: Next | None = None


@dataclass
class _Follower:
    """What the strategies share; ``method`` and ``repeatable`` are for what sends no GET."""

    policy: PolicyLike | None = None
    method: str | None = None
    repeatable: bool = False
    _name: str = field(default="_cfblock_way", init=False, repr=False)

    def look(self, retry_state: tenacity.RetryCallState) -> _Way | None:
        """What comes next after the latest attempt; None where it is not about Cloudflare."""
        outcome = retry_state.outcome
        if outcome is None:
            return None
        value: Any = outcome.exception() if outcome.failed else outcome.result()
        way: _Way | None = getattr(retry_state, self._name, None)
        if way is not None and way.attempt == retry_state.attempt_number:
            return way if way.next is not None else None
        verdict = verdict_of(value)
        if way is None:
            method = self.method or method_of(value)
            sent = retry_state.attempt_number - 1
            way = _Way(Course(self.policy, method=method, repeatable=self.repeatable, sent=sent))
            setattr(retry_state, self._name, way)
        way.attempt, way.verdict = retry_state.attempt_number, verdict
        way.next = way.course.next(verdict) if verdict and concerns(verdict) else None
        return way if way.next is not None else None


class retry_if_cloudflare_retryable(retry_base):
    """Retries while the advice is to send the same request again.

    Attempts are limited by the policy, except for those in a queue, which end
    ``queue_for`` seconds after the first. A request whose ``method`` may have done
    its work already, such as a POST, is sent again only where it cannot have
    reached the site's server, or where ``repeatable`` says that it may be. The
    method is taken from the response where it has its request.
    """

    def __init__(
        self,
        policy: PolicyLike | None = None,
        *,
        queue_for: float = 3600,
        method: str | None = None,
        repeatable: bool = False,
    ) -> None:
        self._follower = _Follower(policy, method, repeatable)
        self.queue_for = queue_for

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        """Whether to retry."""
        way = self._follower.look(retry_state)
        if way is None or way.next is None or way.next["seconds"] is None:
            return False
        queued = (retry_state.seconds_since_start or 0) + way.next["seconds"]
        return way.next["step"]["action"] != "join_queue" or queued <= self.queue_for


class wait_cloudflare(wait_base):
    """Waits as advised, never less than was stated.

    ``otherwise`` says how long where Cloudflare did not answer. A wait of more
    than a minute is logged; the policy's ``max_wait`` limits it.
    """

    def __init__(
        self, policy: PolicyLike | None = None, *, otherwise: wait_base | None = None
    ) -> None:
        self._follower = _Follower(policy)
        self.otherwise = otherwise or tenacity.wait_none()

    def __call__(self, retry_state: tenacity.RetryCallState) -> float:
        """The seconds to wait."""
        way = self._follower.look(retry_state)
        if way is None or way.next is None or way.verdict is None:
            return self.otherwise(retry_state)
        if way.next["seconds"] is None:
            # Another strategy retries against the advice.
            return max(float(way.verdict.retry_after or 0), self.otherwise(retry_state))
        log_long_wait(way.verdict, way.next)
        return way.next["seconds"]


class stop_cloudflare(stop_base):
    """Stops other retry strategies where Cloudflare answered and a retry is not advised."""

    def __init__(self, policy: PolicyLike | None = None) -> None:
        self._follower = _Follower(policy)

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        """Whether to stop."""
        way = self._follower.look(retry_state)
        return way is not None and way.next is not None and way.next["seconds"] is None
