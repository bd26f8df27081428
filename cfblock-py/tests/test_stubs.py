"""The types say what the extension does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from conftest import REPOSITORY

PACKAGE = REPOSITORY / "cfblock-py"


def run_module(*arguments: str) -> str:
    """What the module says against it; nothing where all is well."""
    finished = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=PACKAGE,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return "" if finished.returncode == 0 else finished.stdout + finished.stderr


def test_stub_is_that_of_the_extension() -> None:
    assert not run_module("mypy.stubtest", "--concise", "cfblock._cfblock")


def test_package_and_samples_are_checked_strictly() -> None:
    samples = Path(__file__).with_name("typing_samples.py")
    assert not run_module("mypy", "--strict", "--strict-equality", "python/cfblock", str(samples))
