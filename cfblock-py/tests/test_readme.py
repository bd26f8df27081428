"""Every Python block of the README runs, and prints what its comments say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from conftest import REPOSITORY, Edge

if TYPE_CHECKING:
    from collections.abc import Iterator

README = REPOSITORY / "cfblock-py" / "README.md"


def blocks() -> Iterator[tuple[int, str]]:
    """Each Python block with its line."""
    text = README.read_text()
    for block in re.finditer(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield text.count("\n", 0, block.start()) + 1, block.group(1)


@pytest.mark.parametrize(
    ("line", "block"), [pytest.param(*block, id=f"line {block[0]}") for block in blocks()]
)
def test_block(line: int, block: str, edge: Edge, capsys: pytest.CaptureFixture[str]) -> None:
    code = compile("\n" * line + block, str(README), "exec")
    exec(code, {"url": edge / "limited"})
    printed = iter(capsys.readouterr().out.splitlines())
    for promised in re.findall(r"^print\(.*\)  +# (.*)$", block, re.MULTILINE):
        assert promised in printed


def test_every_printed_promise_is_checked() -> None:
    assert sum(block.count("  # ") for _, block in blocks()) >= 8
