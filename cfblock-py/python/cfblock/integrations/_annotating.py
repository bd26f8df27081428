"""What the adapters of HTTP libraries share: which body to look at, and what to raise."""

from __future__ import annotations

from typing import Any, TypeAlias

from cfblock._cfblock import Verdict
from cfblock.errors import CloudflareError, error_for

RaiseFor: TypeAlias = type[CloudflareError] | tuple[type[CloudflareError], ...]
"""The exceptions to raise, as ``except`` takes them; ``()`` raises none."""

PEEK = 65_536
"""How much of a body is looked at, in bytes."""


def checked(raise_for: RaiseFor) -> RaiseFor:
    """The argument, if it is one."""
    kinds = raise_for if isinstance(raise_for, tuple) else (raise_for,)
    if not all(isinstance(kind, type) and issubclass(kind, CloudflareError) for kind in kinds):
        raise TypeError(f"raise_for is {raise_for!r}, expected subclasses of CloudflareError")
    return raise_for


def error_to_raise(verdict: Verdict, response: Any, raise_for: RaiseFor) -> CloudflareError | None:
    """The exception for an intercepted response, if the caller wants it."""
    if not verdict.intercepted:
        return None
    error = error_for(verdict, response)
    return error if isinstance(error, raise_for) else None
