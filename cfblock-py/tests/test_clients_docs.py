"""Every block of docs/python-clients.md runs, and prints what its comments say."""

from __future__ import annotations

import re

import pytest
from conftest import REPOSITORY, Edge
from test_playwright import LAUNCH

PAGE = REPOSITORY / "docs" / "python-clients.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=range(1, len(BLOCKS) + 1))
def test_block(block: str, edge: Edge, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(block, str(PAGE), "exec"), {"url": edge / "limited", "launch": LAUNCH})
    promised = re.findall(r"\bprint\(.*\)  # (.*)$", block, re.MULTILINE)
    assert promised
    assert capsys.readouterr().out.splitlines() == promised
    assert not edge.early_retries()
