"""What the adapters that send requests again share: whether, and when."""

from __future__ import annotations

import random
from typing import Any

from cfblock._cfblock import Verdict
from cfblock.errors import CloudflareError
from cfblock.responses import classify_response, is_response
from cfblock.types import Action, Advice, PolicyLike

# The steps that send the same request again; all others need somebody to change something.
_REPETITIONS: frozenset[Action] = frozenset({"retry", "wait", "back_off", "join_queue"})


def verdict_of(value: Any) -> Verdict | None:
    """The verdict about a response or an exception; None for anything else."""
    if isinstance(value, CloudflareError):
        return value.verdict
    if isinstance(value, Verdict):
        return value
    noted = getattr(value, "cfblock", None) or _of_extensions(value)
    if isinstance(noted, Verdict):
        return noted
    return classify_response(value) if is_response(value) else None


def _of_extensions(value: Any) -> Any:
    extensions = getattr(value, "extensions", None)
    return extensions.get("cfblock") if isinstance(extensions, dict) else None


def repetition(verdict: Verdict, attempt: int, policy: PolicyLike | None) -> Advice | None:
    """The advised step, if Cloudflare answered and the advice is to send the request again."""
    if not verdict.intercepted:
        return None
    step = verdict.triage(policy, attempt=attempt).steps[0]
    return step if step["action"] in _REPETITIONS else None


def pause(step: Advice, attempt: int) -> float:
    """The seconds before the next attempt: drawn from the backoff, never less than was stated."""
    backoff = step["backoff"]
    if backoff is None:
        return float(step["wait"] or 0)
    longest = min(backoff["cap"], backoff["base"] * backoff["factor"] ** (attempt - 1))
    return random.uniform(backoff["floor"], max(backoff["floor"], longest))
