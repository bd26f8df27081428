"""No bytes make the extension panic: it answers, or refuses with a TypeError or ValueError."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ITERATIONS = 10_000


@pytest.mark.parametrize("seed", [1, 2])
def test_bytes_made_by_chance(seed: int) -> None:
    program = Path(__file__).with_name("hostile_bytes.py")
    finished = subprocess.run(
        [sys.executable, str(program), str(seed), str(ITERATIONS)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr[-4000:]
    counts = json.loads(finished.stdout)
    assert counts["calls"] == 3 * ITERATIONS
    assert 0 < counts["refused"] < counts["calls"]
