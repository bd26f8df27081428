"""How fast tables are classified, beside the core's own rate on the same responses.

    python benches/arrow_bench.py [--rows 20000] [--rounds 7]

Needs the package ``cfblock``, pyarrow, and cargo for the core's part. One
thread; the best of some rounds, in which both take turns.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cfblock.arrow
import pyarrow as pa

BENCHES = Path(__file__).parent
BODY = 1500
SCHEMA = pa.schema(
    {
        "status": pa.uint16(),
        "headers": pa.list_(pa.struct({"name": pa.string(), "value": pa.string()})),
        "body": pa.binary(),
        "url": pa.string(),
    }
)


def case(name: str) -> dict[str, Any]:
    """A case of ``cases.json``, as a row."""
    found = next(
        case
        for case in json.loads((BENCHES / "cases" / "cases.json").read_text())
        if case["name"] == name
    )
    return {
        "status": found.get("status"),
        "headers": [{"name": name, "value": value} for name, value in found.get("headers") or []],
        "body": (BENCHES / "cases" / found["body_file"]).read_bytes(),
        "url": found.get("url"),
    }


def workloads() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Rows that are repeated, by the name of the workload."""
    ordinary = case("ordinary")
    page = ordinary | {"body": ordinary["body"][:BODY], "headers": ordinary["headers"][:15]}
    refused = case("origin-403")
    missing = page | {"status": 404}
    yield "200, 15 headers, body of 1.5 kB", [page]
    yield "404, 15 headers, body of 1.5 kB", [missing]
    blocks = [case("error-1020"), case("challenge"), case("error-1015-json")]
    yield "a crawl: 8 % blocked, 8 % missing", [page] * 30 + blocks + [refused] + [missing] * 2
    yield "error 1015, 15 headers, body of 6 kB", [case("error-1015")]


class Core:
    """The example ``core_rate``, which classifies the same rows whenever it is asked."""

    def __init__(self, rows: list[dict[str, Any]], folder: Path) -> None:
        file = folder / "rows.jsonl"
        with file.open("w") as lines:
            for row in rows:
                headers = [[field["name"], field["value"]] for field in row["headers"]]
                json.dump(row | {"headers": headers, "body": row["body"].decode()}, lines)
                lines.write("\n")
        cargo = "cargo run --quiet --release -p cfblock-benches --example core_rate --"
        self._process = subprocess.Popen(
            [*cargo.split(), str(file)],
            cwd=BENCHES,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def seconds(self) -> float:
        """One pass over all rows."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def close(self) -> None:
        """Ends the program."""
        self._process.communicate()


def seconds(batch: pa.RecordBatch) -> float:
    """One classification of the batch."""
    start = time.perf_counter()
    cfblock.arrow.classify(batch)
    return time.perf_counter() - start


def growth(batch: pa.RecordBatch, batches: int = 30) -> int:
    """How many kB the process has grown by after so many batches since the first few."""
    for at in range(batches + 5):
        pa.record_batch(cfblock.arrow.classify(batch))
        if at == 4:
            before = resident()
    return resident() - before


def resident() -> int:
    """The memory of this process in kB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    print("workload | core ns | arrow ns | rows a second | part of the core's rate")
    for name, pattern in workloads():
        rows = [pattern[at % len(pattern)] for at in range(options.rows)]
        batch = pa.RecordBatch.from_pylist(rows, schema=SCHEMA)
        with tempfile.TemporaryDirectory() as folder:
            core = Core(rows, Path(folder))
            times = [(core.seconds(), seconds(batch)) for _ in range(options.rounds)]
            core.close()
        alone, arrow = (min(column) / options.rows * 1e9 for column in zip(*times, strict=True))
        print(f"{name} | {alone:.0f} | {arrow:.0f} | {1e9 / arrow:,.0f} | {alone / arrow:.0%}")
    print(f"memory after 30 more batches: {growth(batch):+} kB")


if __name__ == "__main__":
    main()
