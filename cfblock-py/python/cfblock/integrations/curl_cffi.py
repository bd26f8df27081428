"""curl_cffi: sessions that annotate responses.

The verdict is the attribute ``response.cfblock``. With ``stream=True`` the
body is left to the caller, and the headers are classified alone.
"""

from __future__ import annotations

from typing import Any

import curl_cffi

from cfblock._cfblock import Verdict
from cfblock.integrations._annotating import RaiseFor, checked, error_to_raise
from cfblock.responses import classify_response


class CfblockSession(curl_cffi.Session[curl_cffi.Response]):
    """A session that annotates responses, and raises if asked to.

    Takes the arguments of ``curl_cffi.Session`` too.
    """

    def __init__(self, *arguments: Any, raise_for: RaiseFor = (), **options: Any) -> None:
        self.raise_for = checked(raise_for)
        super().__init__(*arguments, **options)

    def request(self, *arguments: Any, **options: Any) -> curl_cffi.Response:
        """Sends a request."""
        response = super().request(*arguments, **options)
        error = error_to_raise(annotate(response), response, self.raise_for)
        if error is not None:
            response.close()  # type: ignore[no-untyped-call]
            raise error
        return response


class CfblockAsyncSession(curl_cffi.AsyncSession[curl_cffi.Response]):
    """Like ``CfblockSession``, for ``asyncio``."""

    def __init__(self, *arguments: Any, raise_for: RaiseFor = (), **options: Any) -> None:
        self.raise_for = checked(raise_for)
        super().__init__(*arguments, **options)

    async def request(self, *arguments: Any, **options: Any) -> curl_cffi.Response:
        """Sends a request."""
        response = await super().request(*arguments, **options)
        error = error_to_raise(annotate(response), response, self.raise_for)
        if error is not None:
            await response.aclose()  # type: ignore[no-untyped-call]
            raise error
        return response


def annotate(response: curl_cffi.Response) -> Verdict:
    """Puts the verdict into ``response.cfblock``; reads no body."""
    verdict = classify_response(response)
    response.cfblock = verdict  # type: ignore[attr-defined]
    return verdict
