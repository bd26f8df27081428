"""httpx: verdicts about responses, by a transport or by an event hook.

The verdict is ``response.extensions["cfblock"]``. For it the first part of a
page is read ahead and then handed on, so ``client.stream`` works as before;
of event streams, pictures and files only the headers are looked at.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING

import httpx

from cfblock._cfblock import Verdict, needs_body
from cfblock.integrations._annotating import (
    PEEK,
    RaiseFor,
    checked,
    error_to_raise,
)
from cfblock.responses import classify_response

if TYPE_CHECKING:
    from typing import Self

_PIECE = 1024


class CfblockTransport(httpx.BaseTransport):
    """Annotates the responses of another transport, and raises if asked to.

    ``peek`` is how many bytes of a page are looked at; 0 keeps to the headers.
    """

    def __init__(
        self,
        transport: httpx.BaseTransport | None = None,
        *,
        raise_for: RaiseFor = (),
        peek: int = PEEK,
    ) -> None:
        self._transport = httpx.HTTPTransport() if transport is None else transport
        self._hook = response_hook(raise_for=raise_for, peek=peek)

    def __enter__(self) -> Self:
        self._transport.__enter__()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self._transport.__exit__(exc_type, exc_value, traceback)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends the request by the other transport."""
        response = self._transport.handle_request(request)
        response.request = request
        self._hook(response)
        return response

    def close(self) -> None:
        """Closes the other transport."""
        self._transport.close()


class AsyncCfblockTransport(httpx.AsyncBaseTransport):
    """Like ``CfblockTransport``, for ``httpx.AsyncClient``."""

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        raise_for: RaiseFor = (),
        peek: int = PEEK,
    ) -> None:
        self._transport = httpx.AsyncHTTPTransport() if transport is None else transport
        self._hook = async_response_hook(raise_for=raise_for, peek=peek)

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self._transport.__aexit__(exc_type, exc_value, traceback)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends the request by the other transport."""
        response = await self._transport.handle_async_request(request)
        response.request = request
        await self._hook(response)
        return response

    async def aclose(self) -> None:
        """Closes the other transport."""
        await self._transport.aclose()


def response_hook(
    *, raise_for: RaiseFor = (), peek: int = PEEK
) -> Callable[[httpx.Response], None]:
    """A hook for ``httpx.Client(event_hooks={"response": [response_hook()]})``."""
    checked(raise_for)

    def hook(response: httpx.Response) -> None:
        if not isinstance(response.stream, httpx.SyncByteStream):
            raise TypeError("response_hook is for httpx.Client; use async_response_hook")
        error = error_to_raise(annotate(response, peek=peek), response, raise_for)
        if error is not None:
            with contextlib.suppress(httpx.HTTPError):
                response.read()
            response.close()
            raise error

    return hook


def async_response_hook(
    *, raise_for: RaiseFor = (), peek: int = PEEK
) -> Callable[[httpx.Response], Awaitable[None]]:
    """A hook for ``httpx.AsyncClient``."""
    checked(raise_for)

    def hook(response: httpx.Response) -> Awaitable[None]:
        # httpx.Client would leave a coroutine unawaited without a word.
        if not isinstance(response.stream, httpx.AsyncByteStream):
            raise TypeError("async_response_hook is for httpx.AsyncClient; use response_hook")
        return look_at(response)

    async def look_at(response: httpx.Response) -> None:
        error = error_to_raise(await annotate_async(response, peek=peek), response, raise_for)
        if error is not None:
            with contextlib.suppress(httpx.HTTPError):
                await response.aread()
            await response.aclose()
            raise error

    return hook


def annotate(response: httpx.Response, *, peek: int = PEEK) -> Verdict:
    """Puts the verdict into ``response.extensions["cfblock"]``."""
    seen = None
    if _is_to_be_read(response, peek):
        stream = response.stream
        assert isinstance(stream, httpx.SyncByteStream)
        rest, start, ended = iter(stream), bytearray(), False
        try:
            while not ended and len(start) < peek:
                chunk = next(rest, None)
                ended = chunk is None
                start += chunk or b""
        except BaseException:
            response.close()
            raise
        response.stream = _Replayed(bytes(start), rest, stream)
        seen = bytes(start), ended
    return _noted(response, seen, peek)


async def annotate_async(response: httpx.Response, *, peek: int = PEEK) -> Verdict:
    """Like ``annotate``, for responses of ``httpx.AsyncClient``."""
    seen = None
    if _is_to_be_read(response, peek):
        stream = response.stream
        assert isinstance(stream, httpx.AsyncByteStream)
        rest, start, ended = aiter(stream), bytearray(), False
        try:
            while not ended and len(start) < peek:
                chunk = await anext(rest, None)
                ended = chunk is None
                start += chunk or b""
        except BaseException:
            await response.aclose()
            raise
        response.stream = _AsyncReplayed(bytes(start), rest, stream)
        seen = bytes(start), ended
    return _noted(response, seen, peek)


class _Replayed(httpx.SyncByteStream):
    """What was read of a stream, then the rest of it."""

    def __init__(self, start: bytes, rest: Iterator[bytes], stream: httpx.SyncByteStream) -> None:
        self._start, self._rest, self._stream = start, rest, stream

    def __iter__(self) -> Iterator[bytes]:
        yield self._start
        yield from self._rest

    def close(self) -> None:
        self._stream.close()


class _AsyncReplayed(httpx.AsyncByteStream):
    def __init__(
        self, start: bytes, rest: AsyncIterator[bytes], stream: httpx.AsyncByteStream
    ) -> None:
        self._start, self._rest, self._stream = start, rest, stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._start
        async for chunk in self._rest:
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


def _is_to_be_read(response: httpx.Response, peek: int) -> bool:
    unread = not (hasattr(response, "_content") or response.is_stream_consumed)
    return unread and peek > 0 and needs_body(response.status_code, response.headers)


def _noted(response: httpx.Response, seen: tuple[bytes, bool] | None, peek: int) -> Verdict:
    if seen is None:
        verdict = classify_response(response)
    else:
        raw, ended = seen
        body, decoded_whole = _decoded(response.headers, raw, peek)
        verdict = classify_response(response, body=body, truncated=not (ended and decoded_whole))
    response.extensions["cfblock"] = verdict
    return verdict


def _decoded(headers: httpx.Headers, raw: bytes, limit: int) -> tuple[bytes, bool]:
    """The start of a body without its content-encoding, and whether that is all of it."""
    if "content-encoding" not in headers:
        return raw, True
    pieces = (raw[at : at + _PIECE] for at in range(0, len(raw), _PIECE))
    decoded = bytearray()
    whole = True
    # Of a body that was cut, the decoder reports an end that is missing.
    with contextlib.suppress(httpx.DecodingError):
        for part in httpx.Response(200, headers=headers, content=pieces).iter_bytes():
            decoded += part
            if len(decoded) >= limit:
                whole = False
                break
    return bytes(decoded) or raw, whole
