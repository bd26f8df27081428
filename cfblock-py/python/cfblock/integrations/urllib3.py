"""urllib3: a ``Retry`` that follows Cloudflare's advice."""

from __future__ import annotations

import time
from copy import copy
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from urllib3.exceptions import MaxRetryError, ResponseError
from urllib3.util import Retry

from cfblock._cfblock import Course
from cfblock.integrations._following import log_long_wait, verdict_of
from cfblock.types import PolicyLike

if TYPE_CHECKING:
    from typing import Self

    from urllib3.connectionpool import ConnectionPool
    from urllib3.response import BaseHTTPResponse


class CloudflareRetry(Retry):
    """Repeats what Cloudflare answered only as advised, and waits as long as stated.

    What Cloudflare did not answer is handled as by ``Retry``, whose arguments
    it takes too. The number of attempts is limited by ``total`` and by the
    policy. A response that is not to be repeated is returned, not raised.

    Only errors (400 and above) come to a ``Retry``, so a waiting room with
    status 200 does not. Of a response whose body is not preloaded, as in
    requests, only the headers can be looked at: what they leave open is
    handled as by ``Retry``, which honours ``Retry-After`` with 413, 429 and 503.
    """

    def __init__(
        self,
        total: bool | int | None = 10,
        *,
        policy: PolicyLike | None = None,
        raise_on_status: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(total, raise_on_status=raise_on_status, **options)
        self.policy = policy
        self._pause: float | None = None
        self._course: Course | None = None

    def new(self, **changes: Any) -> Self:
        """A copy with changes."""
        following = super().new(policy=self.policy, **changes)
        following._course = self._course
        return following

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        """Whether a response with this status may be repeated; ``increment`` looks closer."""
        candidate = status_code >= 400 and self._is_method_retryable(method)
        return candidate or super().is_retry(method, status_code, has_retry_after)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """The state for the next attempt.

        Raises:
            MaxRetryError: There is to be none.
        """
        wait = None
        course = copy(self._course) if self._course else Course(self.policy, method=method or "GET")
        if response is not None and not response.get_redirect_location():
            wait = self._advised_pause(course, method or "", url, response, _pool)
        following = super().increment(method, url, response, error, _pool, _stacktrace)
        following._pause, following._course = wait, course
        return following

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Waits before the next attempt."""
        if self._pause is None:
            super().sleep(response)
        else:
            time.sleep(self._pause)

    def _advised_pause(
        self,
        course: Course,
        method: str,
        url: str | None,
        response: BaseHTTPResponse,
        pool: ConnectionPool | None,
    ) -> float | None:
        """The seconds to wait; None leaves them to ``Retry``."""
        verdict = verdict_of(response)
        has_retry_after = "retry-after" in response.headers
        if verdict is None or not verdict.intercepted:
            if super().is_retry(method, response.status, has_retry_after):
                return None
        else:
            following = course.next(verdict)
            if following["seconds"] is not None:
                log_long_wait(verdict, following)
                return following["seconds"]
        raise MaxRetryError(
            cast("ConnectionPool", pool), url, ResponseError(f"not to be repeated: {verdict}")
        )
