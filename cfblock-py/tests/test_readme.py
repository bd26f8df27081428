"""Every Python block of the READMEs runs, and prints what its comments say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY, Edge

READMES = [REPOSITORY / "README.md", REPOSITORY / "cfblock-py" / "README.md"]


def blocks() -> Iterator[Any]:
    """Each Python block, with its file and line."""
    for readme in READMES:
        text = readme.read_text()
        for block in re.finditer(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            line = text.count("\n", 0, block.start()) + 1
            name = f"{readme.relative_to(REPOSITORY)}:{line}"
            yield pytest.param(readme, line, block.group(1), id=name)


@pytest.mark.parametrize(("readme", "line", "block"), list(blocks()))
def test_block(
    readme: Path, line: int, block: str, edge: Edge, capsys: pytest.CaptureFixture[str]
) -> None:
    code = compile("\n" * line + block, str(readme), "exec")
    exec(code, {"url": edge / "limited"})
    printed = capsys.readouterr().out.splitlines()
    for promised in re.findall(r"^print\(.*\)  +# (.*)$", block, re.MULTILINE):
        assert promised in printed


def test_the_readmes_promise_what_is_printed() -> None:
    assert sum(len(re.findall(r"\)  +# ", block.values[2])) for block in blocks()) >= 8
