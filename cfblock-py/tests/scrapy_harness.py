"""Runs one crawl in a process of its own, as each Twisted reactor can run but once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PROGRAM = Path(__file__).with_name("scrapy_crawl.py")
PYTHON = os.environ.get("CFBLOCK_SCRAPY_PYTHON", sys.executable)
"""Another interpreter, with another Scrapy, to run the crawls with."""

Record = dict[str, Any]


@dataclass(frozen=True)
class Crawl:
    """What happened in a crawl, in order."""

    records: list[Record]
    log: str
    exit_status: int

    def of(self, what: str) -> list[Record]:
        return [record for record in self.records if record["what"] == what]

    @property
    def pages(self) -> dict[str, Record]:
        """What callbacks got, by the path."""
        return {urlsplit(page["url"]).path: page for page in self.of("page")}

    @property
    def errors(self) -> dict[str, Record]:
        """What errbacks got, by the path."""
        return {urlsplit(error["url"]).path: error for error in self.of("error")}

    @property
    def stats(self) -> dict[str, int]:
        (record,) = self.of("stats")
        stats: dict[str, int] = record["stats"]
        return stats

    def cfblock_stats(self, prefix: str = "") -> dict[str, int]:
        """The stats below ``cfblock/`` and the prefix, by the rest of their names."""
        start = f"cfblock/{prefix}"
        return {
            name.removeprefix(start): count
            for name, count in self.stats.items()
            if name.startswith(start)
        }


def crawl(*requests: str | Record, diagnose: bool = False, **settings: Any) -> Crawl:
    """Crawls these URLs, or requests as ``scrapy_crawl.py`` describes them."""
    jobs = [{"url": request} if isinstance(request, str) else request for request in requests]
    done = subprocess.run(
        [PYTHON, str(PROGRAM)],
        input=json.dumps({"settings": settings, "requests": jobs, "diagnose": diagnose}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    records = [json.loads(line) for line in done.stdout.splitlines()]
    return Crawl(records, done.stderr, done.returncode)


def at(url: str, host: str, path: str) -> str:
    """The page of a host of its own at the server of this URL."""
    return f"http://{host}:{urlsplit(url).port}{path}"
