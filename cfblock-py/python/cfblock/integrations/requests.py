"""requests: verdicts about responses, by a transport adapter or by a hook.

The verdict is the attribute ``response.cfblock``. With ``stream=True`` the
body is left to the caller, and the headers are classified alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from cfblock._cfblock import Verdict
from cfblock.integrations._annotating import RaiseFor, checked, error_to_raise
from cfblock.responses import classify_response


class CfblockAdapter(HTTPAdapter):
    """Annotates responses, and raises if asked to: ``session.mount("https://", CfblockAdapter())``.

    Takes the arguments of ``HTTPAdapter`` too.
    """

    __attrs__ = [*HTTPAdapter.__attrs__, "raise_for"]  # noqa: RUF012

    def __init__(self, *arguments: Any, raise_for: RaiseFor = (), **options: Any) -> None:
        self.raise_for = checked(raise_for)
        super().__init__(*arguments, **options)

    def send(
        self, request: requests.PreparedRequest, stream: bool = False, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Sends the request."""
        response = super().send(request, stream, *args, **kwargs)
        _handle(response, stream, self.raise_for)
        return response


def response_hook(*, raise_for: RaiseFor = ()) -> Callable[..., None]:
    """A hook for ``session.hooks["response"]``."""
    checked(raise_for)

    def hook(response: requests.Response, *_: Any, stream: bool = False, **__: Any) -> None:
        _handle(response, stream, raise_for)

    return hook


def annotate(response: requests.Response) -> Verdict:
    """Puts the verdict into ``response.cfblock``; reads no body."""
    verdict = classify_response(response)
    response.cfblock = verdict  # type: ignore[attr-defined]
    return verdict


def _handle(response: requests.Response, stream: bool, raise_for: RaiseFor) -> None:
    if not stream:
        # The session would read it next.
        _ = response.content
    error = error_to_raise(annotate(response), response, raise_for)
    if error is not None:
        response.close()
        raise error
