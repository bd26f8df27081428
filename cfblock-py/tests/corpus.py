"""The cases of the corpus, as ``tests/README.md`` describes them."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).resolve().parents[2] / "tests" / "corpus"


@dataclass(frozen=True)
class Case:
    """One response, and what its verdict must say."""

    name: str
    response: dict[str, Any]
    """The arguments of ``cfblock.classify`` that are known, by their names."""
    expect: dict[str, Any]


@cache
def cases() -> list[Case]:
    """Every case, sorted by ``class/name``."""
    files = sorted(CORPUS.glob("*/*/case.json"), key=lambda file: file.parts[-3:])
    return [_load(file) for file in files]


def _load(file: Path) -> Case:
    described = json.loads(file.read_text())
    response = described["input"]
    if "headers" in response:
        response["headers"] = [tuple(pair) for pair in response["headers"]]
    for more in described.get("more_headers", []):
        field = (more["name"], more.get("value", "") * more.get("value_times", 1))
        response.setdefault("headers", []).extend([field] * more.get("times", 1))
    if "time" in response:
        response["now"] = response.pop("time")
    body = _body(file.parent, described.get("body"))
    response |= {"status": response.get("status"), "body": body}
    return Case("/".join(file.parts[-3:-1]), response, described["expect"])


def _body(folder: Path, parts: list[dict[str, Any]] | None) -> bytes | None:
    if parts is not None:
        return b"".join(_part(part) * part.get("times", 1) for part in parts)
    return next((file.read_bytes() for file in folder.glob("body.*")), None)


def _part(part: dict[str, Any]) -> bytes:
    return base64.b64decode(part["base64"]) if "base64" in part else part["text"].encode()
