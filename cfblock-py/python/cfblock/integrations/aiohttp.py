"""aiohttp: a client middleware that annotates responses.

The verdict is the attribute ``response.cfblock``. For it the first part of a
page is read ahead and put back; the caller reads the body as ever. Of event
streams, pictures and files only the headers are looked at.
"""

from __future__ import annotations

import contextlib
import warnings

import aiohttp

from cfblock._cfblock import Verdict, needs_body
from cfblock.integrations._annotating import (
    PEEK,
    RaiseFor,
    checked,
    error_to_raise,
)
from cfblock.responses import classify_response


class CfblockMiddleware:
    """For ``aiohttp.ClientSession(middlewares=(CfblockMiddleware(),))``.

    ``peek`` is how many bytes of a page are looked at; 0 keeps to the headers.
    """

    def __init__(self, *, raise_for: RaiseFor = (), peek: int = PEEK) -> None:
        self._raise_for = checked(raise_for)
        self._peek = peek

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Sends the request, and looks at the response."""
        response = await handler(request)
        verdict = await annotate(response, peek=self._peek)
        error = error_to_raise(verdict, response, self._raise_for)
        if error is not None:
            with contextlib.suppress(aiohttp.ClientError):
                await response.read()
            response.close()
            raise error
        return response


async def annotate(response: aiohttp.ClientResponse, *, peek: int = PEEK) -> Verdict:
    """Puts the verdict into ``response.cfblock``."""
    body, truncated = b"", True
    if needs_body(response.status, response.headers):
        body, truncated = await _peeked(response, peek)
    verdict = classify_response(response, body=body, truncated=truncated)
    response.cfblock = verdict  # type: ignore[attr-defined]
    return verdict


async def _peeked(response: aiohttp.ClientResponse, limit: int) -> tuple[bytes, bool]:
    """The start of the body, which stays to be read, and whether there is more of it."""
    stream, seen = response.content, bytearray()
    try:
        while len(seen) < limit and (chunk := await stream.readany()):
            seen += chunk
    except BaseException:
        response.close()
        raise
    more = not stream.at_eof()
    with warnings.catch_warnings():
        # Deprecated for years, and nothing has come in its place.
        warnings.simplefilter("ignore", DeprecationWarning)
        stream.unread_data(bytes(seen))
    return bytes(seen), more
