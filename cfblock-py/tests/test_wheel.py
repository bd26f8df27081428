"""What the installed package consists of."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import cfblock


def test_nothing_is_needed_and_nothing_is_imported() -> None:
    needed = [line for line in metadata.requires("cfblock") or [] if "extra ==" not in line]
    assert needed == []
    program = (
        "import sys; before = set(sys.modules); import cfblock; print(*set(sys.modules) - before)"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = {name.split(".")[0] for name in finished.stdout.split()}
    assert not loaded & {"requests", "httpx", "aiohttp", "scrapy", "pyarrow", "redis", "numpy"}


def test_says_what_it_is() -> None:
    about = metadata.metadata("cfblock")
    assert about["Version"] == cfblock.__version__
    assert about["License-Expression"] == "MIT OR Apache-2.0"
    assert about["Requires-Python"] == ">=3.11"
    assert "cfblock" in {point.name for point in metadata.entry_points(group="console_scripts")}


def test_is_typed_and_exports_what_it_names() -> None:
    folder = Path(cfblock.__file__).parent
    assert (folder / "py.typed").exists()
    assert (folder / "_cfblock.pyi").exists()
    assert set(cfblock.__all__) <= set(dir(cfblock))
    for name in cfblock.__all__:
        if not name.startswith("__"):
            assert getattr(cfblock, name).__doc__, name
