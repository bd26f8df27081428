"""What the tests of HTTP clients share: what the edge server answers, and a small site."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cfblock import Verdict

ANSWERS: dict[str, tuple[str, int | None]] = {
    "ok": ("passed", None),
    "blocked-1020": ("access_denied", 1020),
    "limited": ("rate_limited", 1015),
    "challenge": ("challenge", None),
    "queue": ("waiting_room", None),
    "null-route": ("site_misconfigured", 1002),
    "origin-403": ("passed", None),
    "origin-503": ("passed", None),
    "gzip-block": ("access_denied", 1020),
    "br-block": ("access_denied", 1020),
    "about-1020": ("passed", None),
}
every_answer = pytest.mark.parametrize("path", ANSWERS)

BLOCK = b"error code: 1020"
EDGE_HEADERS = {"server": "cloudflare", "cf-ray": "8f1b2c3d4e5f6071-FRA"}


def told(verdict: Verdict) -> tuple[str, int | None]:
    return verdict.class_, verdict.error_code


Handler = Callable[[BaseHTTPRequestHandler], None]


def answer(status: int, body: bytes = b"", **headers: str) -> Handler:
    def handle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("content-length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return handle


@contextlib.contextmanager
def site(routes: dict[str, Handler]) -> Iterator[str]:
    """Serves the routes on loopback."""

    class Requests(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            routes[self.path](self)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Requests) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class EventStream:
    """Sends one event, and the next when it is allowed to."""

    def __init__(self) -> None:
        self.may_end = threading.Event()

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("content-type", "text/event-stream")
        request.end_headers()
        request.wfile.write(b"data: 1\n\n")
        request.wfile.flush()
        self.may_end.wait(20)
        request.wfile.write(b"data: 2\n\n")
