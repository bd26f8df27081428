"""How ``bench.py`` asks each published package about a case.

They answer other and smaller questions: whether a challenge or a block is there at
all. None of them reads a Ray ID, and only one compares a number, 1020.
"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import cloudscraper.cloudflare
import cloudscraper.exceptions
import gallery_dl.util
import is_antibot
import scrapling.parser
from requests.structures import CaseInsensitiveDict

Detector = Callable[[], str | None]


def module_alone(package: str, name: str) -> ModuleType:
    """A module of a package without the package, which would import a browser."""
    place = importlib.util.find_spec(package)
    assert place is not None
    assert place.origin is not None
    spec = importlib.util.spec_from_file_location(name, Path(place.origin).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def function_alone(file: Path, name: str, **given: Any) -> Callable[[str], str | None]:
    """A function of a file that cannot be imported without a browser, with the names it uses."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = next(
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name
    )
    found.decorator_list = []
    scope = dict(given)
    exec(compile(ast.Module([found], []), str(file), "exec"), scope)
    function: Callable[[str], str | None] = scope[name]
    return function


BROWSERS = Path(scrapling.parser.__file__).parent / "engines" / "_browsers" / "_base.py"
detect_cloudflare = function_alone(
    BROWSERS, "_detect_cloudflare", Selector=scrapling.parser.Selector
)
antibot_detector = module_alone("crawl4ai", "antibot_detector")


def response(case: dict[str, Any]) -> SimpleNamespace:
    """What the packages that take a response of requests read of it."""
    return SimpleNamespace(
        status_code=case["status"],
        headers=CaseInsensitiveDict(case["headers"]),
        content=case["body"],
        text=case["body"].decode(),
    )


def of_is_antibot(case: dict[str, Any]) -> Detector:
    headers, text = CaseInsensitiveDict(case["headers"]), case["body"].decode()

    def detect() -> str | None:
        result = is_antibot.is_antibot(headers=headers, html=text, status_code=case["status"])
        return result.provider

    return detect


def of_scrapling(case: dict[str, Any]) -> Detector:
    text = case["body"].decode()
    return lambda: detect_cloudflare(text)


def of_crawl4ai(case: dict[str, Any]) -> Detector:
    text, is_blocked = case["body"].decode(), antibot_detector.is_blocked
    return lambda: "blocked" if is_blocked(case["status"], text)[0] else None


class Quiet:
    """Stands for the session that cloudscraper's detector reports to."""

    debug = False

    def simpleException(self, kind: type[Exception], text: str) -> None:
        raise kind(text)


def of_cloudscraper(case: dict[str, Any]) -> Detector:
    made = response(case)
    detector = cloudscraper.cloudflare.Cloudflare(Quiet())

    def detect() -> str | None:
        try:
            return "challenge" if detector.is_Challenge_Request(made) else None
        except cloudscraper.exceptions.CloudflareException as error:
            return type(error).__name__

    return detect


def of_gallery_dl(case: dict[str, Any]) -> Detector:
    made = response(case)
    return lambda: gallery_dl.util.detect_challenge(made)


PEERS: dict[str, Callable[[dict[str, Any]], Detector]] = {
    "is-antibot": of_is_antibot,
    "Scrapling": of_scrapling,
    "crawl4ai": of_crawl4ai,
    "cloudscraper": of_cloudscraper,
    "gallery-dl": of_gallery_dl,
}
