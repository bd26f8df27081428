"""What ``docs/scrapy.md`` says holds: its spiders run, and its table lists the settings."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest
from cfblock.integrations.scrapy.settings import CfblockSettings
from conftest import REPOSITORY, Edge
from scrapy.settings import Settings
from scrapy_harness import PYTHON, Record

PAGE = (REPOSITORY / "docs" / "scrapy.md").read_text(encoding="utf-8")
SPIDERS = {
    match[1]: block
    for block in re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    if (match := re.search(r'name = "(\w+)"', block))
}


def run(name: str, edge: Edge, directory: Path) -> dict[str, Record]:
    """The items of a spider of the page, by the last part of their URL."""
    spider = directory / f"{name}.py"
    spider.write_text(SPIDERS[name].replace("https://", f"{edge.url}/"), encoding="utf-8")
    subprocess.run(
        [PYTHON, "-m", "scrapy", "runspider", str(spider), "-O", "items.jsonl"],
        cwd=directory,
        check=True,
        capture_output=True,
        timeout=120,
    )
    lines = (directory / "items.jsonl").read_text(encoding="utf-8").splitlines()
    items: list[Record] = [json.loads(line) for line in lines]
    return {item["url"].rsplit("/", 1)[-1]: item for item in items}


def test_a_spider_that_reads_verdicts(edge: Edge, tmp_path: Path) -> None:
    assert set(run("shop", edge, tmp_path)) == {"ok"}


def test_a_spider_that_follows_advice(edge: Edge, tmp_path: Path) -> None:
    items = run("polite", edge, tmp_path)
    assert "title" in items["limited"]
    assert "title" in items["about-1020"]
    assert (items["blocked-1020"]["code"], items["blocked-1020"]["next"]) == (1020, "contact_owner")
    assert edge.early_retries() == {}


def test_a_spider_that_hears_of_incidents(edge: Edge, tmp_path: Path) -> None:
    assert set(run("watched", edge, tmp_path)) == {"ok"}


def test_every_spider_of_the_page_is_run() -> None:
    assert set(SPIDERS) == {"shop", "polite", "watched"}


def test_the_table_lists_the_settings_and_their_defaults() -> None:
    rows = dict(re.findall(r"^\| `(CFBLOCK_\w+)` \| `(.+?)` \|", PAGE, re.MULTILINE))
    assert list(rows) == [f"CFBLOCK_{field.name.upper()}" for field in fields(CfblockSettings)]
    stated = {name: ast.literal_eval(default) for name, default in rows.items()}
    assert CfblockSettings.read(Settings(stated)) == CfblockSettings.read(Settings())
    watched = {"CFBLOCK_MONITOR": True}
    assert CfblockSettings.read(Settings(stated | watched)) == CfblockSettings.read(
        Settings(watched)
    )


@pytest.mark.parametrize("word", ["cfblock_skip", "cfblock_act", "cfblock_drop"])
def test_the_members_of_meta_are_named(word: str) -> None:
    assert f"`{word}`" in PAGE
